#include "waiters.h"

#include "clients.h"
#include "shared_file.h"
#include "sleep.h"
#include "word.h"

void wake_sleepers(struct shared *object)
{
    struct header *header = &arena->header;
    wake_all(&object->word);
    if (load(&header->sequence_waiters) == 0)
        return;
    __atomic_add_fetch(&header->sequence, 1, __ATOMIC_SEQ_CST);
    if (exchange(&header->sequence_waiters, 0) != 0)
        wake_all(&header->sequence);
}

bool is_reserved(struct shared *object)
{
    uint32_t reserved = load(&object->reserved);
    if (reserved == 0 || reserved - 1 == own_client)
        return false;
    if (client_lives(reserved - 1))
        return true;
    compare_exchange(&object->reserved, reserved, 0);
    return false;
}

void give_up_reservation(struct shared *object)
{
    uint32_t reserved = load(&object->reserved);
    if (reserved != 0 && compare_exchange(&object->reserved, reserved, 0))
        wake_sleepers(object);
}

void forget_reservation(struct shared *object)
{
    compare_exchange(&object->reserved, own_client + 1, 0);
}
