#include "waits.h"

#include "../common/process.h"
#include "errors.h"
#include "impatience.h"
#include "mutex.h"
#include "references.h"
#include "robust.h"
#include "shared_file.h"
#include "waitable.h"
#include "waiters.h"
#include "word.h"

/* Between two looks at many objects where nothing can sleep on them all, in ns: the death of a mutex's owner is no signal there. */
enum { LONGEST_DOZE = 10 * 1000 * 1000 };

struct deadline deadline_after(uint32_t timeout)
{
    if (timeout == FOR_EVER || timeout == 0)
        return (struct deadline){timeout == FOR_EVER, 0};
    return (struct deadline){false, now_nanoseconds() + (int64_t)timeout * 1000000};
}

static int64_t time_left(struct deadline deadline, int64_t most)
{
    if (deadline.never)
        return most;
    int64_t left = deadline.at == 0 ? 0 : deadline.at - now_nanoseconds();
    return left < most ? left : most;
}

bool is_over(struct deadline deadline)
{
    return time_left(deadline, 1) <= 0;
}

static bool prepare_all(struct shared *const *objects, size_t count, struct beds *beds)
{
    beds->count = 0;
    for (size_t i = 0; i < count; i++) {
        if (!prepare_to_sleep(objects[i], beds))
            return false;
    }
    return true;
}

/* Where the kernel cannot sleep on many words, on one that whoever signals an object changes too. */
static void doze(struct shared *const *objects, size_t count, struct deadline deadline)
{
    struct header *header = &arena->header;
    struct beds beds;
    /* Before the objects are looked at: whoever signals one after that sees it, and whoever did before has been seen. */
    uint32_t sequence = announce_sleeper(&header->sequence);
    int64_t time = time_left(deadline, LONGEST_DOZE);
    if (time > 0 && prepare_all(objects, count, &beds))
        sleep_on(&header->sequence, sequence, time);
}

static void sleep_and_pass_on(struct shared *const *objects, size_t count, const struct beds *beds, int64_t time)
{
    sleep_on_all(beds, time);
    for (size_t i = 0; i < count; i++) {
        if (objects[i]->kind == SHARED_MUTEX)
            pass_on_mutex(objects[i]);
    }
}

void sleep_until_signalled(struct shared *const *objects, size_t count, struct deadline deadline)
{
    struct beds beds;
    int64_t time = time_left(deadline, LONGEST_SLEEP);
    if (time <= 0 || !prepare_all(objects, count, &beds))
        return;
    if (!can_sleep_on(&beds))
        doze(objects, count, deadline);
    else
        sleep_and_pass_on(objects, count, &beds, time);
}

struct failure find_objects(const int32_t *handles, size_t count, const char *function, struct shared **objects)
{
    if (count == 0 || count > MOST_OBJECTS)
        return (struct failure){function, INVALID_PARAMETER};
    for (size_t i = 0; i < count; i++) {
        struct reference *reference = find_reference(handles[i]);
        if (reference == NULL)
            return (struct failure){function, INVALID_HANDLE};
        objects[i] = &arena->objects[reference->object - 1];
        if (objects[i]->kind < SHARED_MUTEX || objects[i]->kind > SHARED_MANUAL_EVENT)
            return (struct failure){function, INVALID_HANDLE};
    }
    return success;
}

static struct failure wait(const int32_t *handles, size_t count, uint32_t timeout, const char *function, uint32_t *status)
{
    struct shared *objects[MOST_OBJECTS];
    struct failure failure = find_objects(handles, count, function, objects);
    if (failure.function != NULL)
        return failure;
    struct deadline deadline = deadline_after(timeout);
    for (;;) {
        for (uint32_t i = 0; i < count; i++) {
            enum outcome outcome = try_to_take(objects[i]);
            if (outcome == REFUSED)
                return (struct failure){function, OUT_OF_MEMORY};
            if (outcome != UNSIGNALLED) {
                *status = (outcome == ABANDONED ? WAITED_ABANDONED : WAITED_TAKEN) + i;
                return success;
            }
            look_on(objects[i]);
        }
        if (is_over(deadline)) {
            *status = WAITED_TIMEOUT;
            return success;
        }
        sleep_until_signalled(objects, count, deadline);
    }
}

struct failure wait_for_one(int32_t handle, uint32_t timeout, uint32_t *status)
{
    return wait(&handle, 1, timeout, "WaitForSingleObject", status);
}

struct failure wait_for_any(const int32_t *handles, size_t count, uint32_t timeout, uint32_t *status)
{
    return wait(handles, count, timeout, "WaitForMultipleObjects", status);
}
