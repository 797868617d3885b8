/* What a contender of the role `history` does next. PROTOCOL.md has the chances; stress/peers/roles/history-choices.ts makes the same choices. */
#pragma once
#include "history.h"
#include "record.h"

/* What it chooses among. */
struct stage {
    const struct object *objects[MOST_STAGED];
    int32_t depths[MOST_STAGED]; /* how often this contender owns each, if it is a mutex */
    int32_t count, joint;
    int32_t timeouts; /* one of so many waits has a timeout; 0: none has */
};

struct operation choose(uint32_t *random, const struct stage *stage);
