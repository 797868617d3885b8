#include "mutex.h"

#include "namespace.h"
#include "robust.h"
#include "waiters.h"
#include "word.h"

bool is_owned(const struct shared *mutex)
{
    return (load(&mutex->word) & OWNER) != 0;
}

bool is_own_mutex(const struct shared *mutex)
{
    return (load(&mutex->word) & OWNER) == own_id;
}

static bool is_marked(uint32_t word)
{
    return (word & OWNER) == ALL_ONES;
}

/* False while somebody owns it. The kernel, and other threads, change the word at any time: so it is taken as it was found, or not. */
static bool take(struct shared *mutex, uint32_t *found)
{
    while (((*found = load(&mutex->word)) & OWNER) == 0) {
        if (!compare_exchange(&mutex->word, *found, own_id | (*found & MUTEX_WAITERS)))
            continue;
        link_owned(&mutex->robust);
        mutex->value = 1;
        return true;
    }
    return false;
}

static enum outcome outcome_of(struct shared *mutex, uint32_t found)
{
    forget_reservation(mutex);
    return (found & OWNER_DIED) != 0 ? ABANDONED : TAKEN;
}

enum outcome try_mutex(struct shared *mutex)
{
    /* Before any reservation: nobody could get it before its owner lets it go. */
    if (is_own_mutex(mutex)) {
        mutex->value++;
        return TAKEN;
    }
    if (!is_owned(mutex) && is_kept(mutex))
        return UNSIGNALLED;
    if (!has_room_to_own(1))
        return REFUSED;
    for (;;) {
        uint32_t found;
        begin_operation(&mutex->robust);
        bool taken = take(mutex, &found);
        end_operation();
        if (taken)
            return outcome_of(mutex, found);
        if (!is_marked(found))
            return UNSIGNALLED;
        wait_out_mark(&mutex->word, found);
    }
}

void let_go_of_mutex(struct shared *mutex)
{
    begin_operation(&mutex->robust);
    unlink_owned(&mutex->robust);
    if ((exchange(&mutex->word, 0) & MUTEX_WAITERS) != 0)
        wake_sleepers(&mutex->word);
    end_operation();
}

bool give_back_mutex(struct shared *mutex)
{
    if (!is_own_mutex(mutex))
        return false;
    if (mutex->value > 1)
        mutex->value--;
    else
        let_go_of_mutex(mutex);
    return true;
}

/* Its owner has died, and whose turn it is may sleep: the kernel's one wake may be for this thread. Once for each turn, or sleepers wake each other. */
static void wake_whose_turn_it_is(struct shared *mutex)
{
    static struct shared *told;
    static uint32_t told_of;
    uint32_t turn = load(&mutex->reserved);
    if (told == mutex && told_of == turn)
        return;
    told = mutex;
    told_of = turn;
    wake_sleepers(&mutex->word);
}

bool prepare_to_sleep_on_mutex(struct shared *mutex, struct beds *beds)
{
    uint32_t found = load(&mutex->word);
    if (is_marked(found)) {
        wait_out_mark(&mutex->word, found);
        return false;
    }
    bool owned = (found & OWNER) != 0;
    if (!owned && !is_kept(mutex))
        return false;
    if (!owned && (found & OWNER_DIED) != 0)
        wake_whose_turn_it_is(mutex);
    if ((found & MUTEX_WAITERS) == 0) {
        if (!compare_exchange(&mutex->word, found, found | MUTEX_WAITERS))
            return false;
        /* Whoever it was kept for may have given up before the word said that somebody sleeps. */
        if (!owned && !is_kept(mutex))
            return false;
    }
    add_bed(beds, &mutex->word, found | MUTEX_WAITERS);
    return true;
}

/* The kernel wakes one when an owner dies. */
void pass_on_mutex(struct shared *mutex)
{
    uint32_t found = load(&mutex->word);
    if ((found & OWNER) != 0 || (found & MUTEX_WAITERS) == 0)
        return;
    if (holder_of(mutex) == 0)
        wake_sleepers(&mutex->word);
    else if ((found & OWNER_DIED) != 0)
        wake_whose_turn_it_is(mutex);
}

void own_new_mutex(struct shared *mutex)
{
    uint32_t found;
    begin_operation(&mutex->robust);
    take(mutex, &found);
    end_operation();
}

bool looks_free(struct shared *mutex)
{
    uint32_t owner = load(&mutex->word) & OWNER;
    return owner == own_id || owner == ALL_ONES || (owner == 0 && !is_kept(mutex));
}

bool mark_mutex(struct shared *mutex)
{
    if (is_own_mutex(mutex))
        return true;
    for (uint32_t found; ((found = load(&mutex->word)) & OWNER) == 0 && !is_kept(mutex);) {
        if (compare_exchange(&mutex->word, found, found | ALL_ONES))
            return true;
    }
    return false;
}

/* OWNER_DIED and MUTEX_WAITERS stay as they are, the latter also when it comes meanwhile. */
static void replace_mark(struct shared *mutex, uint32_t bits)
{
    uint32_t found;
    do
        found = load(&mutex->word);
    while (is_marked(found) && !compare_exchange(&mutex->word, found, (found & ~OWNER) | bits));
    if (is_marked(found) && (found & MUTEX_WAITERS) != 0)
        wake_sleepers(&mutex->word);
}

void unmark_mutex(struct shared *mutex)
{
    replace_mark(mutex, 0);
}

void abandon_marked_mutex(struct shared *mutex)
{
    replace_mark(mutex, OWNER_DIED);
}

enum outcome take_marked_mutex(struct shared *mutex)
{
    if (is_own_mutex(mutex)) {
        mutex->value++;
        return TAKEN;
    }
    /*
     * Killed before the word changes, linked or not: the kernel finds another owner's word and leaves it to the repair, which makes it
     * abandoned. Killed after: the kernel does.
     */
    begin_operation(&mutex->robust);
    link_owned(&mutex->robust);
    mutex->value = 1;
    uint32_t found;
    do
        found = load(&mutex->word);
    while (!compare_exchange(&mutex->word, found, own_id | (found & MUTEX_WAITERS)));
    end_operation();
    return outcome_of(mutex, found);
}
