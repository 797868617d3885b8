/* The board: 1,024 32-bit integers in a section that every peer of a scenario maps. PROTOCOL.md says who writes what. */
#pragma once

enum {
    BOARD_STOP = 0,
    BOARD_COUNTER = 1,
    BOARD_INSIDE = 2,
    BOARD_HIGH_WATER = 3,
    BOARD_ROUND = 4,
    BOARD_LAST_ROUND = 5,
    BOARD_ARRIVED = 6,
    BOARD_TALLY = 16,
    BOARD_TAKEN = 24,
    BOARD_HOLDERS = 32,
    BOARD_PROGRESS = 64,
    BOARD_LENGTH = 1024
};

enum { TALLIES = 8, CONTENDERS = 128 };
