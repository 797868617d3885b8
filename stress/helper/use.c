#include "objects.h"
#include "verbs.h"

static DWORD take_timeout(struct command *command)
{
    /* -1 becomes INFINITE, which has all bits set. */
    return (DWORD)take_number(command, "timeout", -1, LONG_MAX);
}

static void reply_status(DWORD status, const char *function)
{
    if (status == WAIT_FAILED)
        reply_error(failure_of(function));
    else
        reply_field(status);
}

void verb_wait(struct command *command)
{
    DWORD timeout = take_timeout(command);
    const struct object *object = take_object(command, "slot", KIND_WAITABLE);
    if (end_command(command))
        reply_status(WaitForSingleObject(object->handle, timeout), "WaitForSingleObject");
}

static void wait_for_several(struct command *command, BOOL all)
{
    HANDLE handles[FIELD_LIMIT] = {NULL};
    DWORD count = 0;
    DWORD timeout = take_timeout(command);
    while (has_more(command)) {
        const struct object *object = take_object(command, "slot", KIND_WAITABLE);
        if (object != NULL)
            handles[count++] = object->handle;
    }
    /* None, too many, one twice: that is for the system to refuse. */
    if (end_command(command))
        reply_status(WaitForMultipleObjects(count, handles, all, timeout), "WaitForMultipleObjects");
}

void verb_wait_any(struct command *command)
{
    wait_for_several(command, FALSE);
}

void verb_wait_all(struct command *command)
{
    wait_for_several(command, TRUE);
}

void verb_hold(struct command *command)
{
    const struct object *object = take_object(command, "slot", KIND_WAITABLE);
    if (!end_command(command))
        return;
    DWORD status = WaitForSingleObject(object->handle, INFINITE);
    reply_status(status, "WaitForSingleObject");
    if (status == WAIT_FAILED)
        return;
    reply_send();
    Sleep(INFINITE);
}

void verb_release(struct command *command)
{
    const struct object *object = take_object(command, "slot", KIND_MUTEX | KIND_SEMAPHORE);
    LONG count = 1;
    /* Only a semaphore has a count: for a mutex it is a field too many. */
    if (object != NULL && object->kind == KIND_SEMAPHORE && has_more(command))
        count = (LONG)take_number(command, "count", LONG_MIN, LONG_MAX);
    if (!end_command(command))
        return;
    LONG previous;
    if (object->kind == KIND_MUTEX) {
        if (!ReleaseMutex(object->handle))
            reply_error(failure_of("ReleaseMutex"));
    } else if (ReleaseSemaphore(object->handle, count, &previous)) {
        reply_field(previous);
    } else {
        reply_error(failure_of("ReleaseSemaphore"));
    }
}

void verb_set(struct command *command)
{
    const struct object *event = take_object(command, "slot", KIND_EVENT);
    if (end_command(command) && !SetEvent(event->handle))
        reply_error(failure_of("SetEvent"));
}

void verb_reset(struct command *command)
{
    const struct object *event = take_object(command, "slot", KIND_EVENT);
    if (end_command(command) && !ResetEvent(event->handle))
        reply_error(failure_of("ResetEvent"));
}

static volatile LONG *take_word(struct command *command)
{
    const struct object *section = take_object(command, "slot", KIND_SECTION);
    LONGLONG index = take_number(command, "index", 0, section == NULL ? MAXLONGLONG : (LONGLONG)section->length - 1);
    return command->bad_field == NULL ? section->words + index : NULL;
}

void verb_read(struct command *command)
{
    const volatile LONG *word = take_word(command);
    if (end_command(command))
        reply_field(*word);
}

void verb_write(struct command *command)
{
    volatile LONG *word = take_word(command);
    LONG value = (LONG)take_number(command, "value", LONG_MIN, LONG_MAX);
    if (end_command(command))
        *word = value;
}
