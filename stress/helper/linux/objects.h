/*
 * The objects and their names. What counts is in the objects and the references; buckets, chains, free lists and counts follow from it, and
 * the repair makes them anew. All is called under the namespace mutex.
 */
#pragma once
#include "../common/kernel.h"
#include "layout.h"

/* How many slots have been used ever; never beyond those that have memory, and never 0. */
uint32_t used_objects(void);
uint32_t index_of(const struct shared *object);

/* Neither free, nor a mutex that only its owner's death is awaited of. */
bool exists(const struct shared *object);

/* NULL when there is none. */
struct shared *find_named(const uint32_t digest[8]);

/* A slot with all fields 0 but its GENERATION. It is nobody's until `publish`, and free again after `give_back_object`. */
struct failure take_free_object(struct shared **object);
void publish(struct shared *object, enum shared_kind kind, const uint32_t digest[8]);
void give_back_object(struct shared *object);

/* When the last reference has gone. */
void free_object(struct shared *object);

/* Mutexes that nobody has open are used again when their owner is dead too. */
void free_orphans(void);

/* For the repair. */
void rebuild_objects(void);
