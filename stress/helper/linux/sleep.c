#include "sleep.h"

#include "../common/process.h"

enum { FUTEX_WAIT = 0, FUTEX_WAKE = 1, FUTEX_32 = 2, CLOCK_MONOTONIC = 1, MOST_BEDS = 64 };

bool sleep_on(struct bed bed, int64_t nanoseconds)
{
    struct timespec64 timeout = timespec_of(nanoseconds);
    return system_call(SYS_FUTEX, (long)bed.word, FUTEX_WAIT, (long)bed.expected, (long)&timeout, 0, 0) == -ETIMEDOUT;
}

void wake_all(uint32_t *word)
{
    system_call(SYS_FUTEX, (long)word, FUTEX_WAKE, INT32_MAX, 0, 0, 0);
}

bool can_sleep_on_many(void)
{
    static enum { UNKNOWN, NO, YES } answer;
    /* A call that makes no sense is refused as that, where the call is known and allowed. */
    if (answer == UNKNOWN)
        answer = system_call(SYS_FUTEX_WAITV, 0, 0, 0, 0, 0, 0) == -EINVAL ? YES : NO;
    return answer == YES;
}

bool sleep_on_many(const struct bed *beds, size_t count, int64_t nanoseconds)
{
    struct {
        uint64_t expected, word;
        uint32_t flags, unused;
    } waiters[MOST_BEDS];
    for (size_t i = 0; i < count; i++) {
        waiters[i].expected = beds[i].expected;
        waiters[i].word = (uintptr_t)beds[i].word;
        waiters[i].flags = FUTEX_32;
        waiters[i].unused = 0;
    }
    /* This call alone takes the time at which to end. */
    struct timespec64 end = timespec_of(now_nanoseconds() + nanoseconds);
    return system_call(SYS_FUTEX_WAITV, (long)waiters, (long)count, 0, (long)&end, CLOCK_MONOTONIC, 0) == -ETIMEDOUT;
}
