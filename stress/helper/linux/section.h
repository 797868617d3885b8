/* A section is a file beside the shared one. */
#pragma once
#include "../common/kernel.h"
#include "layout.h"

/* Under the namespace mutex, before the object has a kind. */
struct failure make_section_file(struct shared *section, int64_t bytes);
struct failure map_section_file(const struct shared *section, struct view *view);
