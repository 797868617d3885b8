#include "reply.h"
#include "verbs.h"

/* From a thread of its own, since the main thread may block for ever; and at once, as if the parent had done it. */
static DWORD WINAPI end_with(void *parent)
{
    WaitForSingleObject(parent, INFINITE);
    TerminateProcess(GetCurrentProcess(), 1);
    return 0;
}

static struct failure watch(DWORD process_id)
{
    HANDLE parent = OpenProcess(SYNCHRONIZE, FALSE, process_id);
    if (parent == NULL)
        return failure_of("OpenProcess");
    HANDLE thread = CreateThread(NULL, 0, end_with, parent, 0, NULL);
    if (thread == NULL) {
        struct failure failure = failure_of("CreateThread");
        CloseHandle(parent);
        return failure;
    }
    CloseHandle(thread);
    return (struct failure){0};
}

void verb_hello(struct command *command)
{
    DWORD parent = (DWORD)take_number(command, "parent process id", 0, MAXDWORD);
    if (!end_command(command))
        return;
    struct failure failure = {0};
    if (parent != 0)
        failure = watch(parent);
    if (failure.function != NULL) {
        reply_error(failure);
        return;
    }
    reply_field(8 * sizeof(void *));
    reply_field(GetCurrentProcessId());
    reply_field(GetCurrentThreadId());
}

void verb_die(struct command *command)
{
    DWORD code = (DWORD)take_number(command, "exit code", 0, MAXDWORD);
    if (end_command(command))
        TerminateProcess(GetCurrentProcess(), code);
}

void verb_exit(struct command *command)
{
    if (end_command(command))
        ExitProcess(0);
}
