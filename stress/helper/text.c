#include "text.h"

#include <errno.h>
#include <stdlib.h>

bool parse_number(const char *text, LONGLONG least, LONGLONG most, LONGLONG *value)
{
    /* strtoll would also take leading blanks and a plus sign. */
    if (*text != '-' && (*text < '0' || *text > '9'))
        return false;
    char *end;
    errno = 0;
    LONGLONG parsed = strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || parsed < least || parsed > most)
        return false;
    *value = parsed;
    return true;
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

bool decode_name(char *text, WCHAR *name, int capacity)
{
    return decode_percent(text) && MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text, -1, name, capacity) > 0;
}
