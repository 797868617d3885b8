/* What all kinds that can be waited for have in common. */
#pragma once
#include "counter.h"
#include "mutex.h"

static inline enum outcome try_to_take(struct shared *object)
{
    return object->kind == SHARED_MUTEX ? try_mutex(object) : try_counter(object);
}

/* False when it is better to try again. */
static inline bool prepare_to_sleep(struct shared *object, struct bed *bed)
{
    return object->kind == SHARED_MUTEX ? prepare_to_sleep_on_mutex(object, bed) : prepare_to_sleep_on_counter(object, bed);
}

static inline bool looks_takable(struct shared *object)
{
    return object->kind == SHARED_MUTEX ? looks_free(object) : looks_signalled(object);
}

/* Of the object to which the bed belongs; it has stayed as it was for the whole of the longest sleep. */
static inline bool stays_signalled(const struct shared *object, struct bed bed)
{
    return object->kind == SHARED_MUTEX ? (bed.expected & OWNER) == 0 : bed.expected != 0;
}
