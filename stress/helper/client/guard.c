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
/* An exception frame as Microsoft's compiler makes them: setjmp reads the end of the innermost one, which others lack. koffi's stands at the very end of its stack. */
struct frame {
    struct frame *outer;
    EXCEPTION_DISPOSITION(__cdecl *handler)(EXCEPTION_RECORD *exception, void *frame, CONTEXT *context, void *dispatcher);
    void *scopes;
    int32_t level;
};

static EXCEPTION_DISPOSITION __cdecl pass_on(EXCEPTION_RECORD *exception, void *frame, CONTEXT *context, void *dispatcher)
{
    (void)exception, (void)frame, (void)context, (void)dispatcher;
    return ExceptionContinueSearch;
}

uint32_t guarded(void (*call)(void *argument), void *argument)
{
    struct frame frame = {(struct frame *)__readfsdword(0), pass_on, NULL, -1};
    __writefsdword(0, (DWORD)&frame);
    uint32_t code = attempt(call, argument);
    __writefsdword(0, (DWORD)frame.outer);
    return code;
}
#else
uint32_t guarded(void (*call)(void *argument), void *argument)
{
    return attempt(call, argument);
}
#endif
