/* What fields are made of: decimal numbers and percent-encoded names. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

bool parse_number(const char *text, int64_t least, int64_t most, int64_t *value);

/* The longest is INT64_MIN's, of 20 characters. */
enum { DIGITS = 20 };

/* Gives the number of characters. */
size_t format_number(int64_t value, char digits[DIGITS]);

/* Decodes in place, then into `name`. False for malformed escapes, malformed UTF-8, an embedded NUL, and a name without room. */
bool decode_name(char *text, uint16_t *name, size_t capacity);
