#include "../common/process.h"

#include "call.h"

#include <psapi.h>

struct failure look_at_vitals(uint32_t process_id, struct vitals *vitals)
{
    HANDLE process = OpenProcess(PROCESS_QUERY_INFORMATION | PROCESS_VM_READ, FALSE, process_id);
    if (process == NULL)
        return failure_of("OpenProcess");
    DWORD handles;
    PROCESS_MEMORY_COUNTERS memory = {.cb = sizeof memory};
    struct failure failure = outcome_of(GetProcessHandleCount(process, &handles), "GetProcessHandleCount");
    if (failure.function == NULL)
        failure = outcome_of(K32GetProcessMemoryInfo(process, &memory, sizeof memory), "K32GetProcessMemoryInfo");
    CloseHandle(process);
    if (failure.function == NULL)
        *vitals = (struct vitals){handles, (int64_t)memory.WorkingSetSize};
    return failure;
}
