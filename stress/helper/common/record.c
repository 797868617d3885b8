#include "record.h"

#include "process.h"

enum { NO_OBJECT = 255 };

struct recorder begin_record(const struct view *view)
{
    return (struct recorder){(volatile struct history_record *)((volatile char *)view->words + HISTORY_RECORD_BEGIN), 0};
}

int32_t room_in(const struct recorder *recorder)
{
    return RECORD_CAPACITY - recorder->at;
}

void record_call(struct recorder *recorder, const struct operation *operation)
{
    volatile struct history_record *record = recorder->record;
    int32_t at = recorder->at;
    record->verb[at] = (uint8_t)operation->verb;
    record->argument[at] = (uint8_t)operation->argument;
    for (int32_t i = 0; i < RECORD_OBJECTS; i++)
        record->objects[at * RECORD_OBJECTS + i] = (uint8_t)(i < operation->count ? operation->objects[i] : NO_OBJECT);
    record->called[at] = now_nanoseconds();
    __atomic_store_n(&record->begun, at + 1, __ATOMIC_SEQ_CST);
}

int64_t record_return(struct recorder *recorder, int32_t outcome)
{
    volatile struct history_record *record = recorder->record;
    int64_t now = now_nanoseconds();
    int32_t at = recorder->at++;
    record->returned[at] = now;
    record->outcome[at] = outcome;
    __atomic_store_n(&record->ended, at + 1, __ATOMIC_SEQ_CST);
    return now - record->called[at];
}
