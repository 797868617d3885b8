#include "waiters.h"

#include "clients.h"
#include "clock.h"
#include "shared_file.h"
#include "sleep.h"
#include "word.h"

/* In ms. The longest that a free object is kept for a waiter which does not come; how far another thread's time may lie ahead. */
enum { LONGEST_KEPT = 240, AHEAD = 1000 };

void wake_sleepers(uint32_t *futex)
{
    struct header *header = &arena->header;
    wake_all(futex);
    if (claim_sleepers(&header->sequence))
        wake_all(&header->sequence);
}

uint32_t announce_sleeper(uint32_t *waiters)
{
    return __atomic_fetch_or(waiters, 1, __ATOMIC_SEQ_CST) | 1;
}

bool claim_sleepers(uint32_t *waiters)
{
    uint32_t found = load(waiters);
    /* When it has changed meanwhile, somebody else wakes them. */
    return (found & 1) != 0 && compare_exchange(waiters, found, found + 1);
}

void wake_everybody(struct shared *object)
{
    uint32_t found = load(&object->word);
    /* The word of a free mutex changes, for whoever is about to sleep on it because it was reserved. */
    if (object->kind == SHARED_MUTEX && (found & OWNER) == 0 && (found & MUTEX_WAITERS) != 0)
        compare_exchange(&object->word, found, found & ~MUTEX_WAITERS);
    wake_sleepers(&object->word);
    if (claim_sleepers(&object->waiters))
        wake_sleepers(&object->waiters);
}

static uint32_t moment_now(void)
{
    struct timespec64 now;
    read_clock(CLOCK_MONOTONIC, &now);
    return ((uint32_t)now.seconds * 1000 + (uint32_t)now.nanoseconds / 1000000) % MOMENTS;
}

/* Whoever finds it free and kept first writes since when. */
static bool is_overdue(struct shared *object, uint32_t holder)
{
    uint32_t kept = load(&object->kept), moment = moment_now();
    if ((kept & HOLDER) != holder) {
        compare_exchange(&object->kept, kept, holder | moment << HOLDER_BITS);
        return false;
    }
    uint32_t age = (moment - (kept >> HOLDER_BITS)) % MOMENTS;
    return age >= LONGEST_KEPT && age < MOMENTS - AHEAD;
}

/*
 * The turn is that of the next, who leaves NEXT before it looks at RESERVED when it gives up. Here RESERVED is written before NEXT is looked at
 * again, so one of the two sees the other.
 */
static void end_turn(struct shared *object, uint32_t reserved)
{
    uint32_t next = load(&object->next);
    uint32_t heir = (next & HOLDER) == (reserved & HOLDER) ? 0 : next;
    if (!compare_exchange(&object->reserved, reserved, heir))
        return;
    if (next != 0 && !compare_exchange(&object->next, next, 0))
        compare_exchange(&object->reserved, heir, 0);
    wake_everybody(object);
}

bool is_kept(struct shared *object)
{
    for (;;) {
        uint32_t reserved = load(&object->reserved), holder = reserved & HOLDER;
        if (holder == 0 || holder - 1 == own_client)
            return false;
        if (client_lives(holder - 1) && !is_overdue(object, holder))
            return true;
        end_turn(object, reserved);
    }
}

uint32_t holder_of(const struct shared *object)
{
    return load(&object->reserved) & HOLDER;
}

void forget_reservation(struct shared *object)
{
    uint32_t reserved = load(&object->reserved);
    if ((reserved & HOLDER) == own_client + 1)
        end_turn(object, reserved);
}
