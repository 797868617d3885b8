/* The parts of which waits are made. */
#pragma once
#include "../common/kernel.h"
#include "layout.h"

/* As on Windows. */
enum { MOST_OBJECTS = 64 };

struct deadline {
    bool never;
    int64_t at; /* 0: it is over from the start */
};

struct deadline deadline_after(uint32_t timeout);
bool is_over(struct deadline deadline);

struct failure find_objects(const int32_t *handles, size_t count, const char *function, struct shared **objects);

/* Until any of them may be signalled; comes back at the deadline at the latest, and often before anything has been signalled. */
void sleep_until_signalled(struct shared *const *objects, size_t count, struct deadline deadline);
