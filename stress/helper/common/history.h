/* The role `history`: operations by chance, each entered in a record. */
#pragma once
#include "contest.h"

/* In the order of `LIES` in stress/peers/roles/history-defects.ts, which says what they are. */
enum lie { LIE_NONE, LIE_LOCK, LIE_PERMIT, LIE_SET, LIE_PART, LIE_NEWS, LIE_SIGNAL, LIE_ABORT, LIES };

/* The most objects that it takes. */
enum { MOST_STAGED = 16 };

/* One whole round. */
bool history(struct contest *contest);

/* Rejects settings that make no sense together. */
void check_history(struct command *command, const struct contest *contest);
