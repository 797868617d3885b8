/*
 * One command and its reply at a time, between the thread on which a call comes in and the main thread, which carries commands out. It has to be the
 * main one for all of them: a mutex belongs to the thread that took it, and RPC and COM call on whichever thread is free.
 */
#pragma once
#include "../common/kernel.h"

/* To be called first. */
struct failure open_exchange(void);

/* From now on commands come from exchanges, and replies go there, and no longer from and to standard input and output. */
void serve_exchanges(void);
bool are_exchanges_served(void);

struct text {
    const char *characters;
    size_t length;
};

/*
 * For the thread of a call. The line has no line feed, and the reply, which has none either, stays as it is until the exchange ends. A command without a
 * reply never comes back.
 */
struct text begin_exchange(struct text line);
void end_exchange(void);

/* For the main thread: the line, in pieces and with a line feed, and the reply, whole and with a line feed. */
size_t read_exchange(char *buffer, size_t size);
void write_exchange(const char *text, size_t size);
