/* What a peer needs of the system besides objects. */
#pragma once
#include "kernel.h"

#include <stdnoreturn.h>

/* 0 at the end, and when nothing can be read any more. */
size_t read_input(char *buffer, size_t size);
/* One reply, whole. False when nobody is left to read. */
bool write_output(const char *text, size_t size);

/* If the first argument names another transport than standard input and output, which this system has, input and output go that way from now on; otherwise it is false. */
bool serve_calls(int count, char **arguments);

int64_t now_nanoseconds(void);

uint32_t own_process_id(void);
uint32_t own_thread_id(void);

/* From now on this process ends at once when that one does. */
struct failure end_with_process(uint32_t process_id);

/* A terminal interrupts every process in it; a peer goes on, and is told what to do by who drives it. */
void ignore_interruption(void);

/* In order, and at once, letting go of nothing. */
noreturn void end_in_order(uint32_t exit_code);
noreturn void end_at_once(uint32_t exit_code);
noreturn void sleep_for_ever(void);

/* Ends another process so that none of its threads runs any more; comes back when it has ended. */
struct failure execute_process(uint32_t process_id);

/* Stops all threads of another process, one process at a time; and lets them go on. */
struct failure suspend_process(uint32_t process_id);
struct failure resume_process(uint32_t process_id);

/* Ends it so that the kernel marks nothing of what it owned: its memory goes before it comes to its end. Comes back when it has ended. */
struct failure reap_process(uint32_t process_id);
/* Whether this system can do so. */
struct failure can_reap_processes(void);

/* The wall clock of the whole machine. */
struct failure shift_clock(int64_t milliseconds);

struct vitals {
    int64_t handles, bytes;
};

struct failure look_at_vitals(uint32_t process_id, struct vitals *vitals);
