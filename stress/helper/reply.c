#include "reply.h"

#include <stdlib.h>
#include <string.h>

/* Room for the longest reply, that of `run` with every bucket of its histogram in use (80,640 characters). */
static char reply[128 * 1024];
static size_t length;

static void append(const char *text, size_t size)
{
    if (size > sizeof reply - length)
        abort();
    memcpy(reply + length, text, size);
    length += size;
}

static void append_text(const char *text)
{
    append(text, strlen(text));
}

void reply_begin(void)
{
    length = 0;
    append_text("ok");
}

void reply_part(char separator, LONGLONG value)
{
    char digits[24];
    append(&separator, 1);
    append_text(_i64toa(value, digits, 10));
}

void reply_field(LONGLONG value)
{
    reply_part(' ', value);
}

void reply_word(const char *word)
{
    append_text(" ");
    append_text(word);
}

void reply_bad(const char *field, const char *reason)
{
    length = 0;
    append_text("bad ");
    append_text(field);
    append_text(": ");
    append_text(reason);
}

void reply_error(struct failure failure)
{
    length = 0;
    append_text("error");
    reply_field(failure.number);
    reply_word(failure.function);
}

void reply_send(void)
{
    append_text("\n");
    DWORD written;
    for (size_t sent = 0; sent < length; sent += written) {
        /* Nobody is left to read: what this peer holds must not outlive the run. */
        if (!WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), reply + sent, (DWORD)(length - sent), &written, NULL))
            ExitProcess(1);
    }
}
