#include "choice.h"

#include "random.h"

/* More permits than any semaphore has room for. */
enum { TOO_MANY = 100, LONGEST_TIMEOUT = 3 };

static int32_t choose_timeout(uint32_t *random, const struct stage *stage)
{
    return stage->timeouts > 0 && random_below(random, stage->timeouts) == 0 ? 1 + random_below(random, LONGEST_TIMEOUT) : 0;
}

/* Neighbours on a ring, in one direction or the other. */
static struct operation choose_joint_wait(uint32_t *random, const struct stage *stage)
{
    int32_t joint = stage->joint, base = stage->count - joint;
    struct operation operation = {.verb = random_below(random, 2) == 0 ? OP_WAIT_ANY : OP_WAIT_ALL};
    operation.count = 2 + random_below(random, (joint < RECORD_OBJECTS ? joint : RECORD_OBJECTS) - 1);
    int32_t first = random_below(random, joint);
    int32_t step = random_below(random, 2) == 0 ? 1 : joint - 1;
    for (int32_t i = 0; i < operation.count; i++)
        operation.objects[i] = base + (first + i * step) % joint;
    operation.argument = choose_timeout(random, stage);
    return operation;
}

static struct operation choose_signal_and_wait(uint32_t *random, const struct stage *stage)
{
    int32_t joint = stage->joint, base = stage->count - joint;
    int32_t first = random_below(random, joint);
    int32_t second = (first + 1 + random_below(random, joint - 1)) % joint;
    struct operation operation = {.verb = OP_SIGNAL_AND_WAIT, .count = 2, .objects = {base + first, base + second}};
    operation.argument = choose_timeout(random, stage);
    return operation;
}

struct operation choose(uint32_t *random, const struct stage *stage)
{
    int32_t many = stage->joint >= 2 ? random_below(random, 16) : 16;
    if (many < 5)
        return choose_joint_wait(random, stage);
    if (many < 7)
        return choose_signal_and_wait(random, stage);
    int32_t object = random_below(random, stage->count);
    struct operation operation = {.verb = OP_WAIT, .count = 1, .objects = {object}};
    int32_t chance = random_below(random, 8);
    switch (stage->objects[object]->kind) {
    case KIND_MUTEX:
        if (chance >= (stage->depths[object] > 0 ? 3 : 7))
            operation.verb = OP_RELEASE;
        break;
    case KIND_SEMAPHORE:
        if (chance >= 4) {
            operation.verb = OP_RELEASE;
            operation.argument = chance < 7 ? 1 + random_below(random, 2) : TOO_MANY;
        }
        break;
    default:
        if (chance >= 3)
            operation.verb = chance < 6 ? OP_SET : OP_RESET;
    }
    if (operation.verb == OP_WAIT)
        operation.argument = choose_timeout(random, stage);
    return operation;
}
