/* Sleeping on words of the shared file until they change, and waking who sleeps there. */
#pragma once
#include "system.h"

/* No sleep is longer, in ns: a wake can be missed when the one who was to give it dies. */
enum { LONGEST_SLEEP = 250 * 1000 * 1000 };

/* A word with the value that it has while there is nothing to do. */
struct bed {
    uint32_t *word;
    uint32_t expected;
};

/* True when the time was up: nothing woke it, and the word had the expected value. */
bool sleep_on(struct bed bed, int64_t nanoseconds);

/* The same on many; false where the kernel cannot do it. */
bool can_sleep_on_many(void);
bool sleep_on_many(const struct bed *beds, size_t count, int64_t nanoseconds);

void wake_all(uint32_t *word);
