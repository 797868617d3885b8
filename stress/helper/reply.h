/* The one reply to the command being carried out. It begins as `ok`; what is not said otherwise succeeds. */
#pragma once
#include <windows.h>

/* A system call that failed; `function` is NULL where none did. */
struct failure {
    const char *function;
    DWORD number;
};

/* To be called before anything else can change the thread's last error. */
static inline struct failure failure_of(const char *function)
{
    return (struct failure){function, GetLastError()};
}

void reply_begin(void);
void reply_field(LONGLONG value);
void reply_word(const char *word);
void reply_part(char separator, LONGLONG value);
void reply_bad(const char *field, const char *reason);
void reply_error(struct failure failure);
void reply_send(void);
