#include "objects.h"
#include "process.h"
#include "verbs.h"

#include <string.h>

static struct failure wait_and_release(int32_t mutex)
{
    uint32_t status;
    struct failure failure = wait_for_one(mutex, 0, &status);
    if (failure.function != NULL)
        return failure;
    if (status == WAITED_TIMEOUT)
        return (struct failure){"WaitForSingleObject", status};
    failure = release_mutex(mutex);
    return failure.function == NULL && status != WAITED_TAKEN ? (struct failure){"WaitForSingleObject", status} : failure;
}

static void bench_wait_release(struct command *command, int32_t iterations)
{
    const struct object *mutex = take_object(command, "slot", KIND_MUTEX);
    if (!end_command(command))
        return;
    int64_t start = now_nanoseconds();
    for (int32_t i = 0; i < iterations; i++) {
        struct failure failure = wait_and_release(mutex->handle);
        if (failure.function != NULL) {
            reply_error(failure);
            return;
        }
    }
    reply_field(now_nanoseconds() - start);
}

static void bench_wait_any(struct command *command, int32_t iterations)
{
    int32_t handles[FIELD_LIMIT];
    size_t count = take_handles(command, handles);
    if (!end_command(command))
        return;
    int64_t start = now_nanoseconds();
    for (int32_t i = 0; i < iterations; i++) {
        uint32_t status;
        struct failure failure = wait_for_any(handles, count, 0, &status);
        if (failure.function != NULL) {
            reply_error(failure);
            return;
        }
    }
    reply_field(now_nanoseconds() - start);
}

static struct failure answer(const int32_t *handles, size_t count, int32_t partner)
{
    uint32_t status;
    struct failure failure = count == 1 ? wait_for_one(handles[0], FOR_EVER, &status) : wait_for_any(handles, count, FOR_EVER, &status);
    return failure.function == NULL ? set_event(partner) : failure;
}

static void bench_answer(struct command *command, int32_t iterations)
{
    int32_t handles[FIELD_LIMIT];
    const struct object *partner = take_object(command, "slot", KIND_EVENT);
    size_t count = take_handles(command, handles);
    if (!end_command(command))
        return;
    int64_t start = now_nanoseconds();
    for (int32_t i = 0; i < iterations; i++) {
        struct failure failure = answer(handles, count, partner->handle);
        if (failure.function != NULL) {
            reply_error(failure);
            return;
        }
    }
    reply_field(now_nanoseconds() - start);
}

void verb_bench(struct command *command)
{
    const char *what = take_text(command, "what");
    int32_t iterations = (int32_t)take_number(command, "iterations", 1, INT32_MAX);
    if (strcmp(what, "wait-release") == 0) {
        bench_wait_release(command, iterations);
    } else if (strcmp(what, "wait-any") == 0) {
        bench_wait_any(command, iterations);
    } else if (strcmp(what, "answer") == 0) {
        bench_answer(command, iterations);
    } else {
        reject(command, "what", "unknown");
        end_command(command);
    }
}
