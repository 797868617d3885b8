#include "errors.h"
#include "impatience.h"
#include "namespace.h"
#include "robust.h"
#include "shared_file.h"
#include "waitable.h"
#include "waits.h"
#include "word.h"

static const char function[] = "WaitForMultipleObjects";

static bool has_twins(struct shared *const *objects, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t other = 0; other < i; other++) {
            if (objects[i] == objects[other])
                return true;
        }
    }
    return false;
}

static struct shared *first_not_takable(struct shared *const *objects, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!looks_takable(objects[i]))
            return objects[i];
    }
    return NULL;
}

static bool mark(struct shared *object)
{
    return object->kind == SHARED_MUTEX ? mark_mutex(object) : mark_counter(object);
}

static void unmark(struct shared *object)
{
    if (object->kind == SHARED_MUTEX)
        unmark_mutex(object);
    else
        unmark_counter(object);
}

/* All or none of them are marked. Gives the one that could not be. Killed on the way: the repair takes the marks away. */
static struct shared *mark_all(struct shared *const *objects, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (mark(objects[i]))
            continue;
        for (size_t marked = 0; marked < i; marked++)
            unmark(objects[marked]);
        return objects[i];
    }
    return NULL;
}

static enum outcome take_marked(struct shared *object)
{
    if (object->kind == SHARED_MUTEX)
        return take_marked_mutex(object);
    take_marked_counter(object);
    return TAKEN;
}

/* Killed in here: the repair takes what is still marked, and so makes the mutexes abandoned. */
static uint32_t take_all_marked(struct shared *const *objects, size_t count)
{
    uint32_t status = WAITED_TAKEN;
    store(&arena->header.wait_all, TAKING);
    for (size_t i = 0; i < count; i++) {
        if (take_marked(objects[i]) == ABANDONED)
            status = WAITED_ABANDONED;
    }
    return status;
}

/* NULL when all have been taken. */
static struct shared *try_all(struct shared *const *objects, size_t count, uint32_t *status)
{
    struct shared *missing = first_not_takable(objects, count);
    if (missing != NULL)
        return missing;
    lock_namespace();
    store(&arena->header.wait_all, MARKING);
    missing = mark_all(objects, count);
    if (missing == NULL)
        *status = take_all_marked(objects, count);
    store(&arena->header.wait_all, 0);
    unlock_namespace();
    return missing;
}

struct failure wait_for_all(const int32_t *handles, size_t count, uint32_t timeout, uint32_t *status)
{
    struct shared *objects[MOST_OBJECTS];
    struct failure failure = find_objects(handles, count, function, objects);
    if (failure.function != NULL)
        return failure;
    if (has_twins(objects, count))
        return (struct failure){function, INVALID_PARAMETER};
    /* The namespace mutex is one more. */
    if (!has_room_to_own(count + 1))
        return (struct failure){function, OUT_OF_MEMORY};
    struct deadline deadline = deadline_after(timeout);
    for (struct shared *missing; (missing = try_all(objects, count, status)) != NULL;) {
        look_on(missing);
        if (is_over(deadline)) {
            *status = WAITED_TIMEOUT;
            return success;
        }
        sleep_until_signalled(&missing, 1, deadline);
    }
    return success;
}
