#include "path.h"

#include "../common/text.h"

#include <string.h>

struct path begin_path(char *text, size_t capacity)
{
    text[0] = '\0';
    return (struct path){text, 0, capacity, false};
}

static void add(struct path *path, const char *text, size_t length)
{
    if (length >= path->capacity - path->length) {
        path->cut = true;
        return;
    }
    memcpy(path->text + path->length, text, length);
    path->length += length;
    path->text[path->length] = '\0';
}

void add_text(struct path *path, const char *text)
{
    add(path, text, strlen(text));
}

void add_number(struct path *path, uint32_t number)
{
    char digits[DIGITS];
    add(path, digits, format_number(number, digits));
}
