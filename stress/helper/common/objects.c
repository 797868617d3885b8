#include "objects.h"

#include "interlocked.h"
#include "text.h"

#include <string.h>

static struct object slots[SLOTS];

static const struct {
    const char *name;
    enum kind kind;
} kind_names[] = {
    {"mutex", KIND_MUTEX},
    {"semaphore", KIND_SEMAPHORE},
    {"event", KIND_EVENT},
    {"section", KIND_SECTION},
};

enum kind take_kind(struct command *command, unsigned kinds)
{
    const char *name = take_text(command, "kind");
    for (size_t i = 0; i < COUNT_OF(kind_names); i++) {
        if (kind_names[i].kind & kinds && strcmp(name, kind_names[i].name) == 0)
            return kind_names[i].kind;
    }
    reject(command, "kind", "not one that the verb takes");
    return 0;
}

struct object *take_empty_slot(struct command *command)
{
    struct object *slot = &slots[take_number(command, "slot", 0, SLOTS - 1)];
    if (slot->kind != 0)
        reject(command, "slot", "in use");
    return command->bad_field == NULL ? slot : NULL;
}

struct object *find_object(struct command *command, const char *field, const char *slot, unsigned kinds)
{
    int64_t number = 0;
    if (!parse_number(slot, 0, SLOTS - 1, &number))
        reject(command, field, "not a slot number");
    else if (slots[number].kind == 0)
        reject(command, field, "an empty slot");
    else if (!(slots[number].kind & kinds))
        reject(command, field, "another kind of object");
    return command->bad_field == NULL ? &slots[number] : NULL;
}

struct object *take_object(struct command *command, const char *field, unsigned kinds)
{
    return find_object(command, field, take_text(command, field), kinds);
}

size_t take_handles(struct command *command, int32_t handles[FIELD_LIMIT])
{
    size_t count = 0;
    while (has_more(command)) {
        const struct object *object = take_object(command, "slot", KIND_WAITABLE);
        if (object != NULL)
            handles[count++] = object->handle;
    }
    return count;
}

struct object *object_in(int32_t slot)
{
    return slot >= 0 && slot < SLOTS && slots[slot].kind != 0 ? &slots[slot] : NULL;
}

bool has_layout(const struct view *view, size_t bytes, uint64_t fingerprint)
{
    if (view->length < bytes / sizeof *view->words)
        return false;
    uint64_t found = interlocked_compare_exchange_64((volatile uint64_t *)view->words, fingerprint, 0);
    return found == 0 || found == fingerprint;
}

struct failure keep(struct object *slot, enum kind kind, int32_t handle)
{
    struct object object = {.kind = kind, .handle = handle};
    if (kind == KIND_SECTION) {
        struct failure failure = map_section(handle, &object.view);
        if (failure.function != NULL)
            return failure;
    }
    *slot = object;
    return success;
}

struct failure let_go(struct object *slot)
{
    /* First what can fail, which is closing an adopted handle that is gone; then the slot stays as it was. */
    struct failure failure = close_handle(slot->handle);
    if (failure.function != NULL)
        return failure;
    if (slot->kind == KIND_SECTION)
        unmap_section(slot->view);
    *slot = (struct object){0};
    return success;
}

struct failure give_back(const struct object *object)
{
    if (object->kind == KIND_MUTEX)
        return release_mutex(object->handle);
    int32_t previous;
    return object->kind == KIND_SEMAPHORE ? release_semaphore(object->handle, 1, &previous) : set_event(object->handle);
}
