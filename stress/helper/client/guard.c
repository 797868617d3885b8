#include "guard.h"

#include <windows.h>

#include <setjmp.h>
#include <stdbool.h>

/* RPC's exceptions have Win32 error numbers for codes; all others are larger, and not for us to catch. */
enum { LARGEST_ERROR = 0xffff };

static _Thread_local struct {
    bool is_inside;
    jmp_buf way_out;
    DWORD code;
} guard;

/* Sees the exceptions of all threads, before any other handler. The jump unwinds as a handler's end would, so that RPC cleans up after itself. */
static LONG CALLBACK leave(EXCEPTION_POINTERS *exception)
{
    DWORD code = exception->ExceptionRecord->ExceptionCode;
    if (!guard.is_inside || code > LARGEST_ERROR)
        return EXCEPTION_CONTINUE_SEARCH;
    guard.is_inside = false;
    guard.code = code;
    longjmp(guard.way_out, 1);
}

__attribute__((constructor)) static void watch(void)
{
    AddVectoredExceptionHandler(1, leave);
}

static uint32_t attempt(void (*call)(void *argument), void *argument)
{
    if (setjmp(guard.way_out) != 0)
        return guard.code;
    guard.is_inside = true;
    call(argument);
    guard.is_inside = false;
    return 0;
}

#ifdef __i386__

/* As large as those of a compiler with __try. */
struct registration {
    EXCEPTION_REGISTRATION_RECORD record;
    DWORD more[4];
};

static EXCEPTION_DISPOSITION __cdecl look_further(EXCEPTION_RECORD *exception, void *registration, CONTEXT *context, void *dispatcher)
{
    (void)exception, (void)registration, (void)context, (void)dispatcher;
    return ExceptionContinueSearch;
}

/* Here setjmp looks into the last registration and takes it for one of a compiler's. koffi puts a smaller one at the very top of its stack, beyond which there is no memory. */
uint32_t guarded(void (*call)(void *argument), void *argument)
{
    NT_TIB *thread;
    __asm__("movl %%fs:0x18, %0" : "=r"(thread)); /* NtCurrentTeb, which GCC 12 warns of */
    volatile struct registration own = {.record = {.Next = thread->ExceptionList, .Handler = (PEXCEPTION_ROUTINE)look_further}};
    thread->ExceptionList = (EXCEPTION_REGISTRATION_RECORD *)&own.record;
    uint32_t code = attempt(call, argument);
    thread->ExceptionList = own.record.Next;
    return code;
}

#else

uint32_t guarded(void (*call)(void *argument), void *argument)
{
    return attempt(call, argument);
}

#endif
