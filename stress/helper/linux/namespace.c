#include "namespace.h"

#include "../common/process.h"
#include "deaths.h"
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

/* An owner that is in the way for so long, in ns, may have ended unmarked. */
enum { LONGEST_TRUST = 240 * 1000 * 1000 };

/*
 * Here nobody can be kept from taking part: a thread that stands still before the exchange, for so long that the system gives the id to another one, and
 * that one takes the mutex, takes it away from it.
 */
static void mend(uint32_t *word, uint32_t owner)
{
    if (may_own(owner, true))
        return;
    uint32_t found = load(word);
    if ((found & OWNER) == owner && compare_exchange(word, found, (found & MUTEX_WAITERS) | OWNER_DIED))
        wake_all(word);
}

void lock_namespace(void)
{
    uint32_t owner = 0;
    int64_t since = 0;
    struct robust *lock = &arena->objects[0].robust;
    uint32_t found;
    begin_operation(lock);
    while (!take(lock, &found)) {
        if ((found & OWNER) == 0)
            continue;
        if ((found & OWNER) != owner) {
            owner = found & OWNER;
            since = now_nanoseconds();
        } else if (now_nanoseconds() - since >= LONGEST_TRUST) {
            since = now_nanoseconds();
            mend(&lock->word, owner);
        }
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

bool try_lock_structure(void)
{
    struct robust *lock = &arena->objects[0].robust;
    uint32_t found;
    begin_operation(lock);
    bool taken = take(lock, &found);
    end_operation();
    if (!taken)
        return false;
    if ((found & OWNER_DIED) != 0)
        repair();
    store(&arena->header.changing, 1);
    return true;
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
