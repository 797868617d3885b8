/* A timer. This peer makes none and waits for none; but the repair has to finish what a dead thread did with one. */
#pragma once
#include "layout.h"

void unmark_timer(struct shared *timer);

/* Uses up the signal of an auto-reset one: once, or until the next period. */
void take_marked_timer(struct shared *timer);
