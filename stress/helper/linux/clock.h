/* The system's clocks. */
#pragma once
#include "system.h"

enum { CLOCK_REALTIME = 0, CLOCK_MONOTONIC = 1 };

/* Once, before any clock is read. */
void prepare_clocks(void);

void read_clock(int clock, struct timespec64 *time);
