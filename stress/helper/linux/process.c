#include "../common/process.h"

#include "clock.h"
#include "errors.h"
#include "system.h"

enum { STANDARD_INPUT = 0, STANDARD_OUTPUT = 1 };
enum { SIGINT = 2, SIGKILL = 9, POLLIN = 1 };

size_t read_input(char *buffer, size_t size)
{
    long read;
    do
        read = system_call(SYS_READ, STANDARD_INPUT, (long)buffer, (long)size, 0, 0, 0);
    while (read == -EINTR);
    return read < 0 ? 0 : (size_t)read;
}

bool write_output(const char *text, size_t size)
{
    for (size_t sent = 0; sent < size;) {
        long written = system_call(SYS_WRITE, STANDARD_OUTPUT, (long)(text + sent), (long)(size - sent), 0, 0, 0);
        if (written < 0 && written != -EINTR)
            return false;
        sent += written < 0 ? 0 : (size_t)written;
    }
    return true;
}

void ignore_interruption(void)
{
    const struct {
        unsigned long handler, flags, restorer;
        uint64_t mask;
    } ignore = {.handler = 1};
    system_call(SYS_RT_SIGACTION, SIGINT, (long)&ignore, 0, sizeof ignore.mask, 0, 0);
}

bool serve_calls(int count, char **arguments)
{
    (void)count, (void)arguments; /* neither RPC nor COM exists here */
    return false;
}

int64_t now_nanoseconds(void)
{
    struct timespec64 now;
    read_clock(CLOCK_MONOTONIC, &now);
    return now.seconds * 1000000000 + now.nanoseconds;
}

uint32_t own_process_id(void)
{
    return (uint32_t)system_call(SYS_GETPID, 0, 0, 0, 0, 0, 0);
}

uint32_t own_thread_id(void)
{
    return (uint32_t)system_call(SYS_GETTID, 0, 0, 0, 0, 0, 0);
}

void end_in_order(uint32_t exit_code)
{
    /* The kernel lets go of everything, in this way or another. */
    for (;;)
        system_call(SYS_EXIT_GROUP, (long)exit_code, 0, 0, 0, 0, 0);
}

void end_at_once(uint32_t exit_code)
{
    end_in_order(exit_code);
}

/* A place in the list that poll takes; it passes by what is negative. */
struct polled {
    int file;
    int16_t events, found;
};

/* Until one of them is readable; a process's descriptor is when all of its threads have gone. */
static void poll_for_ever(struct polled *files, size_t count)
{
    while (system_call(SYS_POLL, (long)files, (long)count, -1, 0, 0, 0) == -EINTR) {
    }
}

void sleep_for_ever(void)
{
    for (;;)
        poll_for_ever(NULL, 0);
}

static long open_process(uint32_t process_id)
{
    return system_call(SYS_PIDFD_OPEN, (long)process_id, 0, 0, 0, 0, 0);
}

static struct failure failure_to_open(long result)
{
    /* As Windows has it for an id that is no process's. */
    return (struct failure){"OpenProcess", result == -EPERM ? ACCESS_DENIED : INVALID_PARAMETER};
}

static void kill(uint32_t process_id)
{
    system_call(SYS_KILL, (long)process_id, SIGKILL, 0, 0, 0, 0);
}

/*
 * In a process of its own, since this one has a single thread, which may block for ever. It keeps nothing of this one's: neither the
 * pipes, whose other ends have to see this process's end, nor the lock on the shared file.
 */
static noreturn void guard(uint32_t guarded_id, uint32_t watched_id)
{
    system_call(SYS_CLOSE_RANGE, 0, UINT32_MAX, 0, 0, 0, 0);
    struct polled processes[] = {{(int)open_process(watched_id), POLLIN, 0}, {(int)open_process(guarded_id), POLLIN, 0}};
    bool both = processes[0].file >= 0 && processes[1].file >= 0;
    if (both)
        poll_for_ever(processes, 2);
    if (processes[1].file >= 0 && processes[1].found == 0)
        kill(guarded_id);
    end_in_order(0);
}

struct failure end_with_process(uint32_t process_id)
{
    long process = open_process(process_id);
    if (process < 0)
        return failure_to_open(process);
    close_file((int)process);
    uint32_t own_id = own_process_id();
    long child = system_call(SYS_FORK, 0, 0, 0, 0, 0, 0);
    if (child == 0)
        guard(own_id, process_id);
    return child < 0 ? (struct failure){"CreateThread", OUT_OF_MEMORY} : success;
}

struct failure execute_process(uint32_t process_id)
{
    struct polled process = {(int)open_process(process_id), POLLIN, 0};
    if (process.file < 0)
        return failure_to_open(process.file);
    long result = system_call(SYS_KILL, (long)process_id, SIGKILL, 0, 0, 0, 0);
    if (result == 0)
        poll_for_ever(&process, 1);
    close_file(process.file);
    return result == -EPERM ? (struct failure){"TerminateProcess", ACCESS_DENIED} : success;
}

/* Whoever drives the run sends SIGSTOP and SIGCONT itself, and can see in /proc when all threads stand. */
struct failure suspend_process(uint32_t process_id)
{
    (void)process_id;
    return (struct failure){"SuspendThread", NOT_SUPPORTED};
}

struct failure resume_process(uint32_t process_id)
{
    (void)process_id;
    return (struct failure){"ResumeThread", NOT_SUPPORTED};
}

struct failure shift_clock(int64_t milliseconds)
{
    struct timespec64 now;
    read_clock(CLOCK_REALTIME, &now);
    struct timespec64 shifted = timespec_of(now.seconds * 1000000000 + now.nanoseconds + milliseconds * 1000000);
    long result = system_call(SYS_CLOCK_SETTIME, CLOCK_REALTIME, (long)&shifted, 0, 0, 0, 0);
    return result < 0 ? (struct failure){"SetSystemTime", ACCESS_DENIED} : success;
}
