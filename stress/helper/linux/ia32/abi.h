/* Where 32-bit Linux differs. The calls that take time are those with 64-bit seconds. */
#pragma once

enum {
    SYS_FORK = 2, SYS_READ = 3, SYS_WRITE = 4, SYS_CLOSE = 6, SYS_GETPID = 20, SYS_KILL = 37, SYS_MUNMAP = 91, SYS_FLOCK = 143,
    SYS_SCHED_SETSCHEDULER = 156, SYS_SCHED_YIELD = 158, SYS_SCHED_SETAFFINITY = 241, SYS_SCHED_GETAFFINITY = 242, SYS_GETCPU = 318, SYS_PROCESS_MRELEASE = 448, SYS_POLL = 168, SYS_RT_SIGACTION = 174, SYS_MMAP = 192, SYS_FTRUNCATE = 194, SYS_GETEUID = 201, SYS_GETDENTS = 220,
    SYS_GETTID = 224, SYS_EXIT_GROUP = 252, SYS_OPENAT = 295, SYS_MKDIRAT = 296, SYS_UNLINKAT = 301, SYS_SET_ROBUST_LIST = 311,
    SYS_FALLOCATE = 324, SYS_STATX = 383, SYS_CLOCK_GETTIME = 403, SYS_CLOCK_SETTIME = 404, SYS_FUTEX = 422, SYS_PIDFD_OPEN = 434, SYS_CLOSE_RANGE = 436, SYS_FUTEX_WAITV = 449
};

/* mmap takes its offset in pages here; it is always 0. */

/* Where a futex word is, seen from its entry in the robust list: the entries of a thread share one offset. */
enum { ROBUST_OFFSET = -20 };
