/* What a call of kernel32 tells, and handles as it has them. */
#pragma once
#include "../common/kernel.h"

#include <windows.h>

/* To be called before anything else can change the thread's last error. */
static inline struct failure failure_of(const char *function)
{
    return (struct failure){function, GetLastError()};
}

static inline struct failure outcome_of(BOOL succeeded, const char *function)
{
    return succeeded ? success : failure_of(function);
}

static inline HANDLE wide(int32_t handle)
{
    return (HANDLE)(LONG_PTR)handle;
}

/* Windows promises that nothing gets lost. */
static inline int32_t narrow(HANDLE handle)
{
    return (int32_t)(LONG_PTR)handle;
}
