#include "lines.h"

#include "process.h"

#include <stdbool.h>
#include <string.h>

static char buffer[LINE_LIMIT];
static size_t start, end;

static bool read_more(void)
{
    size_t size = read_input(buffer + end, sizeof buffer - end);
    end += size;
    return size != 0;
}

enum line read_line(char **line)
{
    bool too_long = false;
    char *newline;
    while ((newline = memchr(buffer + start, '\n', end - start)) == NULL) {
        memmove(buffer, buffer + start, end - start);
        end -= start;
        start = 0;
        if (end == sizeof buffer) {
            too_long = true;
            end = 0;
        }
        /* An unfinished last line is dropped: it may be half a command of a parent that was killed while it wrote. */
        if (!read_more())
            return LINE_NONE_LEFT;
    }
    char *text = buffer + start;
    start = (size_t)(newline + 1 - buffer);
    if (too_long || memchr(text, '\0', (size_t)(newline - text)) != NULL)
        return LINE_REFUSED;
    if (newline > text && newline[-1] == '\r')
        newline--;
    *newline = '\0';
    *line = text;
    return LINE_READ;
}
