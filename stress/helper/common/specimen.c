#include "specimen.h"

#include "interlocked.h"
#include "specimen_layout.h"
#include "text.h"

#include <string.h>

/* What is filled from the seed; the counters come after it. */
enum { FILLED = offsetof(struct specimen, counter32) };

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

static void compose_arrays(struct specimen *specimen, uint32_t seed)
{
    for (uint32_t i = 0; i < 3; i++) {
        specimen->i8s[i] = (int8_t)mix(seed, 20 + i);
        specimen->i64s[i] = (int64_t)mix_wide(seed, 23 + i);
        specimen->u8s[i] = (uint8_t)mix(seed, 26 + i);
        specimen->f64s[i] = mix_double(seed, 29 + i);
        specimen->i16s[i] = (int16_t)mix(seed, 32 + i);
        specimen->u64s[i] = mix_wide(seed, 35 + i);
        specimen->u16s[i] = (uint16_t)mix(seed, 38 + i);
        specimen->f32s[i] = mix_single(seed, 41 + i);
        specimen->i32s[i] = (int32_t)mix(seed, 44 + i);
        specimen->u32s[i] = mix(seed, 47 + i);
    }
}

static void compose(struct specimen *specimen, uint32_t seed)
{
    memset(specimen, 0, sizeof *specimen);
    specimen->i8 = (int8_t)mix(seed, 0);
    specimen->i64 = (int64_t)mix_wide(seed, 1);
    specimen->u8 = (uint8_t)mix(seed, 2);
    specimen->f64 = mix_double(seed, 3);
    specimen->i16 = (int16_t)mix(seed, 4);
    specimen->u64 = mix_wide(seed, 5);
    specimen->u16 = (uint16_t)mix(seed, 6);
    specimen->f32 = mix_single(seed, 7);
    specimen->i32 = (int32_t)mix(seed, 8);
    specimen->u32 = mix(seed, 9);
    specimen->handle = (int32_t)mix(seed, 10);
    if (mix(seed, 11) % 2 != 0)
        specimen->next = (int32_t)offsetof(struct specimen, u64s) - (int32_t)offsetof(struct specimen, next);
    const char *text8 = texts8[mix(seed, 12) % COUNT_OF(texts8)];
    memcpy(specimen->text8, text8, strlen(text8));
    memcpy(specimen->text16, texts16[mix(seed, 13) % COUNT_OF(texts16)], sizeof specimen->text16);
    compose_arrays(specimen, seed);
}

static volatile uint8_t *fields_of(const struct view *view)
{
    return (volatile uint8_t *)view->words + SPECIMEN_BEGIN;
}

bool is_specimen(const struct view *view)
{
    if (view->length * sizeof *view->words < SPECIMEN_BEGIN + sizeof(struct specimen))
        return false;
    uint64_t found = interlocked_compare_exchange_64((volatile uint64_t *)view->words, SPECIMEN_FINGERPRINT, 0);
    return found == 0 || found == SPECIMEN_FINGERPRINT;
}

void fill_specimen(const struct view *view, uint32_t seed)
{
    struct specimen specimen;
    compose(&specimen, seed);
    for (size_t at = 0; at < FILLED; at++)
        fields_of(view)[at] = ((const uint8_t *)&specimen)[at];
}

int32_t find_difference(const struct view *view, uint32_t seed)
{
    struct specimen specimen;
    compose(&specimen, seed);
    for (size_t at = 0; at < FILLED; at++) {
        if (fields_of(view)[at] != ((const uint8_t *)&specimen)[at])
            return (int32_t)at;
    }
    return -1;
}

void count_up(const struct view *view, int32_t times)
{
    volatile struct specimen *specimen = (volatile struct specimen *)fields_of(view);
    uint64_t seen = 0;
    for (int32_t i = 0; i < times; i++) {
        interlocked_add(1, &specimen->counter32);
        for (uint64_t found; (found = interlocked_compare_exchange_64(&specimen->counter64, seen + 1, seen)) != seen;)
            seen = found;
        seen++;
    }
}
