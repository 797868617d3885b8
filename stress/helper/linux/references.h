/*
 * Open handles. A handle's value tells its reference and that one's generation, so that one that has been closed means nothing.
 *
 * All but `find_reference` are called under the namespace mutex.
 */
#pragma once
#include "../common/kernel.h"
#include "layout.h"

/* How many have been used ever; never beyond those that have memory. */
uint32_t used_references(void);

struct failure add_reference(uint32_t object, uint32_t access, int32_t *handle);

/* NULL when the value is no handle of this process. */
struct reference *find_reference(int32_t handle);
void close_reference(struct reference *reference);
void close_references_of(uint32_t client);

/* For the repair: counts all anew, drops those to nothing and those of the dead, and makes the free list. */
void rebuild_references(void);
