/*
 * The board: the section that every peer of a scenario maps. PROTOCOL.md says who writes what. Its structure is printed from the layout in ../../peers/board.ts, when this is compiled. The roles use it by
 * index, as 32-bit integers of the section.
 */
#pragma once
#include "board_layout.h"

#define WORD_OF(member) ((int32_t)((BOARD_BEGIN + offsetof(struct board, member)) / sizeof(int32_t)))

enum {
    BOARD_STOP = WORD_OF(stop),
    BOARD_COUNTER = WORD_OF(counter),
    BOARD_INSIDE = WORD_OF(inside),
    BOARD_HIGH_WATER = WORD_OF(highWater),
    BOARD_ROUND = WORD_OF(round),
    BOARD_LAST_ROUND = WORD_OF(lastRound),
    BOARD_ARRIVED = WORD_OF(arrived),
    BOARD_TALLY = WORD_OF(tally),
    BOARD_TAKEN = WORD_OF(taken),
    BOARD_HOLDERS = WORD_OF(holders),
    BOARD_PROGRESS = WORD_OF(progress),
    BOARD_RELEASED_AT = WORD_OF(releasedAt),
    BOARD_RELEASED_BY = WORD_OF(releasedBy),
    BOARD_BYTES = BOARD_BEGIN + sizeof(struct board)
};

#define COUNT_OF_MEMBER(member) ((int32_t)(sizeof ((struct board *)0)->member / sizeof(int32_t)))

enum { TALLIES = COUNT_OF_MEMBER(tally), CONTENDERS = COUNT_OF_MEMBER(progress) };
