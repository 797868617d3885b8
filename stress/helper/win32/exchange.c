#include "exchange.h"

#include "call.h"

#include <string.h>

static CRITICAL_SECTION turn;
static HANDLE asked, answered;
static struct text line, reply;
/* How much of the line, and of the line feed after it, has been read. */
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
    taken = 0;
    SetEvent(asked);
    WaitForSingleObject(answered, INFINITE);
    return reply;
}

void end_exchange(void)
{
    LeaveCriticalSection(&turn);
}

static bool is_used_up(void)
{
    return line.characters == NULL || taken > line.length;
}

size_t read_exchange(char *buffer, size_t size)
{
    if (is_used_up())
        WaitForSingleObject(asked, INFINITE);
    size_t left = line.length - taken;
    size_t piece = left < size ? left : size;
    memcpy(buffer, line.characters + taken, piece);
    taken += piece;
    if (taken == line.length && piece < size) {
        buffer[piece++] = '\n';
        taken++;
    }
    return piece;
}

void write_exchange(const char *text, size_t size)
{
    reply = (struct text){text, size - 1};
    SetEvent(answered);
}
