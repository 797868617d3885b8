/* The objects that this peer has open, each under its slot. */
#pragma once
#include "command.h"
#include "reply.h"

enum { SLOTS = 128 };

/* Bits, so that a command can say which kinds it takes. An empty slot has none. */
enum kind {
    KIND_MUTEX = 1,
    KIND_SEMAPHORE = 2,
    KIND_EVENT = 4,
    KIND_SECTION = 8,
    KIND_WAITABLE = KIND_MUTEX | KIND_SEMAPHORE | KIND_EVENT,
    KIND_ANY = KIND_WAITABLE | KIND_SECTION
};

struct object {
    enum kind kind;
    HANDLE handle;
    volatile LONG *words; /* a section's view */
    size_t length;        /* how many words it has */
};

enum kind take_kind(struct command *command, unsigned kinds);

/* Both give NULL when they reject the command, and only then. */
struct object *take_empty_slot(struct command *command);
struct object *take_object(struct command *command, const char *field, unsigned kinds);

/* The same for a slot number that is not a field of its own. */
struct object *find_object(struct command *command, const char *field, const char *slot, unsigned kinds);

/* Puts a handle that `function` has just made into the slot; a section's is mapped too, or closed again. */
struct failure keep(struct object *slot, enum kind kind, HANDLE handle, const char *function);
struct failure let_go(struct object *slot);

/* Ends the holding of an object that a wait took: a mutex, one permit, or the baton that an auto-reset event stands for. */
struct failure give_back(const struct object *object);
