#include "objects.h"

#include "errors.h"
#include "mutex.h"
#include "references.h"
#include "shared_file.h"
#include "word.h"

#include <string.h>

uint32_t used_objects(void)
{
    uint32_t used = load(&arena->header.objects_used);
    uint32_t backed = load(&arena->header.objects_backed);
    uint32_t most = backed < OBJECT_CAPACITY ? backed : OBJECT_CAPACITY;
    used = used < most ? used : most;
    return used > 0 ? used : 1;
}

uint32_t index_of(const struct shared *object)
{
    return (uint32_t)(object - arena->objects);
}

bool exists(const struct shared *object)
{
    return object->kind > SHARED_FREE && object->kind < SHARED_ORPHAN;
}

static uint32_t *bucket_of(const uint32_t digest[8])
{
    return &arena->buckets[digest[0] % BUCKET_COUNT];
}

/* What a link leads to; NULL at the end, and where it leads nowhere. */
static struct shared *follow(uint32_t link)
{
    return link > 1 && link - 1 < used_objects() ? &arena->objects[link - 1] : NULL;
}

static bool is_named(const struct shared *object, const uint32_t digest[8])
{
    return exists(object) && (object->flags & NAMED) != 0 && memcmp(object->digest, digest, sizeof object->digest) == 0;
}

struct shared *find_named(const uint32_t digest[8])
{
    struct shared *object = follow(*bucket_of(digest));
    /* A chain that somebody has bent into a ring must not hold up everybody. */
    for (uint32_t steps = 0; object != NULL && steps < OBJECT_CAPACITY; steps++) {
        if (is_named(object, digest))
            return object;
        object = follow(object->chain);
    }
    return NULL;
}

struct failure take_free_object(struct shared **object)
{
    struct header *header = &arena->header;
    *object = follow(header->free_object);
    if (*object != NULL) {
        header->free_object = (*object)->chain;
    } else {
        uint32_t used = used_objects();
        if (used == OBJECT_CAPACITY)
            return (struct failure){"posix_fallocate", OUT_OF_MEMORY};
        struct failure failure = back_objects(used + 1);
        if (failure.function != NULL)
            return failure;
        header->objects_used = used + 1;
        *object = &arena->objects[used];
    }
    uint32_t generation = ((*object)->generation + 1) & 0x7fffffff;
    memset(*object, 0, sizeof **object);
    (*object)->generation = generation;
    return success;
}

static void enter(struct shared *object)
{
    uint32_t *bucket = bucket_of(object->digest);
    object->chain = *bucket;
    *bucket = index_of(object) + 1;
}

static void leave(const struct shared *object)
{
    uint32_t *link = bucket_of(object->digest);
    for (uint32_t steps = 0; steps < OBJECT_CAPACITY; steps++) {
        struct shared *next = follow(*link);
        if (next == NULL)
            return;
        if (next == object) {
            *link = object->chain;
            return;
        }
        link = &next->chain;
    }
}

void publish(struct shared *object, enum shared_kind kind, const uint32_t digest[8])
{
    memcpy(object->digest, digest, sizeof object->digest);
    object->flags = NAMED;
    /* Killed before it, the slot is found free by the repair; after it, as an object that nobody refers to. */
    store(&object->kind, kind);
    enter(object);
}

void give_back_object(struct shared *object)
{
    store(&object->kind, SHARED_FREE);
    object->chain = arena->header.free_object;
    arena->header.free_object = index_of(object) + 1;
}

static void remove_section(const struct shared *object)
{
    char path[PATH_LIMIT];
    section_path(path, index_of(object), object->generation);
    remove_file(path);
}

void free_object(struct shared *object)
{
    if ((object->flags & NAMED) != 0)
        leave(object);
    if (object->kind == SHARED_SECTION)
        remove_section(object);
    if (object->kind == SHARED_MUTEX && is_own_mutex(object))
        let_go_of_mutex(object);
    if (object->kind == SHARED_MUTEX && is_owned(object)) {
        /* It stands in a living thread's list: used again, the thread's death would mark the new object. */
        arena->header.orphans++;
        store(&object->kind, SHARED_ORPHAN);
        return;
    }
    give_back_object(object);
}

void free_orphans(void)
{
    if (arena->header.orphans == 0)
        return;
    for (uint32_t index = 1; index < used_objects(); index++) {
        struct shared *object = &arena->objects[index];
        if (object->kind != SHARED_ORPHAN || is_owned(object))
            continue;
        arena->header.orphans--;
        give_back_object(object);
    }
}

static void rebuild_object(struct shared *object)
{
    if (object->kind == SHARED_ORPHAN) {
        arena->header.orphans++;
    } else if (exists(object)) {
        if ((object->flags & NAMED) != 0)
            enter(object);
        if (object->references == 0)
            free_object(object);
    } else {
        give_back_object(object);
    }
}

void rebuild_objects(void)
{
    memset(arena->buckets, 0, sizeof arena->buckets);
    arena->header.free_object = 0;
    arena->header.orphans = 0;
    for (uint32_t index = 1; index < used_objects(); index++)
        arena->objects[index].references = 0;
    rebuild_references();
    /* Free slots at the end are as if they had never been used: whoever goes through all has the less to do. */
    uint32_t used = used_objects();
    while (used > 1 && arena->objects[used - 1].kind == SHARED_FREE)
        used--;
    arena->header.objects_used = used;
    for (uint32_t index = 1; index < used_objects(); index++)
        rebuild_object(&arena->objects[index]);
    free_orphans();
}
