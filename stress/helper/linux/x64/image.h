/* What a program or library of 64-bit Linux looks like (ELF), as far as it is read here. */
#pragma once
#include <stdint.h>

#define VDSO_CLOCK_GETTIME "__vdso_clock_gettime"

struct image {
    unsigned char identity[16];
    uint16_t type, machine;
    uint32_t version;
    uintptr_t entry, segments, sections;
    uint32_t flags;
    uint16_t size, segment_size, segment_count, section_size, section_count, section_names;
};

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
