/* A mutex: a robust futex that counts how often its owner holds it. */
#pragma once
#include "outcome.h"
#include "sleep.h"
#include "layout.h"

bool is_owned(const struct shared *mutex);
bool is_own_mutex(const struct shared *mutex);

enum outcome try_mutex(struct shared *mutex);
/* False for somebody else's. */
bool give_back_mutex(struct shared *mutex);
/* However often it is held. */
void let_go_of_mutex(struct shared *mutex);

/* Adds what to sleep on until it may be free; false when it may be already. */
bool prepare_to_sleep_on_mutex(struct shared *mutex, struct beds *beds);

/* After the sleep, by who may have been woken alone. */
void pass_on_mutex(struct shared *mutex);

/* Of a new one, before anybody can see it. */
void own_new_mutex(struct shared *mutex);

/* Steps of a wait for all, under the namespace mutex. A mutex of this thread's own needs no mark. */
bool looks_free(struct shared *mutex);
bool mark_mutex(struct shared *mutex);
void unmark_mutex(struct shared *mutex);
enum outcome take_marked_mutex(struct shared *mutex);

/* By the repair, for a dead thread that was taking what it had marked. */
void abandon_marked_mutex(struct shared *mutex);
