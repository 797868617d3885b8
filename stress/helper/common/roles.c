#include "roles.h"

#include "board.h"
#include "churn.h"
#include "history.h"
#include "interlocked.h"
#include "text.h"

#include <string.h>

/* The entry on the board of the lock that `count` contends for. */
enum { LOCK = 0 };

static bool count(struct contest *contest)
{
    uint32_t status = WAITED_TAKEN;
    if (contest->lock != NULL && !wait_for(contest, contest->lock, &status))
        return false;
    if (contest->broken && status == WAITED_ABANDONED) {
        status = WAITED_TAKEN;
        contest->abandonments--;
    }
    if (contest->lock != NULL && status == WAITED_TAKEN)
        note_hand_over(contest, LOCK);
    int32_t sum = progress_of_all(contest);
    /* An owner that died between its two writes left them apart. The abandoned mutex tells whoever is next, and nobody else. */
    if (status == WAITED_ABANDONED)
        *at(contest, BOARD_COUNTER) = sum;
    int32_t value = *at(contest, BOARD_COUNTER);
    if (value != sum)
        violate(contest, "torn");
    spin(contest);
    *at(contest, BOARD_COUNTER) = next(value);
    /* Once more: else hardly anybody that is killed would leave the two writes apart. */
    spin(contest);
    make_progress(contest);
    if (contest->lock == NULL)
        return true;
    note_release(contest, LOCK);
    return succeeded(contest, give_back(contest->lock));
}

/* For measurements: where nobody asks how long a wait takes, no clock is read at all. */
static bool race(struct contest *contest)
{
    uint32_t status;
    if (!(contest->clock ? wait_for : wait_for_ever)(contest, contest->lock, &status))
        return false;
    volatile int32_t *counter = at(contest, BOARD_COUNTER);
    *counter = next(*counter);
    make_progress(contest);
    return succeeded(contest, give_back(contest->lock));
}

static bool permits(struct contest *contest)
{
    uint32_t status;
    if (!wait_for(contest, contest->semaphore, &status))
        return false;
    int32_t inside = interlocked_add(1, at(contest, BOARD_INSIDE));
    if (inside > contest->maximum)
        violate(contest, "over");
    raise_to(at(contest, BOARD_HIGH_WATER), inside);
    spin(contest);
    interlocked_add(-1, at(contest, BOARD_INSIDE));
    make_progress(contest);
    if (contest->broken && contest->operations == 1)
        return true;
    note_release(contest, NO_ENTRY);
    return succeeded(contest, give_back(contest->semaphore));
}

static bool ping(struct contest *contest)
{
    uint32_t status;
    if (!wait_for(contest, contest->mine, &status))
        return false;
    note_hand_over(contest, contest->ball);
    volatile int32_t *ball = at(contest, BOARD_TALLY + contest->ball);
    int32_t value = *ball;
    if ((value & 1) != contest->parity)
        violate(contest, "turn");
    *ball = next(value);
    make_progress(contest);
    /*
     * Before the ball goes: then the players see `STOP` one after the other. Seen after it, when the ball may be back already,
     * `STOP` would end this player while the other, who had not seen it, waits for the ball.
     */
    bool last = stopped(contest);
    note_release(contest, contest->ball);
    return set(contest, contest->theirs) && (!contest->broken || set(contest, contest->mine)) && !last;
}

static struct object *gate_of(const struct contest *contest, int64_t round)
{
    return round % 2 == 0 ? contest->gate0 : contest->gate1;
}

static bool gate(struct contest *contest)
{
    uint32_t status;
    int64_t round = contest->operations;
    if (!wait_for(contest, gate_of(contest, round), &status))
        return false;
    if (*at(contest, BOARD_ROUND) != (int32_t)round)
        violate(contest, "round");
    make_progress(contest);
    /* All of this before arriving: after the last arrival the source goes on to the next round, and writes it again. */
    bool last_round = *at(contest, BOARD_LAST_ROUND) != 0;
    bool last_arrival = interlocked_add(1, at(contest, BOARD_ARRIVED)) == contest->contenders - 1;
    return (!last_arrival || set(contest, contest->all)) && !last_round;
}

static bool all_have_passed(const struct contest *contest, int64_t round)
{
    for (int32_t contender = 0; contender < contest->contenders - 1; contender++) {
        if (progress_of(contest, contender) != (int32_t)(round + 1))
            return false;
    }
    return *at(contest, BOARD_ARRIVED) == contest->contenders - 1;
}

static bool source(struct contest *contest)
{
    uint32_t status;
    int64_t round = contest->operations;
    *at(contest, BOARD_ARRIVED) = 0;
    if (!succeeded(contest, reset_event(gate_of(contest, round + 1)->handle)))
        return false;
    *at(contest, BOARD_ROUND) = (int32_t)round;
    bool last_round = stopped(contest);
    *at(contest, BOARD_LAST_ROUND) = last_round;
    if (!set(contest, gate_of(contest, round)))
        return false;
    if (contest->broken && !succeeded(contest, reset_event(gate_of(contest, round)->handle)))
        return false;
    if (!wait_for(contest, contest->all, &status))
        return false;
    if (!all_have_passed(contest, round))
        violate(contest, "round");
    make_progress(contest);
    return !last_round;
}

/* The objects of `any` and `all`, in the order of their entries in TALLY, TAKEN and HOLDERS. */
struct trio {
    struct object *objects[3];
    int32_t limits[3];
};

/* One operation with the objects in `held`, one bit each. The sole holder of an object may count without a lock. */
static void use(struct contest *contest, const struct trio *trio, unsigned held)
{
    int32_t tallies[3] = {0};
    for (int k = 0; k < 3; k++) {
        if (!(held & 1u << k))
            continue;
        if (interlocked_add(1, at(contest, BOARD_HOLDERS + k)) > trio->limits[k])
            violate(contest, "over");
        interlocked_add(1, at(contest, BOARD_TAKEN + k));
        tallies[k] = *at(contest, BOARD_TALLY + k);
    }
    spin(contest);
    for (int k = 0; k < 3; k++) {
        if (!(held & 1u << k))
            continue;
        if (trio->limits[k] == 1)
            *at(contest, BOARD_TALLY + k) = next(tallies[k]);
        interlocked_add(-1, at(contest, BOARD_HOLDERS + k));
    }
    make_progress(contest);
    note_release(contest, NO_ENTRY);
}

static void rotate(const struct trio *trio, int first, struct object *rotated[3])
{
    for (int i = 0; i < 3; i++)
        rotated[i] = trio->objects[(first + i) % 3];
}

static bool any(struct contest *contest)
{
    struct trio trio = {{contest->mutex, contest->semaphore, contest->event}, {1, contest->maximum, 1}};
    struct object *rotated[3];
    uint32_t status;
    int first = (int)(contest->operations % 3);
    rotate(&trio, first, rotated);
    if (!wait_for_three(contest, rotated, false, &status))
        return false;
    int index = (int)(status >= WAITED_ABANDONED ? status - WAITED_ABANDONED : status - WAITED_TAKEN);
    use(contest, &trio, 1u << (first + index) % 3);
    return succeeded(contest, give_back(rotated[index]));
}

static bool all(struct contest *contest)
{
    struct trio trio = {{contest->mutex, contest->semaphore, contest->event}, {1, 1, 1}};
    struct object *rotated[3];
    uint32_t status;
    int first = (int)(contest->operations % 3);
    rotate(&trio, first, rotated);
    /* Single takers come between those that want all three, so that a wait for all has something to get wrong. */
    if (contest->operations % 4 == 3) {
        if (!wait_for(contest, rotated[0], &status))
            return false;
        use(contest, &trio, 1u << first);
        return succeeded(contest, give_back(rotated[0]));
    }
    /* The fault takes a part, and goes on as though it had the event too. */
    if (!(contest->broken ? wait_for_two(contest, trio.objects, &status) : wait_for_three(contest, rotated, true, &status)))
        return false;
    use(contest, &trio, 7);
    return succeeded(contest, give_back(rotated[0])) && succeeded(contest, give_back(rotated[1])) &&
           succeeded(contest, give_back(rotated[2]));
}

static bool take_set(struct contest *contest, struct object *const objects[3])
{
    uint32_t status;
    if (!contest->broken)
        return wait_for_three(contest, objects, true, &status);
    /* In the order in which a part can be told from what may be missing. */
    const struct object *const in_turn[] = {contest->event, contest->semaphore, contest->mutex};
    for (int i = 0; i < 3; i++) {
        if (!wait_for(contest, in_turn[i], &status))
            return false;
        spin(contest);
    }
    return true;
}

static bool use_set(struct contest *contest, struct object *const objects[3])
{
    if (!take_set(contest, objects))
        return false;
    spin(contest);
    note_release(contest, NO_ENTRY);
    /* The mutex last: as long as anything of the set is missing, a death shows by the mutex as well. */
    return succeeded(contest, give_back(contest->event)) && succeeded(contest, give_back(contest->semaphore)) &&
           succeeded(contest, give_back(contest->mutex));
}

static bool use_one(struct contest *contest, struct object *const objects[3])
{
    uint32_t status;
    if (!wait_for_three(contest, objects, false, &status))
        return false;
    spin(contest);
    note_release(contest, NO_ENTRY);
    return succeeded(contest, give_back(objects[status >= WAITED_ABANDONED ? status - WAITED_ABANDONED : status - WAITED_TAKEN]));
}

static bool sets(struct contest *contest)
{
    struct trio trio = {{contest->mutex, contest->semaphore, contest->event}, {1, 1, 1}};
    struct object *rotated[3];
    int64_t turn = contest->operations;
    rotate(&trio, (int)(turn % 3), rotated);
    if (turn % 4 == 3 && !succeeded(contest, churn(contest->churn, turn / 4)))
        return false;
    if (!(turn % 2 == 0 ? use_set : use_one)(contest, rotated))
        return false;
    make_progress(contest);
    return true;
}

static const struct role roles[] = {
    {"count", {"lock"}, true, ANYWHERE, count, NULL},
    {"race", {"lock"}, true, ANYWHERE, race, NULL},
    {"permits", {"semaphore", "maximum"}, true, ANYWHERE, permits, NULL},
    {"ping", {"mine", "theirs", "ball", "parity"}, false, ANYWHERE, ping, NULL},
    {"gate", {"gate0", "gate1", "all"}, false, BUT_LAST, gate, NULL},
    {"source", {"gate0", "gate1", "all"}, false, LAST, source, NULL},
    {"any", {"mutex", "semaphore", "maximum", "event"}, true, ANYWHERE, any, NULL},
    {"all", {"mutex", "semaphore", "event"}, true, ANYWHERE, all, NULL},
    {"sets", {"mutex", "semaphore", "event", "churn"}, true, ANYWHERE, sets, NULL},
    {"history", {"record", "first", "objects", "joint", "timeouts", "seed", "lie", "asynchronous"}, true, ANYWHERE, history, check_history},
};

const struct role *find_role(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(roles); i++) {
        if (strcmp(roles[i].name, name) == 0)
            return &roles[i];
    }
    return NULL;
}

void play(const struct role *role, struct contest *contest)
{
    do {
        if (role->until_stop && stopped(contest))
            return;
    } while (role->operate(contest));
}
