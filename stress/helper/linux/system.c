#include "system.h"

#include "../common/process.h"

enum { AT_FDCWD = -100, AT_SYMLINK_NOFOLLOW = 0x100, AT_EMPTY_PATH = 0x1000 };
enum { O_NOFOLLOW = 0400000, O_CLOEXEC = 02000000 };
enum { PROT_READ_WRITE = 3, MAP_SHARED = 1 };
enum { LAST_ERRNO = 4095 };

int open_file(const char *path, int flags, int mode)
{
    return (int)system_call(SYS_OPENAT, AT_FDCWD, (long)path, flags | O_NOFOLLOW | O_CLOEXEC, mode, 0, 0);
}

void close_file(int file)
{
    system_call(SYS_CLOSE, file, 0, 0, 0, 0, 0);
}

long remove_file(const char *path)
{
    return system_call(SYS_UNLINKAT, AT_FDCWD, (long)path, 0, 0, 0, 0);
}

/* The kernel's struct statx, as far as it is used. */
struct statx {
    uint32_t mask, block_size;
    uint64_t attributes;
    uint32_t links, owner, group;
    uint16_t mode, unused;
    uint64_t inode, size;
    char rest[256 - 48];
};

enum { STATX_BASIC_STATS = 0x7ff };

static long look(int folder, const char *path, int flags, struct facts *facts)
{
    struct statx found;
    long result = system_call(SYS_STATX, folder, (long)path, flags, STATX_BASIC_STATS, (long)&found, 0);
    if (result == 0)
        *facts = (struct facts){found.inode, (int64_t)found.size, found.owner, found.mode};
    return result;
}

long facts_of(const char *path, struct facts *facts)
{
    return look(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, facts);
}

long facts_behind(const char *path, struct facts *facts)
{
    return look(AT_FDCWD, path, 0, facts);
}

long facts_of_open(int file, struct facts *facts)
{
    return look(file, "", AT_EMPTY_PATH, facts);
}

void *map_file(int file, size_t size)
{
    long address = system_call(SYS_MMAP, 0, (long)size, PROT_READ_WRITE, MAP_SHARED, file, 0);
    return (unsigned long)address > -(unsigned long)LAST_ERRNO - 1 ? NULL : (void *)address;
}

void unmap(void *address, size_t size)
{
    system_call(SYS_MUNMAP, (long)address, (long)size, 0, 0, 0, 0);
}

struct timespec64 timespec_of(int64_t nanoseconds)
{
    const int64_t second = 1000000000;
    return (struct timespec64){nanoseconds / second, nanoseconds % second};
}

void yield_processor(void)
{
    system_call(SYS_SCHED_YIELD, 0, 0, 0, 0, 0, 0);
}
