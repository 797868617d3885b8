#include "waiters.h"

#include "clients.h"
#include "shared_file.h"
#include "sleep.h"
#include "word.h"

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

bool is_reserved(struct shared *object)
{
    uint32_t reserved = load(&object->reserved);
    if (reserved == 0 || reserved - 1 == own_client)
        return false;
    if (client_lives(reserved - 1))
        return true;
    /* Of a dead one. Others may sleep because of it. */
    if (compare_exchange(&object->reserved, reserved, 0))
        wake_everybody(object);
    return false;
}

void give_up_reservation(struct shared *object)
{
    uint32_t reserved = load(&object->reserved);
    if (reserved != 0 && compare_exchange(&object->reserved, reserved, 0))
        wake_everybody(object);
}

void forget_reservation(struct shared *object)
{
    compare_exchange(&object->reserved, own_client + 1, 0);
}
