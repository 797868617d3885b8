/* Semaphores and events: a count in one word. An event counts to 1; a manual-reset one is taken without counting down. */
#pragma once
#include "outcome.h"
#include "sleep.h"
#include "layout.h"

enum outcome try_counter(struct shared *counter);

/* False when the count would pass the maximum; nothing has changed then. */
bool add_to_semaphore(struct shared *semaphore, uint32_t count, uint32_t *previous);
void set_shared_event(struct shared *event);
void reset_shared_event(struct shared *event);

bool prepare_to_sleep_on_counter(struct shared *counter, struct beds *beds);

/* Steps of a wait for all, under the namespace mutex. */
bool looks_signalled(struct shared *counter);
bool mark_counter(struct shared *counter);
void unmark_counter(struct shared *counter);
/* Also by the repair, for a dead thread that was taking what it had marked. */
void take_marked_counter(struct shared *counter);
