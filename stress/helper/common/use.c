#include "objects.h"
#include "process.h"
#include "verbs.h"

static uint32_t take_timeout(struct command *command)
{
    /* -1 becomes FOR_EVER, which has all bits set. */
    return (uint32_t)take_number(command, "timeout", -1, INT32_MAX);
}

void verb_wait(struct command *command)
{
    uint32_t timeout = take_timeout(command);
    const struct object *object = take_object(command, "slot", KIND_WAITABLE);
    uint32_t status;
    if (end_command(command) && reply_success(wait_for_one(object->handle, timeout, &status)))
        reply_field(status);
}

typedef struct failure wait_for_several(const int32_t *handles, size_t count, uint32_t timeout, uint32_t *status);

static void wait_with(struct command *command, wait_for_several *wait)
{
    uint32_t timeout = take_timeout(command);
    int32_t handles[FIELD_LIMIT];
    size_t count = take_handles(command, handles);
    uint32_t status;
    if (end_command(command) && reply_success(wait(handles, count, timeout, &status)))
        reply_field(status);
}

void verb_wait_any(struct command *command)
{
    wait_with(command, wait_for_any);
}

void verb_wait_all(struct command *command)
{
    wait_with(command, wait_for_all);
}

void verb_hold(struct command *command)
{
    const struct object *object = take_object(command, "slot", KIND_WAITABLE);
    uint32_t status;
    if (!end_command(command) || !reply_success(wait_for_one(object->handle, FOR_EVER, &status)))
        return;
    reply_field(status);
    reply_send();
    sleep_for_ever();
}

void verb_release(struct command *command)
{
    const struct object *object = take_object(command, "slot", KIND_MUTEX | KIND_SEMAPHORE);
    int32_t count = 1;
    /* Only a semaphore has a count: for a mutex it is a field too many. */
    if (object != NULL && object->kind == KIND_SEMAPHORE && has_more(command))
        count = (int32_t)take_number(command, "count", INT32_MIN, INT32_MAX);
    if (!end_command(command))
        return;
    int32_t previous;
    if (object->kind == KIND_MUTEX)
        reply_success(release_mutex(object->handle));
    else if (reply_success(release_semaphore(object->handle, count, &previous)))
        reply_field(previous);
}

void verb_set(struct command *command)
{
    const struct object *event = take_object(command, "slot", KIND_EVENT);
    if (end_command(command))
        reply_success(set_event(event->handle));
}

void verb_reset(struct command *command)
{
    const struct object *event = take_object(command, "slot", KIND_EVENT);
    if (end_command(command))
        reply_success(reset_event(event->handle));
}

static volatile int32_t *take_word(struct command *command)
{
    const struct object *section = take_object(command, "slot", KIND_SECTION);
    int64_t index = take_number(command, "index", 0, section == NULL ? INT64_MAX : (int64_t)section->view.length - 1);
    return command->bad_field == NULL ? section->view.words + index : NULL;
}

void verb_read(struct command *command)
{
    const volatile int32_t *word = take_word(command);
    if (end_command(command))
        reply_field(*word);
}

void verb_write(struct command *command)
{
    volatile int32_t *word = take_word(command);
    int32_t value = (int32_t)take_number(command, "value", INT32_MIN, INT32_MAX);
    if (end_command(command))
        *word = value;
}
