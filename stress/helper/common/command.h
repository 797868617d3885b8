/*
 * A command's fields, taken one after another. The first field that does not fit is remembered and every later one is
 * waved through, so that a verb takes all its fields first and asks once, with `end_command`, whether to go on.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* More than there are slots, and far more than the 64 objects that Windows waits for. */
enum { FIELD_LIMIT = 256 };

struct command {
    char *fields[FIELD_LIMIT];
    size_t count;
    size_t next;
    const char *bad_field;
    const char *bad_reason;
};

void split_command(struct command *command, char *line);

void reject(struct command *command, const char *field, const char *reason);
bool has_more(const struct command *command);

/* Never NULL: a field that is missing reads as empty. */
char *take_text(struct command *command, const char *field);
int64_t take_number(struct command *command, const char *field, int64_t least, int64_t most);
const uint16_t *take_name(struct command *command);

/* True when every field was there, was good, and none is left over; otherwise the reply is `bad`. */
bool end_command(struct command *command);
