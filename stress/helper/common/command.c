#include "command.h"

#include "lines.h"
#include "reply.h"
#include "text.h"

#include <string.h>

void split_command(struct command *command, char *line)
{
    *command = (struct command){0};
    for (char *field = line; field != NULL;) {
        if (command->count == FIELD_LIMIT) {
            reject(command, "line", "too many fields");
            return;
        }
        command->fields[command->count++] = field;
        field = strchr(field, ' ');
        if (field != NULL)
            *field++ = '\0';
    }
}

void reject(struct command *command, const char *field, const char *reason)
{
    if (command->bad_field != NULL)
        return;
    command->bad_field = field;
    command->bad_reason = reason;
}

bool has_more(const struct command *command)
{
    return command->next < command->count;
}

char *take_text(struct command *command, const char *field)
{
    static char nothing[1];
    if (has_more(command))
        return command->fields[command->next++];
    reject(command, field, "missing");
    return nothing;
}

int64_t take_number(struct command *command, const char *field, int64_t least, int64_t most)
{
    int64_t value = least;
    if (!parse_number(take_text(command, field), least, most, &value))
        reject(command, field, "not a number in its range");
    return value;
}

const uint16_t *take_name(struct command *command)
{
    static uint16_t name[LINE_LIMIT];
    if (!decode_name(take_text(command, "name"), name, LINE_LIMIT))
        reject(command, "name", "not percent-encoded UTF-8, or with a NUL in it");
    return name;
}

bool end_command(struct command *command)
{
    if (has_more(command))
        reject(command, "line", "more fields than the verb takes");
    if (command->bad_field == NULL)
        return true;
    reply_bad(command->bad_field, command->bad_reason);
    return false;
}
