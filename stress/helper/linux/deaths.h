/*
 * Whether threads have ended. The kernel marks what a thread owned that ends, but for some deaths: see `src/kernel/linux/tables/client-table.ts`. In doubt a thread
 * lives.
 */
#pragma once
#include "layout.h"

/* What tells a thread from others that have its id before or after it, as LIFE's record has it. */
struct identity {
    uint32_t id, process_id, start, time_namespace;
};

/* Of the calling thread. */
struct identity own_identity(void);

bool client_has_ended(const struct client *client);

/*
 * Whether the thread that a mutex names may live. `registering`: it may be about to become a client, and have the namespace mutex for that. Any other
 * mutex is a client's.
 */
bool may_own(uint32_t id, bool registering);
