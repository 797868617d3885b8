/* What all kinds that can be waited for have in common. */
#pragma once
#include "counter.h"
#include "mutex.h"

static inline enum outcome try_to_take(struct shared *object)
{
    return object->kind == SHARED_MUTEX ? try_mutex(object) : try_counter(object);
}

/* False when it is better to try again. */
static inline bool prepare_to_sleep(struct shared *object, struct beds *beds)
{
    return object->kind == SHARED_MUTEX ? prepare_to_sleep_on_mutex(object, beds) : prepare_to_sleep_on_counter(object, beds);
}

static inline bool looks_takable(struct shared *object)
{
    return object->kind == SHARED_MUTEX ? looks_free(object) : looks_signalled(object);
}

/* Whoever it may be reserved for. */
static inline bool is_signalled(const struct shared *object)
{
    return object->kind == SHARED_MUTEX ? !is_owned(object) : object->word != 0;
}
