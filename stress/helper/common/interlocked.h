/* Arithmetic on words that other processes change at the same time. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

/* The sum; it wraps. */
static inline int32_t interlocked_add(int32_t term, volatile int32_t *word)
{
    return __atomic_add_fetch(word, term, __ATOMIC_SEQ_CST);
}

/* What was found: the exchange took place if that is `expected`. */
static inline int32_t interlocked_compare_exchange(volatile int32_t *word, int32_t desired, int32_t expected)
{
    __atomic_compare_exchange_n(word, &expected, desired, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    return expected;
}

static inline uint64_t interlocked_compare_exchange_64(volatile uint64_t *word, uint64_t desired, uint64_t expected)
{
    /* Not by __atomic, for which i686 would want a library. */
    return __sync_val_compare_and_swap(word, expected, desired);
}
