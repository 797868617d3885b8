/* RPC tells by an exception that a call has failed, and GCC has no __try for those of Windows'. */
#pragma once
#include <stdint.h>

/* Gives the code of the exception of RPC's that ended the call, or 0. */
uint32_t guarded(void (*call)(void *argument), void *argument);
