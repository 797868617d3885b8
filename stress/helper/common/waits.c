#include "waits.h"

#include "reply.h"

static unsigned bucket_of(uint64_t value)
{
    unsigned shift = 0;
    while (value >> shift >= 2 * SUB_BUCKETS)
        shift++;
    return shift * SUB_BUCKETS + (unsigned)(value >> shift);
}

static uint64_t middle_of(unsigned bucket)
{
    unsigned shift = bucket < 2 * SUB_BUCKETS ? 0 : bucket / SUB_BUCKETS - 1;
    uint64_t lowest = (uint64_t)(bucket - shift * SUB_BUCKETS) << shift;
    return lowest + ((1ULL << shift) >> 1);
}

void add_wait(struct waits *waits, int64_t nanoseconds)
{
    /* A clock that steps back is a wait of no length. */
    waits->counts[bucket_of(nanoseconds < 0 ? 0 : (uint64_t)nanoseconds)]++;
}

void reply_waits(const struct waits *waits)
{
    char separator = ' ';
    for (unsigned bucket = 0; bucket < BUCKETS; bucket++) {
        if (waits->counts[bucket] == 0)
            continue;
        reply_part(separator, (int64_t)middle_of(bucket));
        reply_part(':', (int64_t)waits->counts[bucket]);
        separator = ',';
    }
    if (separator == ' ')
        reply_word("-");
}
