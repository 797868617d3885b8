#include "waiters.h"

#include "clients.h"
#include "shared_file.h"
#include "sleep.h"
#include "word.h"

void wake_sleepers(uint32_t *futex)
{
    struct header *header = &arena->header;
    wake_all(futex);
    if (load(&header->sequence_waiters) == 0)
        return;
    __atomic_add_fetch(&header->sequence, 1, __ATOMIC_SEQ_CST);
    if (exchange(&header->sequence_waiters, 0) != 0)
        wake_all(&header->sequence);
}

void wake_everybody(struct shared *object)
{
    __atomic_add_fetch(&object->signals, 1, __ATOMIC_SEQ_CST);
    wake_sleepers(&object->word);
    wake_sleepers(&object->signals);
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
