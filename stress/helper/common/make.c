#include "objects.h"
#include "verbs.h"

/* Puts a handle that this peer has just made into the slot, or closes it again. */
static bool keep_own(struct object *slot, enum kind kind, int32_t handle)
{
    if (reply_success(keep(slot, kind, handle)))
        return true;
    close_handle(handle);
    return false;
}

static void keep_created(struct object *slot, enum kind kind, struct failure failure, struct created created)
{
    if (reply_success(failure) && keep_own(slot, kind, created.handle))
        reply_field(created.new);
}

static void make_mutex(struct command *command, struct object *slot, const uint16_t *name)
{
    bool initially_owned = take_number(command, "initially owned", 0, 1) == 1;
    struct created created;
    if (!end_command(command))
        return;
    struct failure failure = create_mutex(name, initially_owned, &created);
    keep_created(slot, KIND_MUTEX, failure, created);
}

static void make_semaphore(struct command *command, struct object *slot, const uint16_t *name)
{
    int32_t initial = (int32_t)take_number(command, "initial count", INT32_MIN, INT32_MAX);
    int32_t maximum = (int32_t)take_number(command, "maximum count", INT32_MIN, INT32_MAX);
    struct created created;
    if (!end_command(command))
        return;
    struct failure failure = create_semaphore(name, initial, maximum, &created);
    keep_created(slot, KIND_SEMAPHORE, failure, created);
}

static void make_event(struct command *command, struct object *slot, const uint16_t *name)
{
    bool manual_reset = take_number(command, "manual reset", 0, 1) == 1;
    bool initial_state = take_number(command, "initial state", 0, 1) == 1;
    struct created created;
    if (!end_command(command))
        return;
    struct failure failure = create_event(name, manual_reset, initial_state, &created);
    keep_created(slot, KIND_EVENT, failure, created);
}

static void make_section(struct command *command, struct object *slot, const uint16_t *name)
{
    int64_t bytes = take_number(command, "bytes", 0, INT64_MAX);
    struct created created;
    if (!end_command(command))
        return;
    struct failure failure = create_section(name, bytes, &created);
    keep_created(slot, KIND_SECTION, failure, created);
}

void verb_create(struct command *command)
{
    enum kind kind = take_kind(command, KIND_ANY);
    struct object *slot = take_empty_slot(command);
    const uint16_t *name = take_name(command);
    if (kind == KIND_MUTEX)
        make_mutex(command, slot, name);
    else if (kind == KIND_SEMAPHORE)
        make_semaphore(command, slot, name);
    else if (kind == KIND_EVENT)
        make_event(command, slot, name);
    else if (kind == KIND_SECTION)
        make_section(command, slot, name);
    else
        end_command(command);
}

void verb_open(struct command *command)
{
    enum kind kind = take_kind(command, KIND_ANY);
    struct object *slot = take_empty_slot(command);
    const uint16_t *name = take_name(command);
    int32_t handle;
    if (end_command(command) && reply_success(open_object(kind, name, &handle)))
        keep_own(slot, kind, handle);
}

void verb_adopt(struct command *command)
{
    enum kind kind = take_kind(command, KIND_ANY);
    struct object *slot = take_empty_slot(command);
    int32_t handle = (int32_t)take_number(command, "handle", INT32_MIN, UINT32_MAX);
    if (end_command(command) && reply_success(check_handle(kind, handle)))
        reply_success(keep(slot, kind, handle));
}

void verb_handle(struct command *command)
{
    const struct object *object = take_object(command, "slot", KIND_ANY);
    if (end_command(command))
        reply_field(object->handle);
}

void verb_pseudo_handle(struct command *command)
{
    int32_t handle;
    if (end_command(command) && reply_success(pseudo_handle(&handle)))
        reply_field((uint32_t)handle);
}

void verb_close(struct command *command)
{
    struct object *object = take_object(command, "slot", KIND_ANY);
    if (end_command(command))
        reply_success(let_go(object));
}
