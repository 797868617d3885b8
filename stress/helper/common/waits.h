/* How long waits took: a histogram whose buckets are no wider than 1/32 of the values in them. */
#pragma once
#include <stdint.h>

/*
 * Up to 63, each value has a bucket of its own; above, every power of two is divided into 32. So a bucket is known by the
 * value's leading six bits, and by how many bits follow them.
 */
enum { SUB_BUCKET_BITS = 5, SUB_BUCKETS = 1 << SUB_BUCKET_BITS, BUCKETS = (64 - SUB_BUCKET_BITS + 1) * SUB_BUCKETS };

struct waits {
    uint64_t counts[BUCKETS];
};

void add_wait(struct waits *waits, int64_t nanoseconds);
void reply_waits(const struct waits *waits);
