/* A peer of the stress run in plain C, for Windows and for Linux: reads commands line by line and answers each with one line. See PROTOCOL.md. */
#include "lines.h"
#include "process.h"
#include "reply.h"
#include "text.h"
#include "verbs.h"

#include <string.h>

static const struct {
    const char *name;
    void (*act)(struct command *command);
} verbs[] = {
    {"hello", verb_hello},       {"create", verb_create},     {"open", verb_open}, {"adopt", verb_adopt},
    {"handle", verb_handle},     {"close", verb_close},       {"wait", verb_wait}, {"wait-any", verb_wait_any},
    {"wait-all", verb_wait_all}, {"release", verb_release},   {"set", verb_set},   {"reset", verb_reset},
    {"read", verb_read},         {"write", verb_write},       {"hold", verb_hold}, {"run", verb_run},
    {"bench", verb_bench},       {"execute", verb_execute},   {"die", verb_die},   {"exit", verb_exit},
    {"vitals", verb_vitals},     {"fill", verb_fill},         {"verify", verb_verify},
    {"count-up", verb_count_up}, {"suspend", verb_suspend},   {"resume", verb_resume},
    {"reap", verb_reap},         {"shift-clock", verb_shift_clock}, {"pseudo-handle", verb_pseudo_handle},
};

static void act_on(char *line)
{
    struct command command;
    split_command(&command, line);
    const char *name = take_text(&command, "verb");
    for (size_t i = 0; i < COUNT_OF(verbs); i++) {
        if (strcmp(name, verbs[i].name) == 0) {
            verbs[i].act(&command);
            return;
        }
    }
    reply_bad("verb", "unknown");
}

/* Gives 0, or which of the commands failed, counted from 1. */
static int act_on_all(char **lines, int count)
{
    for (int i = 0; i < count; i++) {
        reply_begin();
        act_on(lines[i]);
        if (!reply_is_ok())
            return i + 1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 1 && !serve_calls(argc, argv))
        return act_on_all(argv + 1, argc - 1);
    char *line;
    for (enum line read; (read = read_line(&line)) != LINE_NONE_LEFT; reply_send()) {
        reply_begin();
        if (read == LINE_READ)
            act_on(line);
        else
            reply_bad("line", "longer than 64 KiB, or with a NUL in it");
    }
    return 0;
}
