#include "counter.h"

#include "namespace.h"
#include "waiters.h"
#include "word.h"

/* The word, once it is not marked. */
static uint32_t unmarked(const struct shared *counter)
{
    uint32_t found;
    while (((found = load(&counter->word)) & BUSY) != 0)
        wait_out_mark(&counter->word, found);
    return found;
}

enum outcome try_counter(struct shared *counter)
{
    uint32_t found;
    do {
        found = unmarked(counter);
        if (found == 0 || is_kept(counter))
            return UNSIGNALLED;
    } while (counter->kind != SHARED_MANUAL_EVENT && !compare_exchange(&counter->word, found, found - 1));
    forget_reservation(counter);
    return TAKEN;
}

/* After the word, as sleepers make WAITERS odd before they look at the word: one of the two sees the other. */
static void wake_if_awaited(struct shared *counter)
{
    if (claim_sleepers(&counter->waiters))
        wake_sleepers(&counter->waiters);
}

bool add_to_semaphore(struct shared *semaphore, uint32_t count, uint32_t *previous)
{
    do {
        *previous = unmarked(semaphore);
        if (*previous > semaphore->value || count > semaphore->value - *previous)
            return false;
    } while (!compare_exchange(&semaphore->word, *previous, *previous + count));
    wake_if_awaited(semaphore);
    return true;
}

void set_shared_event(struct shared *event)
{
    uint32_t found;
    do
        found = unmarked(event);
    while (found == 0 && !compare_exchange(&event->word, found, 1));
    /* Also when it was set already: who set it may have died before it woke anybody. */
    wake_if_awaited(event);
}

void reset_shared_event(struct shared *event)
{
    uint32_t found;
    do
        found = unmarked(event);
    while (found != 0 && !compare_exchange(&event->word, found, 0));
}

bool prepare_to_sleep_on_counter(struct shared *counter, struct beds *beds)
{
    uint32_t waiters = announce_sleeper(&counter->waiters);
    uint32_t found = load(&counter->word);
    if ((found & BUSY) != 0) {
        wait_out_mark(&counter->word, found);
        return false;
    }
    if (found != 0 && !is_kept(counter))
        return false;
    add_bed(beds, &counter->waiters, waiters);
    return true;
}

bool looks_signalled(struct shared *counter)
{
    return load(&counter->word) != 0 && !is_kept(counter);
}

bool mark_counter(struct shared *counter)
{
    for (uint32_t found; (found = load(&counter->word)) != 0 && !is_kept(counter);) {
        if (compare_exchange(&counter->word, found, found | BUSY))
            return true;
    }
    return false;
}

static uint32_t most_of(const struct shared *counter)
{
    return counter->kind == SHARED_SEMAPHORE ? COUNT : 1;
}

void unmark_counter(struct shared *counter)
{
    uint32_t found, count;
    /* An event that was set while it was marked is at 2, and set once. Others change what the marker leaves them. */
    do {
        found = load(&counter->word);
        count = found & COUNT;
    } while (!compare_exchange(&counter->word, found, count < most_of(counter) ? count : most_of(counter)));
    wake_if_awaited(counter);
}

void take_marked_counter(struct shared *counter)
{
    uint32_t found, count, left;
    do {
        found = load(&counter->word);
        count = found & COUNT;
        left = counter->kind == SHARED_MANUAL_EVENT || count == 0 ? count : count - 1;
    } while (!compare_exchange(&counter->word, found, left));
    forget_reservation(counter);
    /* Permits or a set that came in between are for those who sleep. */
    if (left != 0)
        wake_if_awaited(counter);
}
