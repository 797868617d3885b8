#include "board.h"
#include "history.h"
#include "roles.h"
#include "text.h"
#include "verbs.h"

#include <stddef.h>
#include <string.h>

/* A key's value is a slot with an object of that kind, or, where the kind is 0, a number. */
static const struct key {
    const char *name;
    size_t member;
    enum kind kind;
    int32_t least, most;
} keys[] = {
    {"board", offsetof(struct contest, board), KIND_SECTION, 0, 0},
    {"contender", offsetof(struct contest, contender), 0, 0, CONTENDERS - 1},
    {"contenders", offsetof(struct contest, contenders), 0, 1, CONTENDERS},
    {"spin", offsetof(struct contest, spin), 0, 0, INT32_MAX},
    {"broken", offsetof(struct contest, broken), 0, 0, 3},
    {"patience", offsetof(struct contest, patience), 0, 1, INT32_MAX},
    {"clock", offsetof(struct contest, clock), 0, 0, 1},
    {"lock", offsetof(struct contest, lock), KIND_MUTEX, 0, 0},
    {"semaphore", offsetof(struct contest, semaphore), KIND_SEMAPHORE, 0, 0},
    {"maximum", offsetof(struct contest, maximum), 0, 1, INT32_MAX},
    {"mine", offsetof(struct contest, mine), KIND_EVENT, 0, 0},
    {"theirs", offsetof(struct contest, theirs), KIND_EVENT, 0, 0},
    {"ball", offsetof(struct contest, ball), 0, 0, TALLIES - 1},
    {"parity", offsetof(struct contest, parity), 0, 0, 1},
    {"gate0", offsetof(struct contest, gate0), KIND_EVENT, 0, 0},
    {"gate1", offsetof(struct contest, gate1), KIND_EVENT, 0, 0},
    {"all", offsetof(struct contest, all), KIND_EVENT, 0, 0},
    {"mutex", offsetof(struct contest, mutex), KIND_MUTEX, 0, 0},
    {"event", offsetof(struct contest, event), KIND_EVENT, 0, 0},
    {"churn", offsetof(struct contest, churn), 0, 0, INT32_MAX},
    {"record", offsetof(struct contest, record), KIND_SECTION, 0, 0},
    {"first", offsetof(struct contest, first), 0, 0, SLOTS - 1},
    {"objects", offsetof(struct contest, objects), 0, 1, MOST_STAGED},
    {"joint", offsetof(struct contest, joint), 0, 0, MOST_STAGED},
    {"timeouts", offsetof(struct contest, timeouts), 0, 0, INT32_MAX},
    {"seed", offsetof(struct contest, seed), 0, 1, INT32_MAX},
    {"lie", offsetof(struct contest, lie), 0, 0, LIES - 1},
    {"asynchronous", offsetof(struct contest, asynchronous), 0, 0, 0},
};

/* The first of those that every role takes are needed, too. */
enum { NEEDED_BY_ALL = 4, COMMON_KEYS = 7 };

static bool may_be_left_out(size_t key)
{
    return key >= NEEDED_BY_ALL && key < COMMON_KEYS;
}

static bool belongs_to(const struct role *role, size_t key)
{
    if (key < COMMON_KEYS)
        return true;
    for (size_t i = 0; i < COUNT_OF(role->keys) && role->keys[i] != NULL; i++) {
        if (strcmp(role->keys[i], keys[key].name) == 0)
            return true;
    }
    return false;
}

static bool find_key(const struct role *role, const char *name, size_t length, size_t *key)
{
    for (*key = 0; *key < COUNT_OF(keys); ++*key) {
        const char *candidate = keys[*key].name;
        if (strlen(candidate) == length && strncmp(candidate, name, length) == 0)
            return belongs_to(role, *key);
    }
    return false;
}

static void set_value(struct command *command, struct contest *contest, const struct key *key, const char *text)
{
    void *member = (char *)contest + key->member;
    int64_t number;
    if (key->kind == 0) {
        if (parse_number(text, key->least, key->most, &number))
            *(int32_t *)member = (int32_t)number;
        else
            reject(command, key->name, "not a number in its range");
    } else if (key->member != offsetof(struct contest, lock) || strcmp(text, "-1") != 0) {
        *(struct object **)member = find_object(command, key->name, text, key->kind);
    }
}

static void take_settings(struct command *command, const struct role *role, struct contest *contest)
{
    bool seen[COUNT_OF(keys)] = {false};
    while (has_more(command)) {
        const char *field = take_text(command, "key");
        const char *equals = strchr(field, '=');
        size_t key;
        if (equals == NULL || !find_key(role, field, (size_t)(equals - field), &key)) {
            reject(command, "key", "not one that the role takes");
        } else if (seen[key]) {
            reject(command, keys[key].name, "given twice");
        } else {
            seen[key] = true;
            set_value(command, contest, &keys[key], equals + 1);
        }
    }
    for (size_t key = 0; key < COUNT_OF(keys); key++) {
        if (belongs_to(role, key) && !seen[key] && !may_be_left_out(key))
            reject(command, keys[key].name, "missing");
    }
}

static void check_settings(struct command *command, const struct role *role, const struct contest *contest)
{
    if (contest->board != NULL && !has_layout(&contest->board->view, BOARD_BYTES, BOARD_FINGERPRINT))
        reject(command, "board", "a section with another layout");
    int32_t last = contest->contenders - 1;
    if (contest->contender > last)
        reject(command, "contender", "not among the contenders");
    if (role->place != ANYWHERE && (role->place == LAST) != (contest->contender == last))
        reject(command, "contender", "the source is the last contender, and only it");
    if (role->place != ANYWHERE && last == 0)
        reject(command, "contenders", "a source needs others");
    if (role->check != NULL && command->bad_field == NULL)
        role->check(command, contest);
}

static void reply_outcome(const struct contest *contest)
{
    if (contest->failure.function != NULL) {
        reply_error(contest->failure);
        return;
    }
    reply_field(contest->operations);
    reply_field(contest->abandonments);
    reply_field(contest->violations);
    reply_word(contest->violations == 0 ? "-" : contest->first_violation);
    reply_waits(&contest->waits);
    reply_waits(&contest->holds);
    for (size_t i = 0; i < COUNT_OF(contest->hand_overs); i++)
        reply_waits(&contest->hand_overs[i]);
}

void verb_run(struct command *command)
{
    struct contest contest = {.clock = 1};
    const struct role *role = find_role(take_text(command, "role"));
    if (role == NULL) {
        reject(command, "role", "unknown");
    } else {
        take_settings(command, role, &contest);
        check_settings(command, role, &contest);
    }
    if (!end_command(command))
        return;
    play(role, &contest);
    reply_outcome(&contest);
}
