/* The user's shared file: found, made if need be, and mapped once. */
#pragma once
#include "../common/kernel.h"
#include "layout.h"

/* NULL before `open_shared_file` has succeeded. */
extern struct arena *arena;

struct failure open_shared_file(void);

/* Only before this thread owns anything in it. */
void close_shared_file(void);

/* Room for a section's path: the folder's, and a name. */
enum { PATH_LIMIT = 4096 };
void section_path(char path[PATH_LIMIT], uint32_t object, uint32_t generation);

/* Gives memory to references, or objects, below `count`. Under the namespace mutex. */
struct failure back_references(uint32_t count);
struct failure back_objects(uint32_t count);
