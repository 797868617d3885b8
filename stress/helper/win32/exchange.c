#include "exchange.h"

#include "call.h"

#include <string.h>

static CRITICAL_SECTION turn;
static HANDLE asked, answered;
/* The line is written before `asked` is set, and read after a wait for that; the reply likewise. */
static struct text line, reply;
/* The main thread's own: whether it is within a line, and how much of that it has read. */
static bool is_within;
static size_t taken;
static bool is_served;

struct failure open_exchange(void)
{
    InitializeCriticalSection(&turn);
    asked = CreateEventW(NULL, FALSE, FALSE, NULL);
    answered = CreateEventW(NULL, FALSE, FALSE, NULL);
    return outcome_of(asked != NULL && answered != NULL, "CreateEventW");
}

void serve_exchanges(void)
{
    is_served = true;
}

bool are_exchanges_served(void)
{
    return is_served;
}

struct text begin_exchange(struct text command)
{
    EnterCriticalSection(&turn);
    line = command;
    SetEvent(asked);
    WaitForSingleObject(answered, INFINITE);
    return reply;
}

void end_exchange(void)
{
    LeaveCriticalSection(&turn);
}

size_t read_exchange(char *buffer, size_t size)
{
    if (!is_within) {
        WaitForSingleObject(asked, INFINITE);
        is_within = true;
        taken = 0;
    }
    size_t left = line.length - taken;
    size_t piece = left < size ? left : size;
    memcpy(buffer, line.characters + taken, piece);
    taken += piece;
    if (taken == line.length && piece < size) {
        buffer[piece++] = '\n';
        is_within = false;
    }
    return piece;
}

void write_exchange(const char *text, size_t size)
{
    reply = (struct text){text, size - 1};
    SetEvent(answered);
}
