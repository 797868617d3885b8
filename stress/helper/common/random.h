/* Marsaglia's xorshift32 (shifts 13, 17, 5): the same numbers as ../../random.ts. A state is never 0. */
#pragma once
#include <stdint.h>

/* From 0 to `limit` - 1. */
static inline int32_t random_below(uint32_t *state, int32_t limit)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return (int32_t)((uint64_t)*state * (uint32_t)limit >> 32);
}
