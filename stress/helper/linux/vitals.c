#include "../common/process.h"

#include "../common/text.h"
#include "errors.h"
#include "path.h"
#include "system.h"

#include <string.h>

enum { PAGE = 4096, PATH_LIMIT = 64 };

static void path_of(char path[PATH_LIMIT], uint32_t process_id, const char *what)
{
    struct path built = begin_path(path, PATH_LIMIT);
    add_text(&built, "/proc/");
    add_number(&built, process_id);
    add_text(&built, what);
}

static bool resident_bytes(uint32_t process_id, int64_t *bytes)
{
    char path[PATH_LIMIT], text[128] = "";
    path_of(path, process_id, "/statm");
    int file = open_file(path, OPEN_READ, 0);
    if (file < 0)
        return false;
    long size = system_call(SYS_READ, file, (long)text, sizeof text - 1, 0, 0, 0);
    close_file(file);
    /* Pages in all, then those in memory. */
    char *resident = size > 0 ? strchr(text, ' ') : NULL;
    char *end = resident == NULL ? NULL : strchr(resident + 1, ' ');
    if (end == NULL)
        return false;
    *end = '\0';
    if (!parse_number(resident + 1, 0, INT64_MAX / PAGE, bytes))
        return false;
    *bytes *= PAGE;
    return true;
}

/* The entries of a folder, of which `.` and `..` are two. */
static int64_t descriptors(uint32_t process_id)
{
    static char entries[4096] __attribute__((aligned(8)));
    char path[PATH_LIMIT];
    int64_t count = -2;
    path_of(path, process_id, "/fd");
    int listed = open_file(path, OPEN_READ | OPEN_FOLDER, 0);
    if (listed < 0)
        return 0;
    for (long size; (size = system_call(SYS_GETDENTS, listed, (long)entries, sizeof entries, 0, 0, 0)) > 0;) {
        /* An entry's size stands behind two 64-bit numbers. */
        for (long at = 0; at < size; at += *(const uint16_t *)(entries + at + 16))
            count++;
    }
    close_file(listed);
    return count;
}

struct failure look_at_vitals(uint32_t process_id, struct vitals *vitals)
{
    if (!resident_bytes(process_id, &vitals->bytes))
        return (struct failure){"OpenProcess", INVALID_PARAMETER};
    vitals->handles = descriptors(process_id);
    return success;
}
