#include "contest.h"

#include "board.h"
#include "interlocked.h"
#include "process.h"

enum { WAIT_LIMIT = 20000 };

volatile int32_t *at(const struct contest *contest, int32_t index)
{
    return contest->board->view.words + index;
}

bool stopped(const struct contest *contest)
{
    return *at(contest, BOARD_STOP) != 0;
}

int32_t next(int32_t value)
{
    return (int32_t)((uint32_t)value + 1);
}

void spin(const struct contest *contest)
{
    /* Volatile, so that the compiler keeps the loop. */
    for (volatile int32_t turn = 0; turn < contest->spin; turn++) {
    }
}

void violate(struct contest *contest, const char *violation)
{
    if (contest->violations++ == 0)
        contest->first_violation = violation;
    /* A broken twin has been found out, which is all that it is run for. */
    if (contest->broken != 0)
        *at(contest, BOARD_STOP) = 1;
}

bool succeeded(struct contest *contest, struct failure failure)
{
    contest->failure = failure;
    return failure.function == NULL;
}

bool set(struct contest *contest, const struct object *event)
{
    return succeeded(contest, give_back(event));
}

static uint32_t limit_of(const struct contest *contest)
{
    return contest->patience == 0 ? WAIT_LIMIT : (uint32_t)contest->patience;
}

/* Reports what became of a wait. True when it took something. */
static bool waited(struct contest *contest, struct failure failure, uint32_t status)
{
    if (!succeeded(contest, failure))
        return false;
    if (status == WAITED_TIMEOUT) {
        violate(contest, "stuck");
        return false;
    }
    if (status >= WAITED_ABANDONED)
        contest->abandonments++;
    return true;
}

/* 0 where nothing is measured: reading a clock may take longer than a lock. */
static int64_t start_of_wait(const struct contest *contest)
{
    return contest->clock ? now_nanoseconds() : 0;
}

/* The same of a wait that began at `start`. */
static bool waited_since(struct contest *contest, struct failure failure, uint32_t status, int64_t start)
{
    if (!contest->clock)
        return waited(contest, failure, status);
    contest->wait_began = start;
    contest->wait_ended = now_nanoseconds();
    if (failure.function == NULL)
        add_wait(&contest->waits, contest->wait_ended - start);
    return waited(contest, failure, status);
}

/* In an entry of RELEASED_BY the contender stands above so many values of its bitness. */
enum { BITS_LIMIT = 256 };

static volatile double *released_at(const struct contest *contest, int32_t entry)
{
    return (volatile double *)at(contest, BOARD_RELEASED_AT) + entry;
}

void note_hand_over(struct contest *contest, int32_t entry)
{
    if (!contest->clock)
        return;
    int64_t released = (int64_t)*released_at(contest, entry);
    int32_t by = *at(contest, BOARD_RELEASED_BY + entry);
    if (released > contest->wait_began && by / BITS_LIMIT != contest->contender)
        add_wait(&contest->hand_overs[by % BITS_LIMIT == 32 ? 0 : 1], contest->wait_ended - released);
}

void note_release(struct contest *contest, int32_t entry)
{
    if (!contest->clock)
        return;
    int64_t now = now_nanoseconds();
    add_wait(&contest->holds, now - contest->wait_ended);
    if (entry == NO_ENTRY)
        return;
    *released_at(contest, entry) = (double)now;
    *at(contest, BOARD_RELEASED_BY + entry) = contest->contender * BITS_LIMIT + 8 * (int32_t)sizeof(void *);
}

bool wait_for(struct contest *contest, const struct object *object, uint32_t *status)
{
    int64_t start = start_of_wait(contest);
    struct failure failure = wait_for_one(object->handle, limit_of(contest), status);
    return waited_since(contest, failure, *status, start);
}

bool wait_for_ever(struct contest *contest, const struct object *object, uint32_t *status)
{
    struct failure failure = wait_for_one(object->handle, FOR_EVER, status);
    return waited(contest, failure, *status);
}

static bool wait_for_many(struct contest *contest, struct object *const *objects, size_t count, bool all, uint32_t *status)
{
    int32_t handles[3];
    for (size_t i = 0; i < count; i++)
        handles[i] = objects[i]->handle;
    int64_t start = start_of_wait(contest);
    struct failure failure = (all ? wait_for_all : wait_for_any)(handles, count, limit_of(contest), status);
    return waited_since(contest, failure, *status, start);
}

bool wait_for_two(struct contest *contest, struct object *const objects[2], uint32_t *status)
{
    return wait_for_many(contest, objects, 2, true, status);
}

bool wait_for_three(struct contest *contest, struct object *const objects[3], bool all, uint32_t *status)
{
    return wait_for_many(contest, objects, 3, all, status);
}

int32_t progress_of(const struct contest *contest, int32_t contender)
{
    return *at(contest, BOARD_PROGRESS + contender);
}

int32_t progress_of_all(const struct contest *contest)
{
    uint32_t sum = 0;
    for (int32_t contender = 0; contender < contest->contenders; contender++)
        sum += (uint32_t)progress_of(contest, contender);
    return (int32_t)sum;
}

void make_progress(struct contest *contest)
{
    *at(contest, BOARD_PROGRESS + contest->contender) = next(progress_of(contest, contest->contender));
    contest->operations++;
}

void raise_to(volatile int32_t *word, int32_t value)
{
    int32_t seen = *word;
    while (seen < value) {
        int32_t found = interlocked_compare_exchange(word, value, seen);
        if (found == seen)
            return;
        seen = found;
    }
}
