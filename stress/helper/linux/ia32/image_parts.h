/* What of image.h is different for 32 bits. */
#pragma once
#include <stdint.h>

#define VDSO_CLOCK_GETTIME "__vdso_clock_gettime64"

struct segment {
    uint32_t type, offset, address, physical, file_size, memory_size, flags, alignment;
};

struct symbol {
    uint32_t name, value, size;
    uint8_t information, visibility;
    uint16_t section;
};
