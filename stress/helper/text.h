/* What fields are made of: decimal numbers and percent-encoded names. */
#pragma once
#include <stdbool.h>
#include <windows.h>

bool parse_number(const char *text, LONGLONG least, LONGLONG most, LONGLONG *value);

/* Decodes in place, then into `name`. False for malformed escapes, malformed UTF-8, an embedded NUL, and a name without room. */
bool decode_name(char *text, WCHAR *name, int capacity);
