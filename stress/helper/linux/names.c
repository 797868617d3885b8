#include "names.h"

#include "sha256.h"

#include <string.h>

/* With its prefix, in UTF-16 units. */
enum { LONGEST_NAME = 260, LOCAL_LENGTH = 6, GLOBAL_LENGTH = 7 };

static const uint16_t local[] = u"Local\\", global[] = u"Global\\";

static size_t length_of(const uint16_t *name)
{
    size_t length = 0;
    while (name[length] != 0)
        length++;
    return length;
}

static bool begins_with(const uint16_t *name, const uint16_t *prefix, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (name[i] != prefix[i])
            return false;
    }
    return true;
}

static bool is_bare(const uint16_t *name)
{
    for (const uint16_t *unit = name; *unit != 0; unit++) {
        if (*unit == '\\')
            return false;
    }
    return *name != 0;
}

bool digest_of(const uint16_t *name, uint32_t digest[8])
{
    uint16_t canonical[LOCAL_LENGTH + LONGEST_NAME];
    bool is_global = begins_with(name, global, GLOBAL_LENGTH);
    const uint16_t *prefix = is_global ? global : local;
    size_t prefix_length = is_global ? GLOBAL_LENGTH : LOCAL_LENGTH;
    if (length_of(name) > LONGEST_NAME)
        return false;
    const uint16_t *bare = begins_with(name, prefix, prefix_length) ? name + prefix_length : name;
    if (!is_bare(bare))
        return false;
    size_t length = length_of(bare);
    memcpy(canonical, prefix, prefix_length * sizeof *prefix);
    memcpy(canonical + prefix_length, bare, length * sizeof *bare);
    sha256((const uint8_t *)canonical, (prefix_length + length) * sizeof *canonical, (uint8_t *)digest);
    return true;
}
