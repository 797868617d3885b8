#include "vdso.h"

#include "image.h"
#include "start.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { AT_SYSINFO_EHDR = 33 };
enum { PT_LOAD = 1, PT_DYNAMIC = 2 };
enum { DT_NULL = 0, DT_HASH = 4, DT_STRTAB = 5, DT_SYMTAB = 6 };

struct dynamic {
    uintptr_t tag, value;
};

/* What of the library is needed to find a function; the hash table is there for the number of symbols alone, of which there are a dozen. */
struct library {
    uintptr_t offset; /* from the addresses that stand in it to where it lies */
    const struct symbol *symbols;
    const char *names;
    const uint32_t *hash;
};

static const struct dynamic *find_dynamic(const struct image *image, uintptr_t *offset)
{
    const struct segment *segments = (const struct segment *)((uintptr_t)image + image->segments);
    const struct dynamic *dynamic = NULL;
    bool loaded = false;
    for (size_t i = 0; i < image->segment_count; i++) {
        if (segments[i].type == PT_LOAD && !loaded) {
            *offset = (uintptr_t)image + segments[i].offset - segments[i].address;
            loaded = true;
        } else if (segments[i].type == PT_DYNAMIC) {
            dynamic = (const struct dynamic *)((uintptr_t)image + segments[i].offset);
        }
    }
    return loaded ? dynamic : NULL;
}

static bool open_library(const struct image *image, struct library *library)
{
    const struct dynamic *dynamic = find_dynamic(image, &library->offset);
    if (dynamic == NULL)
        return false;
    for (; dynamic->tag != DT_NULL; dynamic++) {
        const void *at = (const void *)(library->offset + dynamic->value);
        if (dynamic->tag == DT_SYMTAB)
            library->symbols = at;
        else if (dynamic->tag == DT_STRTAB)
            library->names = at;
        else if (dynamic->tag == DT_HASH)
            library->hash = at;
    }
    return library->symbols != NULL && library->names != NULL && library->hash != NULL;
}

void *find_in_vdso(const char *name)
{
    const struct image *image = (const struct image *)auxiliary_value(AT_SYSINFO_EHDR);
    struct library library = {0};
    if (image == NULL || !open_library(image, &library))
        return NULL;
    uint32_t count = library.hash[1];
    for (uint32_t i = 0; i < count; i++) {
        const struct symbol *symbol = &library.symbols[i];
        if (symbol->section != 0 && strcmp(library.names + symbol->name, name) == 0)
            return (void *)(library.offset + symbol->value);
    }
    return NULL;
}
