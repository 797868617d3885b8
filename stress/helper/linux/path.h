/* Text that is put together piece by piece; what has no room is left off, and `cut` tells. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct path {
    char *text;
    size_t length, capacity;
    bool cut;
};

struct path begin_path(char *text, size_t capacity);
void add_text(struct path *path, const char *text);
void add_number(struct path *path, uint32_t number);
