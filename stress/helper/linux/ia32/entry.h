/* A lock's entry in the robust list of an owner of this bitness. */
#pragma once
#include "../layout.h"

_Static_assert(ROBUST_OFFSET == -(int)offsetof(struct robust, next32), "the entry lies where the kernel is told that it does");

static inline void *entry_of(struct robust *lock)
{
    return &lock->next32;
}

static inline void set_next(struct robust *lock, void *next)
{
    __atomic_store_n(&lock->next32, (uint32_t)(uintptr_t)next, __ATOMIC_SEQ_CST);
}
