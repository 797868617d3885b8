#include "../common/process.h"

#include "errors.h"
#include "path.h"
#include "system.h"

#include <string.h>

enum { SIGKILL = 9, POLLIN = 1, EBADF = 9, EAGAIN = 11 };
enum { SCHED_OTHER = 0, SCHED_IDLE = 5 };
enum { PATH_LIMIT = 64, ENTRIES = 4096, NAME_AT = 19, LENGTH_AT = 16 };
/* A set of processors, as the kernel takes it: more than it knows is fine. */
enum { MASK_WORDS = 128 / sizeof(long) };

struct processors {
    unsigned long mask[MASK_WORDS];
};

static uint32_t number_in(const char *text)
{
    uint32_t number = 0;
    while (*text >= '0' && *text <= '9')
        number = number * 10 + (uint32_t)(*text++ - '0');
    return number;
}

static void run_thread(uint32_t thread, int policy, const struct processors *processors)
{
    const int priority = 0;
    system_call(SYS_SCHED_SETAFFINITY, (long)thread, sizeof processors->mask, (long)processors->mask, 0, 0, 0);
    system_call(SYS_SCHED_SETSCHEDULER, (long)thread, policy, (long)&priority, 0, 0, 0);
}

/* Has all threads of the process run there, and in that way. */
static void run_process(uint32_t process_id, int policy, const struct processors *processors)
{
    static char entries[ENTRIES] __attribute__((aligned(8)));
    char path[PATH_LIMIT];
    struct path built = begin_path(path, sizeof path);
    add_text(&built, "/proc/");
    add_number(&built, process_id);
    add_text(&built, "/task");
    int listed = open_file(path, OPEN_READ | OPEN_FOLDER, 0);
    if (listed < 0)
        return;
    for (long size; (size = system_call(SYS_GETDENTS, listed, (long)entries, sizeof entries, 0, 0, 0)) > 0;) {
        for (long at = 0; at < size; at += *(const uint16_t *)(entries + at + LENGTH_AT)) {
            uint32_t thread = number_in(entries + at + NAME_AT);
            if (thread != 0)
                run_thread(thread, policy, processors);
        }
    }
    close_file(listed);
}

/* Those that a thread may run on; of this one when it is 0. */
static struct processors processors_of(uint32_t thread)
{
    struct processors processors = {{0}};
    system_call(SYS_SCHED_GETAFFINITY, (long)thread, sizeof processors.mask, (long)processors.mask, 0, 0, 0);
    return processors;
}

static struct processors this_processor(void)
{
    struct processors processors = {{0}};
    unsigned number = 0;
    system_call(SYS_GETCPU, (long)&number, 0, 0, 0, 0, 0);
    processors.mask[number / (8 * sizeof(long)) % MASK_WORDS] = 1UL << number % (8 * sizeof(long));
    return processors;
}

static long take_memory(int process)
{
    long result;
    do
        result = system_call(SYS_PROCESS_MRELEASE, process, 0, 0, 0, 0, 0);
    while (result == -EAGAIN || result == -EINTR);
    return result;
}

/* The victim is to come to its end after its memory has gone. So it may run on this processor alone, and there only when nobody else wants to. */
static long kill_and_take_memory(uint32_t process_id, int process)
{
    struct processors own = processors_of(0), its = processors_of(process_id), here = this_processor();
    system_call(SYS_SCHED_SETAFFINITY, 0, sizeof here.mask, (long)here.mask, 0, 0, 0);
    run_process(process_id, SCHED_IDLE, &here);
    long result = system_call(SYS_KILL, (long)process_id, SIGKILL, 0, 0, 0, 0);
    if (result == 0)
        result = take_memory(process);
    run_process(process_id, SCHED_OTHER, &its);
    system_call(SYS_SCHED_SETAFFINITY, 0, sizeof own.mask, (long)own.mask, 0, 0, 0);
    return result;
}

struct failure can_reap_processes(void)
{
    long result = system_call(SYS_PROCESS_MRELEASE, -1, 0, 0, 0, 0, 0);
    return result == -EBADF ? success : (struct failure){"process_mrelease", NOT_SUPPORTED};
}

struct failure reap_process(uint32_t process_id)
{
    struct {
        int file;
        int16_t events, found;
    } process = {(int)system_call(SYS_PIDFD_OPEN, (long)process_id, 0, 0, 0, 0, 0), POLLIN, 0};
    if (process.file < 0)
        return (struct failure){"OpenProcess", INVALID_PARAMETER};
    long result = kill_and_take_memory(process_id, process.file);
    /* One that had ended in the meantime had no memory left to take. */
    if (result == 0 || result == -ESRCH) {
        while (system_call(SYS_POLL, (long)&process, 1, -1, 0, 0, 0) == -EINTR) {
        }
    }
    close_file(process.file);
    return result == 0 || result == -ESRCH ? success : (struct failure){"process_mrelease", ACCESS_DENIED};
}
