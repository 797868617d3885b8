#include "reply.h"
#include "verbs.h"

#include <psapi.h>

void verb_vitals(struct command *command)
{
    DWORD process_id = (DWORD)take_number(command, "process id", 1, MAXDWORD);
    if (!end_command(command))
        return;
    HANDLE process = OpenProcess(PROCESS_QUERY_INFORMATION | PROCESS_VM_READ, FALSE, process_id);
    if (process == NULL) {
        reply_error(failure_of("OpenProcess"));
        return;
    }
    DWORD handles;
    PROCESS_MEMORY_COUNTERS memory = {.cb = sizeof memory};
    struct failure failure = {0};
    if (!GetProcessHandleCount(process, &handles))
        failure = failure_of("GetProcessHandleCount");
    else if (!K32GetProcessMemoryInfo(process, &memory, sizeof memory))
        failure = failure_of("K32GetProcessMemoryInfo");
    CloseHandle(process);
    if (failure.function != NULL) {
        reply_error(failure);
        return;
    }
    reply_field(handles);
    reply_field((long long)memory.WorkingSetSize);
}
