#include "waits.h"

#include "reply.h"

LONGLONG now_ticks(void)
{
    LARGE_INTEGER ticks;
    QueryPerformanceCounter(&ticks);
    return ticks.QuadPart;
}

LONGLONG nanoseconds_since(LONGLONG ticks)
{
    const LONGLONG second = 1000000000;
    LARGE_INTEGER frequency;
    LONGLONG passed = now_ticks() - ticks;
    QueryPerformanceFrequency(&frequency);
    /* Whole seconds apart, since their product with a billion would overflow in a long benchmark. */
    return passed / frequency.QuadPart * second + passed % frequency.QuadPart * second / frequency.QuadPart;
}

static unsigned bucket_of(ULONGLONG value)
{
    unsigned shift = 0;
    while (value >> shift >= 2 * SUB_BUCKETS)
        shift++;
    return shift * SUB_BUCKETS + (unsigned)(value >> shift);
}

static ULONGLONG middle_of(unsigned bucket)
{
    unsigned shift = bucket < 2 * SUB_BUCKETS ? 0 : bucket / SUB_BUCKETS - 1;
    ULONGLONG lowest = (ULONGLONG)(bucket - shift * SUB_BUCKETS) << shift;
    return lowest + ((1ULL << shift) >> 1);
}

void add_wait(struct waits *waits, LONGLONG nanoseconds)
{
    /* A clock that steps back is a wait of no length. */
    waits->counts[bucket_of(nanoseconds < 0 ? 0 : (ULONGLONG)nanoseconds)]++;
}

void reply_waits(const struct waits *waits)
{
    char separator = ' ';
    for (unsigned bucket = 0; bucket < BUCKETS; bucket++) {
        if (waits->counts[bucket] == 0)
            continue;
        reply_part(separator, (LONGLONG)middle_of(bucket));
        reply_part(':', (LONGLONG)waits->counts[bucket]);
        separator = ',';
    }
    if (separator == ' ')
        reply_word("-");
}
