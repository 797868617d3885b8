/*
 * The namespace mutex, object 0: it guards all structure, and the marks of a wait for all. Whoever gets it abandoned repairs everything
 * before anything else.
 */
#pragma once
#include "layout.h"

/* The id of this thread, as it stands in the words of what it owns. */
extern uint32_t own_id;

void lock_namespace(void);
void unlock_namespace(void);

/* The same, for whoever changes clients, references, objects or names: killed in between, these have to be repaired. */
void lock_structure(void);
void unlock_structure(void);
/* False when somebody has it, who may stand still. */
bool try_lock_structure(void);

/*
 * Until the word is no longer as it was found: marked by a wait for all, which lasts an instant. If the marker has died, this repairs. Not under the
 * namespace mutex: who holds it never meets a mark of somebody else.
 */
void wait_out_mark(const uint32_t *word, uint32_t marked);
