#include "objects.h"
#include "specimen.h"
#include "verbs.h"

/* NULL when it rejects the command. */
static const struct view *take_specimen(struct command *command)
{
    const struct object *section = take_object(command, "slot", KIND_SECTION);
    if (section != NULL && !is_specimen(&section->view))
        reject(command, "slot", "a section with another layout than the specimen's");
    return command->bad_field == NULL ? &section->view : NULL;
}

static uint32_t take_seed(struct command *command)
{
    return (uint32_t)take_number(command, "seed", 0, UINT32_MAX);
}

void verb_fill(struct command *command)
{
    const struct view *specimen = take_specimen(command);
    uint32_t seed = take_seed(command);
    if (end_command(command))
        fill_specimen(specimen, seed);
}

void verb_verify(struct command *command)
{
    const struct view *specimen = take_specimen(command);
    uint32_t seed = take_seed(command);
    if (end_command(command))
        reply_field(find_difference(specimen, seed));
}

void verb_count_up(struct command *command)
{
    const struct view *specimen = take_specimen(command);
    int32_t times = (int32_t)take_number(command, "times", 1, INT32_MAX);
    if (end_command(command))
        count_up(specimen, times);
}
