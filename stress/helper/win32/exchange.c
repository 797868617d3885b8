#include "exchange.h"

#include "call.h"

#include <string.h>

static CRITICAL_SECTION turn;
static HANDLE asked, answered;
static struct text line, reply;
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
    /* The main thread's own, since the next line may be put down before this thread has come to wait for it. */
    static struct text left;
    static bool is_within;
    if (!is_within) {
        WaitForSingleObject(asked, INFINITE);
        left = line;
        is_within = true;
    }
    size_t piece = left.length < size ? left.length : size;
    memcpy(buffer, left.characters, piece);
    left = (struct text){left.characters + piece, left.length - piece};
    if (piece < size) {
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
