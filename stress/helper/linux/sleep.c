#include "sleep.h"

#include "../common/process.h"
#include "clock.h"

enum { FUTEX_WAIT = 0, FUTEX_WAKE = 1, FUTEX_32 = 2 };

void add_bed(struct beds *beds, uint32_t *word, uint32_t expected)
{
    beds->list[beds->count++] = (struct bed){word, expected};
}

bool sleep_on(uint32_t *word, uint32_t expected, int64_t nanoseconds)
{
    struct timespec64 timeout = timespec_of(nanoseconds);
    return system_call(SYS_FUTEX, (long)word, FUTEX_WAIT, (long)expected, (long)&timeout, 0, 0) == -ETIMEDOUT;
}

void wake_all(uint32_t *word)
{
    system_call(SYS_FUTEX, (long)word, FUTEX_WAKE, INT32_MAX, 0, 0, 0);
}

static bool knows_many(void)
{
    static enum { UNKNOWN, NO, YES } answer;
    /* A call that makes no sense is refused as that, where the call is known and allowed. */
    if (answer == UNKNOWN)
        answer = system_call(SYS_FUTEX_WAITV, 0, 0, 0, 0, 0, 0) == -EINVAL ? YES : NO;
    return answer == YES;
}

bool can_sleep_on(const struct beds *beds)
{
    return beds->count == 1 || knows_many();
}

static bool sleep_on_many(const struct beds *beds, int64_t nanoseconds)
{
    struct {
        uint64_t expected, word;
        uint32_t flags, unused;
    } waiters[MOST_BEDS];
    for (size_t i = 0; i < beds->count; i++) {
        waiters[i].expected = beds->list[i].expected;
        waiters[i].word = (uintptr_t)beds->list[i].word;
        waiters[i].flags = FUTEX_32;
        waiters[i].unused = 0;
    }
    /* This call alone takes the time at which to end. */
    struct timespec64 end = timespec_of(now_nanoseconds() + nanoseconds);
    return system_call(SYS_FUTEX_WAITV, (long)waiters, (long)beds->count, 0, (long)&end, CLOCK_MONOTONIC, 0) == -ETIMEDOUT;
}

bool sleep_on_all(const struct beds *beds, int64_t nanoseconds)
{
    const struct bed *first = &beds->list[0];
    return beds->count == 1 ? sleep_on(first->word, first->expected, nanoseconds) : sleep_on_many(beds, nanoseconds);
}
