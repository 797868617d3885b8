/*
 * What a peer needs of the system's objects, in Win32's words. Each system has its own implementation, `../win32/` and
 * `../linux/`. A handle is a signed 32-bit number everywhere; a name is UTF-16 that ends in a 0.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A call that failed, with its Win32 error number; `function` is NULL where none did. */
struct failure {
    const char *function;
    uint32_t number;
};

static const struct failure success = {NULL, 0};

/* Bits, so that a command can say which kinds it takes. */
enum kind {
    KIND_MUTEX = 1,
    KIND_SEMAPHORE = 2,
    KIND_EVENT = 4,
    KIND_SECTION = 8,
    KIND_WAITABLE = KIND_MUTEX | KIND_SEMAPHORE | KIND_EVENT,
    KIND_ANY = KIND_WAITABLE | KIND_SECTION
};

/* The status of a wait; the first two plus the index of the object. */
enum { WAITED_TAKEN = 0, WAITED_ABANDONED = 128, WAITED_TIMEOUT = 258 };

/* The error numbers that the peer itself gives. */
enum { INVALID_PARAMETER = 87 };

/* A timeout without end, in ms. */
static const uint32_t FOR_EVER = UINT32_MAX;

struct created {
    int32_t handle;
    bool new;
};

struct failure create_mutex(const uint16_t *name, bool initially_owned, struct created *created);
struct failure create_semaphore(const uint16_t *name, int32_t initial, int32_t maximum, struct created *created);
struct failure create_event(const uint16_t *name, bool manual_reset, bool initial_state, struct created *created);
struct failure create_section(const uint16_t *name, int64_t bytes, struct created *created);

/* With the least rights that waiting and giving back need: a scenario must not pass by rights that a user's program lacks. */
struct failure open_object(enum kind kind, const uint16_t *name, int32_t *handle);

/* Fails if the value, which came from another process, is no handle in this one. */
struct failure check_handle(enum kind kind, int32_t handle);
struct failure close_handle(int32_t handle);

/* What stands for the own process in every process, and is negative; it fails where there is no such value. */
struct failure pseudo_handle(int32_t *handle);

struct view {
    volatile int32_t *words;
    size_t length; /* in words */
};

/* The whole section, for reading and writing. */
struct failure map_section(int32_t handle, struct view *view);
void unmap_section(struct view view);

struct failure wait_for_one(int32_t handle, uint32_t timeout, uint32_t *status);
struct failure wait_for_any(const int32_t *handles, size_t count, uint32_t timeout, uint32_t *status);

/* One object twice, through one handle or two, is for the kernel to refuse. */
struct failure wait_for_all(const int32_t *handles, size_t count, uint32_t timeout, uint32_t *status);

/* Signals one object, and waits for the other. What may be refused is, before the signal. */
struct failure signal_and_wait(int32_t to_signal, int32_t to_wait_for, uint32_t timeout, uint32_t *status);

struct failure release_mutex(int32_t mutex);
struct failure release_semaphore(int32_t semaphore, int32_t count, int32_t *previous);
struct failure set_event(int32_t event);
struct failure reset_event(int32_t event);
