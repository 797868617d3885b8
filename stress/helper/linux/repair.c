#include "repair.h"

#include "counter.h"
#include "mutex.h"
#include "objects.h"
#include "shared_file.h"
#include "timer.h"
#include "waiters.h"
#include "word.h"

static bool is_timer(const struct shared *object)
{
    return object->kind == SHARED_AUTO_TIMER || object->kind == SHARED_MANUAL_TIMER;
}

static void finish_timer(struct shared *timer, bool committing)
{
    if (committing)
        take_marked_timer(timer);
    else
        unmark_timer(timer);
}

static void finish_counter(struct shared *counter, bool committing)
{
    if (committing)
        take_marked_counter(counter);
    else
        unmark_counter(counter);
}

static bool is_marked(const struct shared *object)
{
    uint32_t word = load(&object->word);
    return object->kind == SHARED_MUTEX ? (word & OWNER) == ALL_ONES : exists(object) && (word & BUSY) != 0;
}

/* What a dead thread has marked is taken for it if it had begun to take, and let go otherwise. */
static void finish(struct shared *object, bool committing)
{
    if (object->kind == SHARED_MUTEX && committing)
        abandon_marked_mutex(object);
    else if (object->kind == SHARED_MUTEX)
        unmark_mutex(object);
    else if (is_timer(object))
        finish_timer(object, committing);
    else
        finish_counter(object, committing);
    wake_everybody(object);
}

static void finish_all(bool committing)
{
    for (uint32_t index = 1; index < used_objects(); index++) {
        struct shared *object = &arena->objects[index];
        if (is_marked(object))
            finish(object, committing);
    }
}

void repair(void)
{
    struct header *header = &arena->header;
    uint32_t wait_all = load(&header->wait_all);
    if (wait_all != 0)
        finish_all(wait_all == TAKING);
    /* Not before the last mark is gone. */
    store(&header->wait_all, 0);
    if (load(&header->changing) != 0)
        rebuild_objects();
    store(&header->changing, 0);
    header->repairs++;
}
