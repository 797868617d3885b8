#include "impatience.h"

#include "../common/process.h"
#include "clients.h"
#include "deaths.h"
#include "namespace.h"
#include "objects.h"
#include "word.h"

/* For so long, in ns, an owner is taken for alive; and how many looks are made for one at the clock. */
enum { LONGEST_TRUST = 240 * 1000 * 1000, CHEAP_LOOKS = 3 };

/* Whom this thread has found in its way, one for each object that it waits for; two may share a place, and then wait longer. */
static struct obstacle {
    struct shared *object;
    uint32_t owner, looks;
    int64_t since; /* 0: not known yet */
} obstacles[64];

static bool is_too_long(struct obstacle *obstacle)
{
    if (++obstacle->looks <= CHEAP_LOOKS && obstacle->since == 0)
        return false;
    int64_t now = now_nanoseconds();
    if (obstacle->since == 0)
        obstacle->since = now;
    if (now - obstacle->since < LONGEST_TRUST)
        return false;
    obstacle->since = now;
    return true;
}

void look_on(struct shared *object)
{
    if (object->kind != SHARED_MUTEX)
        return;
    uint32_t owner = load(&object->word) & OWNER;
    if (owner == 0 || owner == ALL_ONES || owner == own_id)
        return;
    struct obstacle *obstacle = &obstacles[index_of(object) % (sizeof obstacles / sizeof *obstacles)];
    if (obstacle->object != object || obstacle->owner != owner)
        *obstacle = (struct obstacle){object, owner, 0, 0};
    if (!is_too_long(obstacle) || may_own(owner, false))
        return;
    /* Under the namespace mutex nobody can begin to take part. Whoever has it may stand still: then it is for a later look. */
    if (!try_lock_structure())
        return;
    reap_ended(owner);
    unlock_structure();
}
