#include "../common/process.h"

#include "call.h"

#include <tlhelp32.h>

/* Far more than Node has. */
enum { THREAD_LIMIT = 1024 };

/* How long a thread that cannot be stopped any more may take to end, in ms. */
enum { ENDING_LIMIT = 1000 };

/* Their handles stay open, so that no new thread can get the id of one that has ended. */
static struct {
    DWORD ids[THREAD_LIMIT];
    HANDLE handles[THREAD_LIMIT];
    size_t count;
} stopped;

static bool is_stopped(DWORD thread_id)
{
    for (size_t i = 0; i < stopped.count; i++) {
        if (stopped.ids[i] == thread_id)
            return true;
    }
    return false;
}

static struct failure stop(HANDLE thread)
{
    const char *function = "SuspendThread";
    if (SuspendThread(thread) != (DWORD)-1) {
        /* SuspendThread only asks. There is no context to get before the thread stands. */
        CONTEXT context = {.ContextFlags = CONTEXT_CONTROL};
        if (GetThreadContext(thread, &context))
            return success;
        function = "GetThreadContext";
    }
    struct failure failure = failure_of(function);
    bool ended = WaitForSingleObject(thread, ENDING_LIMIT) == WAIT_OBJECT_0;
    return ended ? success : failure;
}

static struct failure stop_and_keep(DWORD thread_id)
{
    if (stopped.count == THREAD_LIMIT)
        return (struct failure){"OpenThread", ERROR_TOO_MANY_TCBS};
    HANDLE thread = OpenThread(THREAD_SUSPEND_RESUME | THREAD_GET_CONTEXT | SYNCHRONIZE, FALSE, thread_id);
    if (thread == NULL) {
        struct failure failure = failure_of("OpenThread");
        /* There is no such thread any more. */
        return failure.number == ERROR_INVALID_PARAMETER ? success : failure;
    }
    stopped.ids[stopped.count] = thread_id;
    stopped.handles[stopped.count++] = thread;
    return stop(thread);
}

static struct failure stop_those_in(HANDLE snapshot, DWORD process_id)
{
    THREADENTRY32 entry = {.dwSize = sizeof entry};
    for (BOOL more = Thread32First(snapshot, &entry); more; more = Thread32Next(snapshot, &entry)) {
        if (entry.th32OwnerProcessID != process_id || is_stopped(entry.th32ThreadID))
            continue;
        struct failure failure = stop_and_keep(entry.th32ThreadID);
        if (failure.function != NULL)
            return failure;
    }
    return success;
}

static struct failure stop_threads(DWORD process_id)
{
    size_t before;
    /* Until no thread is new, since one that still ran could have started another. */
    do {
        before = stopped.count;
        HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
        if (snapshot == INVALID_HANDLE_VALUE)
            return failure_of("CreateToolhelp32Snapshot");
        struct failure failure = stop_those_in(snapshot, process_id);
        CloseHandle(snapshot);
        if (failure.function != NULL)
            return failure;
    } while (stopped.count > before);
    return success;
}

static void let_go_of_threads(bool resume)
{
    while (stopped.count > 0) {
        HANDLE thread = stopped.handles[--stopped.count];
        if (resume)
            ResumeThread(thread);
        CloseHandle(thread);
    }
}

/* The threads of another process are stopped. */
static const struct failure in_use = {"SuspendThread", ERROR_BUSY};
static DWORD suspended_id;

struct failure suspend_process(uint32_t process_id)
{
    if (stopped.count > 0)
        return in_use;
    struct failure failure = stop_threads(process_id);
    if (failure.function == NULL && stopped.count == 0)
        failure = (struct failure){"OpenThread", ERROR_INVALID_PARAMETER};
    if (failure.function != NULL)
        let_go_of_threads(true);
    suspended_id = process_id;
    return failure;
}

struct failure resume_process(uint32_t process_id)
{
    if (stopped.count == 0 || process_id != suspended_id)
        return (struct failure){"ResumeThread", ERROR_INVALID_PARAMETER};
    let_go_of_threads(true);
    return success;
}

/* Windows lets go of all that a process owned, in whatever way it ended. */
struct failure reap_process(uint32_t process_id)
{
    (void)process_id;
    return can_reap_processes();
}

struct failure can_reap_processes(void)
{
    return (struct failure){"TerminateProcess", ERROR_NOT_SUPPORTED};
}

/* Under Wine it would be the clock of the Linux below, and of all that runs on it. */
struct failure shift_clock(int64_t milliseconds)
{
    (void)milliseconds;
    return (struct failure){"SetSystemTime", ERROR_NOT_SUPPORTED};
}

static struct failure execute(HANDLE process, DWORD process_id)
{
    struct failure failure = stop_threads(process_id);
    if (failure.function == NULL && !TerminateProcess(process, 1))
        failure = failure_of("TerminateProcess");
    let_go_of_threads(failure.function != NULL);
    return failure;
}

struct failure execute_process(uint32_t process_id)
{
    /* Before all else, since it keeps the id from becoming another process's. */
    HANDLE process = OpenProcess(PROCESS_TERMINATE | SYNCHRONIZE, FALSE, process_id);
    if (process == NULL)
        return failure_of("OpenProcess");
    struct failure failure = stopped.count > 0 ? in_use : execute(process, process_id);
    if (failure.function == NULL)
        WaitForSingleObject(process, INFINITE);
    CloseHandle(process);
    return failure;
}
