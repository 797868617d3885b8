/*
 * This thread's robust list: what the kernel marks OWNER_DIED when the thread ends, in whatever way.
 *
 * A lock is taken between `begin_operation` and `end_operation`: they name it as pending, so that the kernel looks at it also when the
 * thread dies with the lock taken and not linked, or unlinked and not released. One lock at a time can be pending.
 */
#pragma once
#include "layout.h"

void install_robust_list(void);

/* The kernel walks 2,048 entries: no more than fit may be linked. */
bool has_room_to_own(size_t count);

void begin_operation(struct robust *lock);
void end_operation(void);
void link_owned(struct robust *lock);
void unlink_owned(struct robust *lock);
