#include "namespace.h"

#include "repair.h"
#include "robust.h"
#include "shared_file.h"
#include "sleep.h"
#include "word.h"

uint32_t own_id;

enum { SPINS = 100, YIELDS = 24 };

static inline void pause(void)
{
    __asm__ volatile("pause");
}

/* False when it is owned. */
static bool take(struct robust *lock, uint32_t *found)
{
    *found = load(&lock->word);
    for (unsigned spins = 0; (*found & OWNER) != 0 && spins < SPINS; spins++) {
        pause();
        *found = load(&lock->word);
    }
    if ((*found & OWNER) != 0 || !compare_exchange(&lock->word, *found, own_id | (*found & MUTEX_WAITERS)))
        return false;
    link_owned(lock);
    return true;
}

void lock_namespace(void)
{
    struct robust *lock = &arena->objects[0].robust;
    uint32_t found;
    begin_operation(lock);
    while (!take(lock, &found)) {
        if ((found & OWNER) == 0)
            continue;
        uint32_t awaited = found | MUTEX_WAITERS;
        if (found == awaited || compare_exchange(&lock->word, found, awaited))
            sleep_on(&lock->word, awaited, LONGEST_SLEEP);
    }
    end_operation();
    if ((found & OWNER_DIED) != 0)
        repair();
}

void unlock_namespace(void)
{
    struct robust *lock = &arena->objects[0].robust;
    begin_operation(lock);
    unlink_owned(lock);
    if ((exchange(&lock->word, 0) & MUTEX_WAITERS) != 0)
        wake_all(&lock->word);
    end_operation();
}

void lock_structure(void)
{
    lock_namespace();
    store(&arena->header.changing, 1);
}

void unlock_structure(void)
{
    store(&arena->header.changing, 0);
    unlock_namespace();
}

void wait_out_mark(const uint32_t *word, uint32_t marked)
{
    for (unsigned turn = 0; turn < SPINS + YIELDS; turn++) {
        if (load(word) != marked)
            return;
        if (turn < SPINS)
            pause();
        else
            yield_processor();
    }
    lock_namespace();
    unlock_namespace();
}
