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

/* The next signal is kept for another client, who lives; one that is kept for a dead one is given up here. This thread itself never reserves. */
bool is_reserved(struct shared *object);

/* An object that stays signalled and untaken for the longest sleep is not waited for by who has it reserved. */
void give_up_reservation(struct shared *object);

/* Of a slot number that was somebody else's before: a reservation that this thread knows nothing of. */
void forget_reservation(struct shared *object);
