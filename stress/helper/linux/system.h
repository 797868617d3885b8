/* Linux's system calls. They give a negative errno where they fail. */
#pragma once
#include <abi.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    EPERM = 1, ENOENT = 2, ESRCH = 3, EINTR = 4, ENOMEM = 12, EACCES = 13, EEXIST = 17, EINVAL = 22, ENOSPC = 28, ENOSYS = 38, ELOOP = 40,
    ETIMEDOUT = 110
};

long system_call(long number, long a, long b, long c, long d, long e, long f);
long set_length(int file, int64_t length);
long allocate(int file, int64_t offset, int64_t length);

/* With a descriptor that no child inherits, and following no link. */
enum { OPEN_READ = 0, OPEN_WRITE = 2, OPEN_CREATE_NEW = 0300, OPEN_FOLDER = 0200000 };
int open_file(const char *path, int flags, int mode);
void close_file(int file);
long remove_file(const char *path);

struct facts {
    uint64_t inode;
    int64_t size;
    uint32_t owner, mode;
};

enum { MODE_KIND = 0170000, MODE_FILE = 0100000, MODE_FOLDER = 0040000, MODE_OTHERS = 077 };

/* Of the file at the path, of a link itself; or of what an open descriptor stands for. */
long facts_of(const char *path, struct facts *facts);
long facts_of_open(int file, struct facts *facts);
/* Follows links. */
long facts_behind(const char *path, struct facts *facts);

/* NULL where it fails; for reading and writing, shared. */
void *map_file(int file, size_t size);
void unmap(void *address, size_t size);

struct timespec64 {
    int64_t seconds, nanoseconds;
};

struct timespec64 timespec_of(int64_t nanoseconds);
void yield_processor(void);
