#include "reply.h"

#include "process.h"
#include "text.h"

#include <string.h>

/* Room for the longest reply, that of `run` with every bucket of its four histograms in use (80,640 characters each). */
static char reply[384 * 1024];
static size_t length;

static void append(const char *text, size_t size)
{
    if (size > sizeof reply - length)
        __builtin_trap();
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

void reply_part(char separator, int64_t value)
{
    char digits[DIGITS];
    append(&separator, 1);
    append(digits, format_number(value, digits));
}

void reply_field(int64_t value)
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

bool reply_success(struct failure failure)
{
    if (failure.function != NULL)
        reply_error(failure);
    return failure.function == NULL;
}

bool reply_is_ok(void)
{
    return reply[0] == 'o';
}

void reply_send(void)
{
    append_text("\n");
    /* Nobody is left to read: what this peer holds must not outlive the run. */
    if (!write_output(reply, length))
        end_in_order(1);
}
