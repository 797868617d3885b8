#include <string.h>

/* Compiled with -fno-tree-loop-distribute-patterns: else the compiler would make of these loops calls of these functions. */

void *memcpy(void *to, const void *from, size_t size)
{
    char *target = to;
    for (const char *source = from; size > 0; size--)
        *target++ = *source++;
    return to;
}

void *memmove(void *to, const void *from, size_t size)
{
    if ((char *)to <= (const char *)from)
        return memcpy(to, from, size);
    while (size-- > 0)
        ((char *)to)[size] = ((const char *)from)[size];
    return to;
}

void *memset(void *to, int byte, size_t size)
{
    for (char *target = to; size > 0; size--)
        *target++ = (char)byte;
    return to;
}

int memcmp(const void *one, const void *other, size_t size)
{
    const unsigned char *a = one, *b = other;
    for (; size > 0; size--, a++, b++) {
        if (*a != *b)
            return *a - *b;
    }
    return 0;
}

void *memchr(const void *in, int byte, size_t size)
{
    for (const unsigned char *at = in; size > 0; size--, at++) {
        if (*at == (unsigned char)byte)
            return (void *)at;
    }
    return NULL;
}

size_t strlen(const char *text)
{
    size_t length = 0;
    while (text[length] != '\0')
        length++;
    return length;
}

int strcmp(const char *one, const char *other)
{
    return strncmp(one, other, (size_t)-1);
}

int strncmp(const char *one, const char *other, size_t size)
{
    for (; size > 0; size--, one++, other++) {
        if (*one != *other || *one == '\0')
            return (unsigned char)*one - (unsigned char)*other;
    }
    return 0;
}

char *strchr(const char *text, int character)
{
    for (; *text != (char)character; text++) {
        if (*text == '\0')
            return NULL;
    }
    return (char *)text;
}
