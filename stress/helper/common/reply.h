/* The one reply to the command being carried out. It begins as `ok`; what is not said otherwise succeeds. */
#pragma once
#include "kernel.h"

void reply_begin(void);
void reply_field(int64_t value);
void reply_word(const char *word);
void reply_part(char separator, int64_t value);
void reply_bad(const char *field, const char *reason);
void reply_error(struct failure failure);
bool reply_is_ok(void);
void reply_send(void);

/* Replies with the error, if there is one. */
bool reply_success(struct failure failure);
