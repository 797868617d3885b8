#include "robust.h"

#include <entry.h>

/* The kernel's struct robust_list_head. */
static struct {
    void *next;
    long offset;
    void *pending;
} head;

enum { LONGEST_LIST = 2000 };

/*
 * What is linked, the first in the list last. The list itself lies in memory that others can write; what is followed here is this.
 */
static struct robust *owned[LONGEST_LIST];
static size_t owned_count;

void install_robust_list(void)
{
    head.next = &head;
    head.offset = ROBUST_OFFSET;
    system_call(SYS_SET_ROBUST_LIST, (long)&head, sizeof head, 0, 0, 0, 0);
}

bool has_room_to_own(size_t count)
{
    return owned_count + count <= LONGEST_LIST;
}

/* The kernel reads these at any instant: each is one store, and none may be moved past another. */
static void point(void **place, void *entry)
{
    __atomic_store_n(place, entry, __ATOMIC_SEQ_CST);
}

void begin_operation(struct robust *lock)
{
    point(&head.pending, entry_of(lock));
}

void end_operation(void)
{
    point(&head.pending, NULL);
}

void link_owned(struct robust *lock)
{
    set_next(lock, head.next);
    point(&head.next, entry_of(lock));
    owned[owned_count++] = lock;
}

void unlink_owned(struct robust *lock)
{
    size_t at = owned_count;
    while (at > 0 && owned[at - 1] != lock)
        at--;
    if (at == 0)
        return;
    void *next = at == 1 ? (void *)&head : entry_of(owned[at - 2]);
    if (at == owned_count)
        point(&head.next, next);
    else
        set_next(owned[at], next);
    owned_count--;
    for (size_t i = at - 1; i < owned_count; i++)
        owned[i] = owned[i + 1];
}
