/* One peer's part in a scenario: what it was told, what came of it, and the steps that the roles are made of. */
#pragma once
#include "objects.h"
#include "waits.h"

#include <stdbool.h>

struct contest {
    /* what `run` was given; a role finds set what its keys name */
    struct object *board, *lock, *semaphore, *mine, *theirs, *gate0, *gate1, *all, *mutex, *event, *record;
    int32_t contender, contenders, spin, maximum, ball, parity, churn, first, objects, joint, timeouts, seed, lie, asynchronous;
    /* which fault it plays with on purpose, 0 for none; how long it waits, 0 for as long as ever; and whether it is noted how long things take. Each may be left out */
    int32_t broken, patience, clock;

    /* what came of it */
    int64_t operations, abandonments, violations;
    const char *first_violation;
    struct failure failure;
    struct waits waits;
    struct waits holds;
    /* by the bitness of who let go: 32, 64 */
    struct waits hand_overs[2];
    /* of the last wait that was measured */
    int64_t wait_began, wait_ended;
};

volatile int32_t *at(const struct contest *contest, int32_t index);
bool stopped(const struct contest *contest);
int32_t progress_of(const struct contest *contest, int32_t contender);
int32_t progress_of_all(const struct contest *contest);

/* The board's counters wrap, since at a million operations a second they pass 2^31 in 36 minutes. */
int32_t next(int32_t value);
void raise_to(volatile int32_t *word, int32_t value);

/* Widens the critical section. */
void spin(const struct contest *contest);

/* Counts an operation; by whoever holds the lock, where there is one. */
void make_progress(struct contest *contest);
void violate(struct contest *contest, const char *violation);

/*
 * After a measured wait for what one alone can own, and before it is released: `entry` is its place on the board, where who lets go of it tells the next one when that was. Who has
 * waited for that then knows how long it was handed over. NO_ENTRY: others may own it too.
 */
enum { NO_ENTRY = -1 };
void note_hand_over(struct contest *contest, int32_t entry);
void note_release(struct contest *contest, int32_t entry);

/* These are false when the role is to end: a system call failed, or a wait ran into its limit. */
bool succeeded(struct contest *contest, struct failure failure);
bool set(struct contest *contest, const struct object *event);
bool wait_for(struct contest *contest, const struct object *object, uint32_t *status);
/* The same without a limit, which would read a clock too where it has to sleep, and unmeasured. */
bool wait_for_ever(struct contest *contest, const struct object *object, uint32_t *status);
/* For both at once; for all three at once, or any of them. */
bool wait_for_two(struct contest *contest, struct object *const objects[2], uint32_t *status);
bool wait_for_three(struct contest *contest, struct object *const objects[3], bool all, uint32_t *status);
