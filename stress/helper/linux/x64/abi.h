/* Where 64-bit Linux differs. */
#pragma once

enum {
    SYS_READ = 0, SYS_WRITE = 1, SYS_CLOSE = 3, SYS_POLL = 7, SYS_MMAP = 9, SYS_MUNMAP = 11, SYS_SCHED_YIELD = 24, SYS_GETPID = 39, SYS_FORK = 57,
    SYS_KILL = 62, SYS_FLOCK = 73, SYS_FTRUNCATE = 77, SYS_GETEUID = 107, SYS_GETTID = 186, SYS_FUTEX = 202,
    SYS_GETDENTS = 217, SYS_CLOCK_SETTIME = 227, SYS_CLOCK_GETTIME = 228, SYS_EXIT_GROUP = 231, SYS_OPENAT = 257, SYS_MKDIRAT = 258, SYS_UNLINKAT = 263,
    SYS_SET_ROBUST_LIST = 273, SYS_FALLOCATE = 285, SYS_STATX = 332, SYS_PIDFD_OPEN = 434, SYS_CLOSE_RANGE = 436, SYS_FUTEX_WAITV = 449
};

/* Where a futex word is, seen from its entry in the robust list: the entries of a thread share one offset. */
enum { ROBUST_OFFSET = -32 };
