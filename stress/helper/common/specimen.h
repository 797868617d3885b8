/* The specimen: a section with a field of every type, in a layout that is declared in ../../peers/specimen.ts. What a seed makes of it is computed alike there and here. */
#pragma once
#include "kernel.h"

/* False if the section is too small, or has another layout. One that is new, with zeroes alone, becomes a specimen. */
bool is_specimen(const struct view *view);

void fill_specimen(const struct view *view, uint32_t seed);

/* The first byte, counted from the first field, that is not as the seed makes it; -1 if all are. */
int32_t find_difference(const struct view *view, uint32_t seed);

/* Adds 1 to either counter so many times, while others do. */
void count_up(const struct view *view, int32_t times);
