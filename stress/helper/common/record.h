/*
 * A contender's own section: what it does in one round of the role `history`. Its structure is printed from the layout in
 * ../../history/record.ts, when this is compiled; the order of writing is explained there.
 */
#pragma once
#include "kernel.h"
#include "record_layout.h"

enum {
    RECORD_CAPACITY = sizeof ((struct history_record *)0)->verb,
    RECORD_OBJECTS = sizeof ((struct history_record *)0)->objects / RECORD_CAPACITY,
    RECORD_BYTES = HISTORY_RECORD_BEGIN + sizeof(struct history_record)
};

/* As they are written; the order is that of `VERBS` in ../../history/operation.ts, where those of asynchronous code follow. */
enum operation_verb { OP_WAIT = 1, OP_WAIT_ANY, OP_WAIT_ALL, OP_RELEASE, OP_SET, OP_RESET, OP_SIGNAL_AND_WAIT };

struct operation {
    enum operation_verb verb;
    int32_t argument; /* the timeout of a wait in ms, the count of a semaphore's release; else 0 */
    int32_t count, objects[RECORD_OBJECTS];
};

struct recorder {
    volatile struct history_record *record;
    int32_t at;
};

struct recorder begin_record(const struct view *view);
int32_t room_in(const struct recorder *recorder);

void record_call(struct recorder *recorder, const struct operation *operation);
/* Gives how long it took, in ns. */
int64_t record_return(struct recorder *recorder, int32_t outcome);
