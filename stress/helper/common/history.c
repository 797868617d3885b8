#include "history.h"

#include "choice.h"

enum { NOT_OWNER = 288, TOO_MANY_POSTS = 298 };

/* Of a liar's sets one of so many is lost. */
enum { LOST_SET = 4 };

struct player {
    struct contest *contest;
    struct recorder recorder;
    struct stage stage;
    uint32_t random;
    int32_t sets;
};

static bool is_wait(const struct operation *operation)
{
    return operation->verb <= OP_WAIT_ALL || operation->verb == OP_SIGNAL_AND_WAIT;
}

static bool is_mutex(const struct player *player, int32_t object)
{
    return player->stage.objects[object]->kind == KIND_MUTEX;
}

/* An error that is an outcome like any other becomes one; whatever else failed stays a failure. */
static struct failure outcome_of(struct failure failure, int32_t *outcome)
{
    if (failure.function == NULL || (failure.number != NOT_OWNER && failure.number != TOO_MANY_POSTS))
        return failure;
    *outcome = -(int32_t)failure.number;
    return success;
}

static struct failure release(const struct object *object, int32_t count, int32_t *outcome)
{
    *outcome = 0;
    return outcome_of(object->kind == KIND_MUTEX ? release_mutex(object->handle) : release_semaphore(object->handle, count, outcome), outcome);
}

/* A liar's wait for all. What it has taken when it comes to one that is not signalled, it gives back. */
static struct failure take_one_by_one(const struct player *player, const struct operation *operation, uint32_t *status)
{
    uint32_t told = WAITED_TAKEN;
    for (int32_t i = 0; i < operation->count; i++) {
        struct failure failure = wait_for_one(player->stage.objects[operation->objects[i]]->handle, (uint32_t)operation->argument, status);
        for (int32_t taken = 0; failure.function == NULL && *status == WAITED_TIMEOUT && taken < i; taken++) {
            int32_t outcome;
            failure = outcome_of(give_back(player->stage.objects[operation->objects[taken]]), &outcome);
        }
        if (failure.function != NULL || *status == WAITED_TIMEOUT)
            return failure;
        told = *status > told ? *status : told;
    }
    *status = told;
    return success;
}

static struct failure signal_first(const struct player *player, const struct operation *operation, uint32_t *status)
{
    const struct object *first = player->stage.objects[operation->objects[0]], *second = player->stage.objects[operation->objects[1]];
    uint32_t timeout = (uint32_t)operation->argument;
    if (player->contest->lie == LIE_SIGNAL && first->kind != KIND_MUTEX)
        return wait_for_one(second->handle, timeout, status);
    return signal_and_wait(first->handle, second->handle, timeout, status);
}

static struct failure wait(const struct player *player, const struct operation *operation, int32_t *outcome)
{
    int32_t handles[RECORD_OBJECTS];
    size_t count = (size_t)operation->count;
    uint32_t timeout = (uint32_t)operation->argument, status = WAITED_TIMEOUT;
    for (size_t i = 0; i < count; i++)
        handles[i] = player->stage.objects[operation->objects[i]]->handle;
    struct failure failure;
    if (operation->verb == OP_WAIT)
        failure = wait_for_one(handles[0], timeout, &status);
    else if (operation->verb == OP_WAIT_ANY)
        failure = wait_for_any(handles, count, timeout, &status);
    else if (operation->verb == OP_SIGNAL_AND_WAIT)
        failure = signal_first(player, operation, &status);
    else if (player->contest->lie == LIE_PART)
        failure = take_one_by_one(player, operation, &status);
    else
        failure = wait_for_all(handles, count, timeout, &status);
    if (player->contest->lie == LIE_NEWS && status != WAITED_TIMEOUT)
        status %= WAITED_ABANDONED;
    *outcome = (int32_t)status;
    return outcome_of(failure, outcome);
}

static struct failure act(struct player *player, const struct operation *operation, int32_t *outcome)
{
    const struct object *object = player->stage.objects[operation->objects[0]];
    enum lie lie = (enum lie)player->contest->lie;
    *outcome = 0;
    /* A lock that does not lock: of the mutexes that are never waited for together with others. */
    if (lie == LIE_LOCK && object->kind == KIND_MUTEX && operation->objects[0] < player->stage.count - player->stage.joint)
        return success;
    switch (operation->verb) {
    case OP_RELEASE:
        return release(object, lie == LIE_PERMIT && operation->argument > 1 ? operation->argument - 1 : operation->argument, outcome);
    case OP_SET:
        return lie == LIE_SET && ++player->sets % LOST_SET == 0 ? success : set_event(object->handle);
    case OP_RESET:
        return reset_event(object->handle);
    default:
        return wait(player, operation, outcome);
    }
}

static void note_taken(struct player *player, int32_t object)
{
    if (is_mutex(player, object))
        player->stage.depths[object]++;
}

static void note(struct player *player, const struct operation *operation, int32_t outcome, int64_t nanoseconds)
{
    bool releases = operation->verb == OP_SIGNAL_AND_WAIT ? outcome >= 0 : operation->verb == OP_RELEASE && outcome == 0;
    if (releases && is_mutex(player, operation->objects[0]))
        player->stage.depths[operation->objects[0]]--;
    if (!is_wait(operation) || outcome == WAITED_TIMEOUT || outcome < 0)
        return;
    add_wait(&player->contest->waits, nanoseconds);
    if (outcome >= WAITED_ABANDONED)
        player->contest->abandonments++;
    if (operation->verb == OP_SIGNAL_AND_WAIT)
        note_taken(player, operation->objects[1]);
    else if (operation->verb != OP_WAIT_ALL)
        note_taken(player, operation->objects[outcome % WAITED_ABANDONED]);
    for (int32_t i = 0; operation->verb == OP_WAIT_ALL && i < operation->count; i++)
        note_taken(player, operation->objects[i]);
}

static bool perform(struct player *player, const struct operation *operation)
{
    spin(player->contest);
    record_call(&player->recorder, operation);
    int32_t outcome;
    if (!succeeded(player->contest, act(player, operation, &outcome)))
        return false;
    int64_t nanoseconds = record_return(&player->recorder, outcome);
    note(player, operation, outcome, nanoseconds);
    make_progress(player->contest);
    return true;
}

/* For one more operation, and for letting go of all that is owned. */
static bool has_room(const struct player *player)
{
    int32_t owned = 0;
    for (int32_t object = 0; object < player->stage.count; object++)
        owned += player->stage.depths[object];
    return room_in(&player->recorder) > owned + player->stage.count;
}

static bool let_all_go(struct player *player)
{
    for (int32_t object = 0; object < player->stage.count; object++) {
        struct operation operation = {.verb = OP_RELEASE, .count = 1, .objects = {object}};
        for (int32_t left = player->stage.depths[object]; left > 0; left--) {
            if (!perform(player, &operation))
                return false;
        }
    }
    return true;
}

bool history(struct contest *contest)
{
    struct player player = {.contest = contest, .recorder = begin_record(&contest->record->view), .random = (uint32_t)contest->seed};
    player.stage.count = contest->objects;
    player.stage.joint = contest->joint;
    player.stage.timeouts = contest->timeouts;
    for (int32_t object = 0; object < contest->objects; object++)
        player.stage.objects[object] = object_in(contest->first + object);
    while (!stopped(contest) && has_room(&player)) {
        struct operation operation = choose(&player.random, &player.stage);
        if (!perform(&player, &operation))
            return false;
    }
    let_all_go(&player);
    return false;
}

void check_history(struct command *command, const struct contest *contest)
{
    if (contest->record != NULL && !has_layout(&contest->record->view, RECORD_BYTES, HISTORY_RECORD_FINGERPRINT))
        reject(command, "record", "a section with another layout");
    if (contest->joint > contest->objects)
        reject(command, "joint", "more than there are objects");
    for (int32_t object = 0; object < contest->objects; object++) {
        const struct object *found = object_in(contest->first + object);
        if (found == NULL || !(found->kind & KIND_WAITABLE))
            reject(command, "objects", "not all of them slots with something to wait for");
    }
}
