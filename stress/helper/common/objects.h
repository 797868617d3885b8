/* The objects that this peer has open, each under its slot. */
#pragma once
#include "command.h"
#include "reply.h"

enum { SLOTS = 128 };

/* An empty slot has no kind. */
struct object {
    enum kind kind;
    int32_t handle;
    struct view view; /* of a section */
};

enum kind take_kind(struct command *command, unsigned kinds);

/* Both give NULL when they reject the command, and only then. */
struct object *take_empty_slot(struct command *command);
struct object *take_object(struct command *command, const char *field, unsigned kinds);

/* The same for a slot number that is not a field of its own. */
struct object *find_object(struct command *command, const char *field, const char *slot, unsigned kinds);

/* The handles of all the slots that the command has left to name. */
size_t take_handles(struct command *command, int32_t handles[FIELD_LIMIT]);

/* NULL where the slot is empty, or is none. */
struct object *object_in(int32_t slot);

/* Whether a section is so large and has that layout. One that is new, with zeroes alone, gets it. */
bool has_layout(const struct view *view, size_t bytes, uint64_t fingerprint);

/* Puts a handle into the slot; a section is mapped too, and where that fails the handle stays the caller's. */
struct failure keep(struct object *slot, enum kind kind, int32_t handle);
struct failure let_go(struct object *slot);

/* Ends the holding of an object that a wait took: a mutex, one permit, or the baton that an auto-reset event stands for. */
struct failure give_back(const struct object *object);
