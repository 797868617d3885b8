#include "text.h"

#include <string.h>

bool parse_number(const char *text, int64_t least, int64_t most, int64_t *value)
{
    bool negative = *text == '-';
    const char *digit = text + negative;
    if (*digit == '\0')
        return false;
    /* Summed up below zero, where there is room for one number more. */
    int64_t parsed = 0;
    for (; *digit != '\0'; digit++) {
        if (*digit < '0' || *digit > '9' || __builtin_mul_overflow(parsed, 10, &parsed) || __builtin_sub_overflow(parsed, *digit - '0', &parsed))
            return false;
    }
    if (!negative && __builtin_sub_overflow(0, parsed, &parsed))
        return false;
    if (parsed < least || parsed > most)
        return false;
    *value = parsed;
    return true;
}

size_t format_number(int64_t value, char digits[DIGITS])
{
    uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
    size_t at = DIGITS;
    do
        digits[--at] = (char)('0' + rest % 10);
    while ((rest /= 10) != 0);
    if (value < 0)
        digits[--at] = '-';
    memmove(digits, digits + at, DIGITS - at);
    return DIGITS - at;
}

static int hex_digit(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'A' && digit <= 'F')
        return digit - 'A' + 10;
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    return -1;
}

static bool decode_percent(char *text)
{
    char *to = text;
    for (const char *from = text; *from != '\0'; to++) {
        if (*from != '%') {
            *to = *from++;
            continue;
        }
        int high = hex_digit(from[1]);
        int low = high < 0 ? -1 : hex_digit(from[2]);
        if (low < 0 || (high == 0 && low == 0))
            return false;
        *to = (char)(high << 4 | low);
        from += 3;
    }
    *to = '\0';
    return true;
}

/* How many bytes follow the first of a character; -1 if none begins with it. */
static int bytes_after(uint8_t first)
{
    if (first < 0x80)
        return 0;
    if (first >= 0xc0 && first < 0xe0)
        return 1;
    if (first >= 0xe0 && first < 0xf0)
        return 2;
    return first >= 0xf0 && first < 0xf8 ? 3 : -1;
}

/* False also for what could have been said in fewer bytes, for halves of surrogate pairs, and beyond Unicode's end. */
static bool decode_character(const uint8_t **text, uint32_t *character)
{
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    static const uint8_t payload[] = {0x7f, 0x1f, 0x0f, 0x07};
    int following = bytes_after(**text);
    if (following < 0)
        return false;
    uint32_t decoded = *(*text)++ & payload[following];
    for (int i = 0; i < following; i++) {
        if ((**text & 0xc0) != 0x80)
            return false;
        decoded = decoded << 6 | (*(*text)++ & 0x3f);
    }
    *character = decoded;
    return decoded >= least[following] && decoded <= 0x10ffff && (decoded < 0xd800 || decoded > 0xdfff);
}

static bool decode_utf8(const uint8_t *text, uint16_t *name, size_t capacity)
{
    size_t length = 0;
    while (*text != 0) {
        uint32_t character;
        /* Room for a pair and the end. */
        if (length + 3 > capacity || !decode_character(&text, &character))
            return false;
        if (character < 0x10000) {
            name[length++] = (uint16_t)character;
        } else {
            name[length++] = (uint16_t)(0xd800 + ((character - 0x10000) >> 10));
            name[length++] = (uint16_t)(0xdc00 + ((character - 0x10000) & 0x3ff));
        }
    }
    name[length] = 0;
    return true;
}

bool decode_name(char *text, uint16_t *name, size_t capacity)
{
    return decode_percent(text) && decode_utf8((const uint8_t *)text, name, capacity);
}
