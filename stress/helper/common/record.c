#include "record.h"

#include "interlocked.h"
#include "record_layout.h"
#include "text.h"

#include <string.h>

/* What is filled from the seed; the counters come after it. */
enum { FILLED = offsetof(struct record, counter32) };

static const char *const texts8[] = {"", "plain", "\xc3\xa4\xe2\x82\xac", "a\xf0\x9d\x84\x9e" "b", "12345678\xe2\x82\xac"};
static const uint16_t texts16[][7] = {
    {0}, {'p', 'l', 'a', 'i', 'n'}, {0xe4, 0x20ac}, {'a', 0xd834, 0xdd1e, 'b'}, {'1', '2', '3', '4', '5', '6', 0x20ac},
};

static uint32_t mix(uint32_t seed, uint32_t place)
{
    uint32_t bits = seed ^ (place + 1) * 0x9e3779b1u;
    bits = (bits ^ bits >> 16) * 0x85ebca6bu;
    bits = (bits ^ bits >> 13) * 0xc2b2ae35u;
    return bits ^ bits >> 16;
}

static uint64_t mix_wide(uint32_t seed, uint32_t place)
{
    return (uint64_t)mix(seed, place) << 32 | mix(seed, place + 100);
}

/* Each of these is exact in its type. */
static float mix_single(uint32_t seed, uint32_t place)
{
    return (float)((int32_t)mix(seed, place) >> 8) / 256;
}

static double mix_double(uint32_t seed, uint32_t place)
{
    return (double)(int32_t)mix(seed, place) / 1024;
}

static void compose_arrays(struct record *record, uint32_t seed)
{
    for (uint32_t i = 0; i < 3; i++) {
        record->i8s[i] = (int8_t)mix(seed, 20 + i);
        record->i64s[i] = (int64_t)mix_wide(seed, 23 + i);
        record->u8s[i] = (uint8_t)mix(seed, 26 + i);
        record->f64s[i] = mix_double(seed, 29 + i);
        record->i16s[i] = (int16_t)mix(seed, 32 + i);
        record->u64s[i] = mix_wide(seed, 35 + i);
        record->u16s[i] = (uint16_t)mix(seed, 38 + i);
        record->f32s[i] = mix_single(seed, 41 + i);
        record->i32s[i] = (int32_t)mix(seed, 44 + i);
        record->u32s[i] = mix(seed, 47 + i);
    }
}

static void compose(struct record *record, uint32_t seed)
{
    memset(record, 0, sizeof *record);
    record->i8 = (int8_t)mix(seed, 0);
    record->i64 = (int64_t)mix_wide(seed, 1);
    record->u8 = (uint8_t)mix(seed, 2);
    record->f64 = mix_double(seed, 3);
    record->i16 = (int16_t)mix(seed, 4);
    record->u64 = mix_wide(seed, 5);
    record->u16 = (uint16_t)mix(seed, 6);
    record->f32 = mix_single(seed, 7);
    record->i32 = (int32_t)mix(seed, 8);
    record->u32 = mix(seed, 9);
    record->handle = (int32_t)mix(seed, 10);
    if (mix(seed, 11) % 2 != 0)
        record->next = (int32_t)offsetof(struct record, u64s) - (int32_t)offsetof(struct record, next);
    const char *text8 = texts8[mix(seed, 12) % COUNT_OF(texts8)];
    memcpy(record->text8, text8, strlen(text8));
    memcpy(record->text16, texts16[mix(seed, 13) % COUNT_OF(texts16)], sizeof record->text16);
    compose_arrays(record, seed);
}

static volatile uint8_t *fields_of(const struct view *view)
{
    return (volatile uint8_t *)view->words + RECORD_BEGIN;
}

bool is_record(const struct view *view)
{
    if (view->length * sizeof *view->words < RECORD_BEGIN + sizeof(struct record))
        return false;
    uint64_t found = interlocked_compare_exchange_64((volatile uint64_t *)view->words, RECORD_FINGERPRINT, 0);
    return found == 0 || found == RECORD_FINGERPRINT;
}

void fill_record(const struct view *view, uint32_t seed)
{
    struct record record;
    compose(&record, seed);
    for (size_t at = 0; at < FILLED; at++)
        fields_of(view)[at] = ((const uint8_t *)&record)[at];
}

int32_t find_difference(const struct view *view, uint32_t seed)
{
    struct record record;
    compose(&record, seed);
    for (size_t at = 0; at < FILLED; at++) {
        if (fields_of(view)[at] != ((const uint8_t *)&record)[at])
            return (int32_t)at;
    }
    return -1;
}

void count_up(const struct view *view, int32_t times)
{
    volatile struct record *record = (volatile struct record *)fields_of(view);
    uint64_t seen = 0;
    for (int32_t i = 0; i < times; i++) {
        interlocked_add(1, &record->counter32);
        for (uint64_t found; (found = interlocked_compare_exchange_64(&record->counter64, seen + 1, seen)) != seen;)
            seen = found;
        seen++;
    }
}
