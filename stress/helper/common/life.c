#include "process.h"
#include "reply.h"
#include "verbs.h"

static uint32_t take_process(struct command *command, const char *field, uint32_t least)
{
    return (uint32_t)take_number(command, field, least, UINT32_MAX);
}

void verb_hello(struct command *command)
{
    uint32_t parent = take_process(command, "parent process id", 0);
    if (!end_command(command))
        return;
    ignore_interruption(); /* first: who watches the parent is forked from this process */
    if (parent != 0 && !reply_success(end_with_process(parent)))
        return;
    reply_field(8 * sizeof(void *));
    reply_field(own_process_id());
    reply_field(own_thread_id());
}

void verb_die(struct command *command)
{
    uint32_t code = (uint32_t)take_number(command, "exit code", 0, UINT32_MAX);
    if (end_command(command))
        end_at_once(code);
}

void verb_exit(struct command *command)
{
    if (end_command(command))
        end_in_order(0);
}

static void act_on_other(struct command *command, struct failure (*act)(uint32_t process_id))
{
    uint32_t process_id = take_process(command, "process id", 1);
    if (process_id == own_process_id())
        reject(command, "process id", "this peer's own");
    if (end_command(command))
        reply_success(act(process_id));
}

void verb_execute(struct command *command)
{
    act_on_other(command, execute_process);
}

void verb_suspend(struct command *command)
{
    act_on_other(command, suspend_process);
}

void verb_resume(struct command *command)
{
    act_on_other(command, resume_process);
}

void verb_reap(struct command *command)
{
    uint32_t process_id = take_process(command, "process id", 0);
    if (process_id == own_process_id())
        reject(command, "process id", "this peer's own");
    if (end_command(command))
        reply_success(process_id == 0 ? can_reap_processes() : reap_process(process_id));
}

void verb_shift_clock(struct command *command)
{
    int64_t milliseconds = take_number(command, "milliseconds", -60000, 60000);
    if (end_command(command))
        reply_success(shift_clock(milliseconds));
}

void verb_vitals(struct command *command)
{
    uint32_t process_id = take_process(command, "process id", 1);
    struct vitals vitals;
    if (!end_command(command) || !reply_success(look_at_vitals(process_id, &vitals)))
        return;
    reply_field(vitals.handles);
    reply_field(vitals.bytes);
}
