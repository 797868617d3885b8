/* Sleeping on words of the shared file until they change, and waking who sleeps there. */
#pragma once
#include "system.h"

/* No sleep is longer, in ns: a wake can be missed when the one who was to give it dies. */
enum { LONGEST_SLEEP = 250 * 1000 * 1000 };

/* One for each object of the longest wait; the kernel takes twice as many. */
enum { MOST_BEDS = 64 };

/* Words, each with the value that it has while there is nothing to do. */
struct beds {
    struct bed {
        uint32_t *word;
        uint32_t expected;
    } list[MOST_BEDS];
    size_t count;
};

void add_bed(struct beds *beds, uint32_t *word, uint32_t expected);

/* True when the time was up: nothing woke it, and the word had the expected value. */
bool sleep_on(uint32_t *word, uint32_t expected, int64_t nanoseconds);

/* The same on all of them. `can_sleep_on` tells whether the kernel is able to. */
bool can_sleep_on(const struct beds *beds);
bool sleep_on_all(const struct beds *beds, int64_t nanoseconds);

void wake_all(uint32_t *word);
