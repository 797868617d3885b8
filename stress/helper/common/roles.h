/* The parts that a peer can play in a scenario. PROTOCOL.md has them one by one. */
#pragma once
#include "contest.h"

enum place { ANYWHERE, BUT_LAST, LAST };

struct role {
    const char *name;
    const char *keys[8];
    /* Whether `STOP` is looked at before an operation; otherwise the operation itself knows when it was the last. */
    bool until_stop;
    /* Which of the contenders may play it. */
    enum place place;
    /* One operation. False ends the role. */
    bool (*operate)(struct contest *contest);
    /* Rejects settings that make no sense together; NULL where each alone says all. */
    void (*check)(struct command *command, const struct contest *contest);
};

const struct role *find_role(const char *name);
void play(const struct role *role, struct contest *contest);
