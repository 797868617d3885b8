#include "call.h"

enum {
    MUTEX_RIGHTS = SYNCHRONIZE | MUTEX_MODIFY_STATE,
    SEMAPHORE_RIGHTS = SYNCHRONIZE | SEMAPHORE_MODIFY_STATE,
    EVENT_RIGHTS = SYNCHRONIZE | EVENT_MODIFY_STATE,
    SECTION_RIGHTS = FILE_MAP_READ | FILE_MAP_WRITE
};

static struct failure made(HANDLE handle, const char *function, struct created *created)
{
    if (handle == NULL)
        return failure_of(function);
    *created = (struct created){narrow(handle), GetLastError() != ERROR_ALREADY_EXISTS};
    return success;
}

struct failure create_mutex(const uint16_t *name, bool initially_owned, struct created *created)
{
    DWORD flags = initially_owned ? CREATE_MUTEX_INITIAL_OWNER : 0;
    return made(CreateMutexExW(NULL, name, flags, MUTEX_RIGHTS), "CreateMutexExW", created);
}

struct failure create_semaphore(const uint16_t *name, int32_t initial, int32_t maximum, struct created *created)
{
    return made(CreateSemaphoreExW(NULL, initial, maximum, name, 0, SEMAPHORE_RIGHTS), "CreateSemaphoreExW", created);
}

struct failure create_event(const uint16_t *name, bool manual_reset, bool initial_state, struct created *created)
{
    DWORD flags = manual_reset ? CREATE_EVENT_MANUAL_RESET : 0;
    flags |= initial_state ? CREATE_EVENT_INITIAL_SET : 0;
    return made(CreateEventExW(NULL, name, flags, EVENT_RIGHTS), "CreateEventExW", created);
}

struct failure create_section(const uint16_t *name, int64_t bytes, struct created *created)
{
    LARGE_INTEGER size = {.QuadPart = bytes};
    HANDLE handle = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, (DWORD)size.HighPart, size.LowPart, name);
    return made(handle, "CreateFileMappingW", created);
}

static struct failure opened(HANDLE opened, const char *function, int32_t *handle)
{
    if (opened == NULL)
        return failure_of(function);
    *handle = narrow(opened);
    return success;
}

struct failure open_object(enum kind kind, const uint16_t *name, int32_t *handle)
{
    if (kind == KIND_MUTEX)
        return opened(OpenMutexW(MUTEX_RIGHTS, FALSE, name), "OpenMutexW", handle);
    if (kind == KIND_SEMAPHORE)
        return opened(OpenSemaphoreW(SEMAPHORE_RIGHTS, FALSE, name), "OpenSemaphoreW", handle);
    if (kind == KIND_EVENT)
        return opened(OpenEventW(EVENT_RIGHTS, FALSE, name), "OpenEventW", handle);
    return opened(OpenFileMappingW(SECTION_RIGHTS, FALSE, name), "OpenFileMappingW", handle);
}

struct failure check_handle(enum kind kind, int32_t handle)
{
    (void)kind; /* of another kind it fails when it is used */
    DWORD flags;
    return outcome_of(GetHandleInformation(wide(handle), &flags), "GetHandleInformation");
}

struct failure pseudo_handle(int32_t *handle)
{
    *handle = narrow(GetCurrentProcess());
    return success;
}

struct failure close_handle(int32_t handle)
{
    return outcome_of(CloseHandle(wide(handle)), "CloseHandle");
}

struct failure release_mutex(int32_t mutex)
{
    return outcome_of(ReleaseMutex(wide(mutex)), "ReleaseMutex");
}

struct failure release_semaphore(int32_t semaphore, int32_t count, int32_t *previous)
{
    LONG before;
    if (!ReleaseSemaphore(wide(semaphore), count, &before))
        return failure_of("ReleaseSemaphore");
    *previous = before;
    return success;
}

struct failure set_event(int32_t event)
{
    return outcome_of(SetEvent(wide(event)), "SetEvent");
}

struct failure reset_event(int32_t event)
{
    return outcome_of(ResetEvent(wide(event)), "ResetEvent");
}
