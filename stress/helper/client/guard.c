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

uint32_t guarded(void (*call)(void *argument), void *argument)
{
    if (setjmp(guard.way_out) != 0)
        return guard.code;
    guard.is_inside = true;
    call(argument);
    guard.is_inside = false;
    return 0;
}
