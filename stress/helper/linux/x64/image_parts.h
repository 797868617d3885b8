/* What of image.h is different for 64 bits. */
#pragma once
#include <stdint.h>

#define VDSO_CLOCK_GETTIME "__vdso_clock_gettime"

struct segment {
    uint32_t type, flags;
    uint64_t offset, address, physical, file_size, memory_size, alignment;
};

struct symbol {
    uint32_t name;
    uint8_t information, visibility;
    uint16_t section;
    uint64_t value, size;
};
