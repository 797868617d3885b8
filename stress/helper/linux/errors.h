/* Win32's error numbers, as far as this kernel gives them. */
#pragma once
#include "../common/kernel.h"

enum {
    FILE_NOT_FOUND = 2,
    ACCESS_DENIED = 5,
    INVALID_HANDLE = 6,
    OUT_OF_MEMORY = 8,
    NOT_SUPPORTED = 50,
    INVALID_NAME = 123,
    NOT_OWNER = 288,
    TOO_MANY_POSTS = 298,
    FILE_CORRUPT = 1392
};

/* What a system call of Linux that gave a negative errno means in Win32's numbers. */
struct failure failure_of_call(long result, const char *function);
