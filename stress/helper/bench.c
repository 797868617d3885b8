#include "objects.h"
#include "verbs.h"
#include "waits.h"

#include <string.h>

static void bench_wait_release(struct command *command, LONG iterations)
{
    const struct object *mutex = take_object(command, "slot", KIND_MUTEX);
    if (!end_command(command))
        return;
    LONGLONG start = now_ticks();
    for (LONG i = 0; i < iterations; i++) {
        DWORD status = WaitForSingleObject(mutex->handle, 0);
        if (status != WAIT_OBJECT_0) {
            struct failure failure = {"WaitForSingleObject", status == WAIT_FAILED ? GetLastError() : status};
            if (status == WAIT_ABANDONED_0)
                ReleaseMutex(mutex->handle);
            reply_error(failure);
            return;
        }
        if (!ReleaseMutex(mutex->handle)) {
            reply_error(failure_of("ReleaseMutex"));
            return;
        }
    }
    reply_field(nanoseconds_since(start));
}

static void bench_wait_any(struct command *command, LONG iterations)
{
    HANDLE handles[FIELD_LIMIT] = {NULL};
    DWORD count = 0;
    while (has_more(command)) {
        const struct object *object = take_object(command, "slot", KIND_WAITABLE);
        if (object != NULL)
            handles[count++] = object->handle;
    }
    if (!end_command(command))
        return;
    LONGLONG start = now_ticks();
    for (LONG i = 0; i < iterations; i++) {
        if (WaitForMultipleObjects(count, handles, FALSE, 0) == WAIT_FAILED) {
            reply_error(failure_of("WaitForMultipleObjects"));
            return;
        }
    }
    reply_field(nanoseconds_since(start));
}

void verb_bench(struct command *command)
{
    const char *what = take_text(command, "what");
    LONG iterations = (LONG)take_number(command, "iterations", 1, LONG_MAX);
    if (strcmp(what, "wait-release") == 0) {
        bench_wait_release(command, iterations);
    } else if (strcmp(what, "wait-any") == 0) {
        bench_wait_any(command, iterations);
    } else {
        reject(command, "what", "unknown");
        end_command(command);
    }
}
