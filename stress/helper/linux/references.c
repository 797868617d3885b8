#include "references.h"

#include "clients.h"
#include "errors.h"
#include "objects.h"
#include "shared_file.h"
#include "word.h"

static uint32_t own_process(void)
{
    return arena->clients[own_client].process_id;
}

uint32_t used_references(void)
{
    uint32_t used = load(&arena->header.references_used);
    uint32_t backed = load(&arena->header.references_backed);
    uint32_t most = backed < REFERENCE_CAPACITY ? backed : REFERENCE_CAPACITY;
    return used < most ? used : most;
}

static struct failure take_slot(uint32_t *index)
{
    struct header *header = &arena->header;
    uint32_t free = header->free_reference, used = header->references_used;
    if (free != 0 && free - 1 < used_references()) {
        *index = free - 1;
        header->free_reference = arena->references[*index].next_free;
        return success;
    }
    if (used >= REFERENCE_CAPACITY)
        return (struct failure){"posix_fallocate", OUT_OF_MEMORY};
    struct failure failure = back_references(used + 1);
    if (failure.function == NULL) {
        *index = used;
        header->references_used = used + 1;
    }
    return failure;
}

/* A handle has no room for the whole count. */
static uint32_t in_handle(uint32_t generation)
{
    return generation % GENERATIONS + 1;
}

struct failure add_reference(uint32_t object, uint32_t access, int32_t *handle)
{
    uint32_t index;
    struct failure failure = take_slot(&index);
    if (failure.function != NULL)
        return failure;
    struct reference *reference = &arena->references[index];
    reference->client = own_client;
    reference->access = access;
    reference->flags = 0;
    reference->generation = (reference->generation + 1) & INT32_MAX;
    reference->owner_process_id = own_process();
    arena->objects[object].references++;
    /* Last: killed before it, the slot is found free by the repair; after it, the reference dies with this thread. */
    store(&reference->object, object + 1);
    *handle = (int32_t)(index | in_handle(reference->generation) << REFERENCE_BITS);
    return success;
}

struct reference *find_reference(int32_t handle)
{
    uint32_t index = (uint32_t)handle & (REFERENCE_CAPACITY - 1);
    uint32_t generation = (uint32_t)handle >> REFERENCE_BITS;
    if (arena == NULL || index >= used_references())
        return NULL;
    struct reference *reference = &arena->references[index];
    uint32_t object = load(&reference->object);
    bool stands = object != 0 && object - 1 < used_objects() && in_handle(reference->generation) == generation;
    return stands && reference->owner_process_id == own_process() ? reference : NULL;
}

void close_reference(struct reference *reference)
{
    uint32_t object = reference->object;
    /* First: killed after it, the object's count is too high until the repair. */
    store(&reference->object, 0);
    reference->next_free = arena->header.free_reference;
    arena->header.free_reference = (uint32_t)(reference - arena->references) + 1;
    if (object < 2 || object - 1 >= used_objects())
        return;
    struct shared *referred = &arena->objects[object - 1];
    if (referred->references > 0)
        referred->references--;
    if (referred->references == 0)
        free_object(referred);
}

void close_references_of(uint32_t client)
{
    for (uint32_t index = 0; index < used_references(); index++) {
        struct reference *reference = &arena->references[index];
        if (reference->object != 0 && reference->client == client)
            close_reference(reference);
    }
}

static bool refers(const struct reference *reference)
{
    uint32_t object = reference->object;
    return object > 1 && object - 1 < used_objects() && exists(&arena->objects[object - 1]) && client_lives(reference->client);
}

void rebuild_references(void)
{
    uint32_t used = used_references();
    while (used > 0 && !refers(&arena->references[used - 1]))
        store(&arena->references[--used].object, 0);
    arena->header.references_used = used;
    uint32_t free = 0;
    for (uint32_t index = used_references(); index-- > 0;) {
        struct reference *reference = &arena->references[index];
        if (refers(reference)) {
            arena->objects[reference->object - 1].references++;
            continue;
        }
        store(&reference->object, 0);
        reference->next_free = free;
        free = index + 1;
    }
    arena->header.free_reference = free;
}
