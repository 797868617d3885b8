/* Who waits for an object: whoever sleeps, and whoever has it reserved. */
#pragma once
#include "layout.h"

/* Those who sleep on this word of an object. To be called by whoever has cleared what they had set: MUTEX_WAITERS, or WAITERS. */
void wake_sleepers(uint32_t *futex);

/*
 * A count that is odd while somebody may sleep on it. A sleeper makes it odd before it looks at what it waits for; it gets what to sleep on. Whoever
 * signals claims the sleepers afterwards, and wakes them when it is told to.
 */
uint32_t announce_sleeper(uint32_t *waiters);
bool claim_sleepers(uint32_t *waiters);

/* All who sleep for the object, whatever its kind. */
void wake_everybody(struct shared *object);

/*
 * A free object is kept for another client, who lives, and has not let it wait for too long: otherwise it is the turn of the next. This thread
 * itself never asks for a turn.
 */
bool is_kept(struct shared *object);

/* The client (index + 1) whose turn it is; 0: nobody's. */
uint32_t holder_of(const struct shared *object);

/* Of a slot number that was somebody else's before: a reservation that this thread knows nothing of. */
void forget_reservation(struct shared *object);
