#include "call.h"

static struct failure outcome_of_wait(DWORD outcome, const char *function, uint32_t *status)
{
    if (outcome == WAIT_FAILED)
        return failure_of(function);
    *status = outcome;
    return success;
}

struct failure wait_for_one(int32_t handle, uint32_t timeout, uint32_t *status)
{
    return outcome_of_wait(WaitForSingleObject(wide(handle), timeout), "WaitForSingleObject", status);
}

struct failure signal_and_wait(int32_t to_signal, int32_t to_wait_for, uint32_t timeout, uint32_t *status)
{
    return outcome_of_wait(SignalObjectAndWait(wide(to_signal), wide(to_wait_for), timeout, FALSE), "SignalObjectAndWait", status);
}

static const char several[] = "WaitForMultipleObjects";

static struct failure wait_for_several(const int32_t *handles, size_t count, BOOL all, uint32_t timeout, uint32_t *status)
{
    HANDLE wides[MAXIMUM_WAIT_OBJECTS];
    /* None at all is left to Windows to refuse. */
    if (count > MAXIMUM_WAIT_OBJECTS)
        return (struct failure){several, ERROR_INVALID_PARAMETER};
    for (size_t i = 0; i < count; i++)
        wides[i] = wide(handles[i]);
    return outcome_of_wait(WaitForMultipleObjects((DWORD)count, wides, all, timeout), several, status);
}

struct failure wait_for_any(const int32_t *handles, size_t count, uint32_t timeout, uint32_t *status)
{
    return wait_for_several(handles, count, FALSE, timeout, status);
}

static bool has_twins(const int32_t *handles, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t other = 0; other < i; other++) {
            if (handles[i] == handles[other])
                return true;
        }
    }
    return false;
}

struct failure wait_for_all(const int32_t *handles, size_t count, uint32_t timeout, uint32_t *status)
{
    /* Windows refuses it; wineserver crashes. */
    if (has_twins(handles, count))
        return (struct failure){several, ERROR_INVALID_PARAMETER};
    return wait_for_several(handles, count, TRUE, timeout, status);
}
