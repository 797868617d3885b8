#include "contest.h"

#include "board.h"

enum { WAIT_LIMIT = 20000 };

volatile LONG *at(const struct contest *contest, LONG index)
{
    return contest->board->words + index;
}

bool stopped(const struct contest *contest)
{
    return *at(contest, BOARD_STOP) != 0;
}

LONG next(LONG value)
{
    return (LONG)((ULONG)value + 1);
}

void spin(const struct contest *contest)
{
    /* Volatile, so that the compiler keeps the loop. */
    for (volatile LONG turn = 0; turn < contest->spin; turn++) {
    }
}

void violate(struct contest *contest, const char *violation)
{
    if (contest->violations++ == 0)
        contest->first_violation = violation;
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

/* Reports what became of a wait that began at `start`. True when it took something. */
static bool waited(struct contest *contest, DWORD status, LONGLONG start, const char *function)
{
    if (status == WAIT_FAILED)
        return succeeded(contest, failure_of(function));
    add_wait(&contest->waits, nanoseconds_since(start));
    if (status == WAIT_TIMEOUT) {
        violate(contest, "stuck");
        return false;
    }
    if (status >= WAIT_ABANDONED_0)
        contest->abandonments++;
    return true;
}

bool wait_for(struct contest *contest, const struct object *object, DWORD *status)
{
    LONGLONG start = now_ticks();
    *status = WaitForSingleObject(object->handle, WAIT_LIMIT);
    return waited(contest, *status, start, "WaitForSingleObject");
}

bool wait_for_three(struct contest *contest, struct object *const objects[3], BOOL all, DWORD *status)
{
    HANDLE handles[] = {objects[0]->handle, objects[1]->handle, objects[2]->handle};
    LONGLONG start = now_ticks();
    *status = WaitForMultipleObjects(3, handles, all, WAIT_LIMIT);
    return waited(contest, *status, start, "WaitForMultipleObjects");
}

LONG progress_of(const struct contest *contest, LONG contender)
{
    return *at(contest, BOARD_PROGRESS + contender);
}

LONG progress_of_all(const struct contest *contest)
{
    ULONG sum = 0;
    for (LONG contender = 0; contender < contest->contenders; contender++)
        sum += (ULONG)progress_of(contest, contender);
    return (LONG)sum;
}

void make_progress(struct contest *contest)
{
    *at(contest, BOARD_PROGRESS + contest->contender) = next(progress_of(contest, contest->contender));
    contest->operations++;
}

void raise_to(volatile LONG *word, LONG value)
{
    LONG seen = *word;
    while (seen < value) {
        LONG found = InterlockedCompareExchange(word, value, seen);
        if (found == seen)
            return;
        seen = found;
    }
}
