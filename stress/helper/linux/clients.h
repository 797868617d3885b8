/* The threads that take part. Each owns a robust futex for as long as it lives, so that the kernel says who is dead. */
#pragma once
#include "../common/kernel.h"
#include "layout.h"

/* This thread's index. */
extern uint32_t own_client;

bool client_lives(uint32_t client);

/* These are called under the namespace mutex. */
struct failure register_client(void);

/* Closes what the dead had open. To be done before any name is looked up. */
void reap_clients(void);

/* The same for those whose deaths the kernel has not marked, once a second of all threads together. True when there were any. */
bool reap_unmarked(void);

/* The same for threads that had this id and have ended, and for the mutexes that have it in their words. */
void reap_ended(uint32_t id);
