#include "objects.h"

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
    for (size_t i = 0; i < ARRAYSIZE(kind_names); i++) {
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
    LONGLONG number = 0;
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

static struct failure map(struct object *section)
{
    void *view = MapViewOfFile(section->handle, FILE_MAP_READ | FILE_MAP_WRITE, 0, 0, 0);
    if (view == NULL)
        return failure_of("MapViewOfFile");
    /* The size that was asked for says nothing about a section that existed before. */
    MEMORY_BASIC_INFORMATION region;
    if (VirtualQuery(view, &region, sizeof region) == 0) {
        struct failure failure = failure_of("VirtualQuery");
        UnmapViewOfFile(view);
        return failure;
    }
    section->words = view;
    section->length = region.RegionSize / sizeof *section->words;
    return (struct failure){0};
}

struct failure keep(struct object *slot, enum kind kind, HANDLE handle, const char *function)
{
    if (handle == NULL)
        return failure_of(function);
    struct object object = {.kind = kind, .handle = handle};
    if (kind == KIND_SECTION) {
        struct failure failure = map(&object);
        if (failure.function != NULL) {
            CloseHandle(handle);
            return failure;
        }
    }
    *slot = object;
    return (struct failure){0};
}

struct failure let_go(struct object *slot)
{
    /* First what can fail, which is closing an adopted handle that is gone; then the slot stays as it was. */
    if (!CloseHandle(slot->handle))
        return failure_of("CloseHandle");
    if (slot->kind == KIND_SECTION)
        UnmapViewOfFile((void *)slot->words);
    *slot = (struct object){0};
    return (struct failure){0};
}

struct failure give_back(const struct object *object)
{
    if (object->kind == KIND_MUTEX && !ReleaseMutex(object->handle))
        return failure_of("ReleaseMutex");
    if (object->kind == KIND_SEMAPHORE && !ReleaseSemaphore(object->handle, 1, NULL))
        return failure_of("ReleaseSemaphore");
    if (object->kind == KIND_EVENT && !SetEvent(object->handle))
        return failure_of("SetEvent");
    return (struct failure){0};
}
