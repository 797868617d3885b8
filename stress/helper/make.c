#include "objects.h"
#include "verbs.h"

/* The least that waiting and giving back need: a scenario must not pass by rights that a user's program lacks. */
enum {
    MUTEX_RIGHTS = SYNCHRONIZE | MUTEX_MODIFY_STATE,
    SEMAPHORE_RIGHTS = SYNCHRONIZE | SEMAPHORE_MODIFY_STATE,
    EVENT_RIGHTS = SYNCHRONIZE | EVENT_MODIFY_STATE,
    SECTION_RIGHTS = FILE_MAP_READ | FILE_MAP_WRITE
};

static void keep_created(struct object *slot, enum kind kind, HANDLE handle, const char *function)
{
    BOOL created_new = GetLastError() != ERROR_ALREADY_EXISTS;
    struct failure failure = keep(slot, kind, handle, function);
    if (failure.function != NULL)
        reply_error(failure);
    else
        reply_field(created_new);
}

static void keep_opened(struct object *slot, enum kind kind, HANDLE handle, const char *function)
{
    struct failure failure = keep(slot, kind, handle, function);
    if (failure.function != NULL)
        reply_error(failure);
}

static void create_mutex(struct command *command, struct object *slot, const WCHAR *name)
{
    DWORD flags = take_number(command, "initially owned", 0, 1) ? CREATE_MUTEX_INITIAL_OWNER : 0;
    if (end_command(command))
        keep_created(slot, KIND_MUTEX, CreateMutexExW(NULL, name, flags, MUTEX_RIGHTS), "CreateMutexExW");
}

static void create_semaphore(struct command *command, struct object *slot, const WCHAR *name)
{
    LONG initial = (LONG)take_number(command, "initial count", LONG_MIN, LONG_MAX);
    LONG maximum = (LONG)take_number(command, "maximum count", LONG_MIN, LONG_MAX);
    if (end_command(command))
        keep_created(slot, KIND_SEMAPHORE, CreateSemaphoreExW(NULL, initial, maximum, name, 0, SEMAPHORE_RIGHTS),
                     "CreateSemaphoreExW");
}

static void create_event(struct command *command, struct object *slot, const WCHAR *name)
{
    DWORD flags = take_number(command, "manual reset", 0, 1) ? CREATE_EVENT_MANUAL_RESET : 0;
    flags |= take_number(command, "initial state", 0, 1) ? CREATE_EVENT_INITIAL_SET : 0;
    if (end_command(command))
        keep_created(slot, KIND_EVENT, CreateEventExW(NULL, name, flags, EVENT_RIGHTS), "CreateEventExW");
}

static void create_section(struct command *command, struct object *slot, const WCHAR *name)
{
    ULARGE_INTEGER size = {.QuadPart = (ULONGLONG)take_number(command, "bytes", 0, MAXLONGLONG)};
    if (end_command(command))
        keep_created(slot, KIND_SECTION,
                     CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, size.HighPart, size.LowPart, name),
                     "CreateFileMappingW");
}

void verb_create(struct command *command)
{
    enum kind kind = take_kind(command, KIND_ANY);
    struct object *slot = take_empty_slot(command);
    const WCHAR *name = take_name(command);
    if (kind == KIND_MUTEX)
        create_mutex(command, slot, name);
    else if (kind == KIND_SEMAPHORE)
        create_semaphore(command, slot, name);
    else if (kind == KIND_EVENT)
        create_event(command, slot, name);
    else if (kind == KIND_SECTION)
        create_section(command, slot, name);
    else
        end_command(command);
}

void verb_open(struct command *command)
{
    enum kind kind = take_kind(command, KIND_ANY);
    struct object *slot = take_empty_slot(command);
    const WCHAR *name = take_name(command);
    if (!end_command(command))
        return;
    if (kind == KIND_MUTEX)
        keep_opened(slot, kind, OpenMutexW(MUTEX_RIGHTS, FALSE, name), "OpenMutexW");
    else if (kind == KIND_SEMAPHORE)
        keep_opened(slot, kind, OpenSemaphoreW(SEMAPHORE_RIGHTS, FALSE, name), "OpenSemaphoreW");
    else if (kind == KIND_EVENT)
        keep_opened(slot, kind, OpenEventW(EVENT_RIGHTS, FALSE, name), "OpenEventW");
    else
        keep_opened(slot, kind, OpenFileMappingW(SECTION_RIGHTS, FALSE, name), "OpenFileMappingW");
}

void verb_adopt(struct command *command)
{
    enum kind kind = take_kind(command, KIND_WAITABLE);
    struct object *slot = take_empty_slot(command);
    LONG value = (LONG)take_number(command, "handle", LONG_MIN, LONG_MAX);
    if (!end_command(command))
        return;
    HANDLE handle = (HANDLE)(LONG_PTR)value;
    DWORD flags;
    if (!GetHandleInformation(handle, &flags))
        reply_error(failure_of("GetHandleInformation"));
    else
        keep_opened(slot, kind, handle, "GetHandleInformation");
}

void verb_handle(struct command *command)
{
    const struct object *object = take_object(command, "slot", KIND_ANY);
    if (end_command(command))
        reply_field((LONG)(LONG_PTR)object->handle);
}

void verb_close(struct command *command)
{
    struct object *object = take_object(command, "slot", KIND_ANY);
    if (!end_command(command))
        return;
    struct failure failure = let_go(object);
    if (failure.function != NULL)
        reply_error(failure);
}
