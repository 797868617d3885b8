/* What a program or library of Linux looks like (ELF), as far as it is read here. */
#pragma once
#include <image_parts.h>
#include <stdint.h>

struct image {
    unsigned char identity[16];
    uint16_t type, machine;
    uint32_t version;
    uintptr_t entry, segments, sections;
    uint32_t flags;
    uint16_t size, segment_size, segment_count, section_size, section_count, section_names;
};
