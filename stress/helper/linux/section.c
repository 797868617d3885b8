#include "section.h"

#include "errors.h"
#include "objects.h"
#include "shared_file.h"

struct failure make_section_file(struct shared *section, int64_t bytes)
{
    char path[PATH_LIMIT];
    section_path(path, index_of(section), section->generation);
    /* One of somebody who died before the section had its kind. */
    remove_file(path);
    int file = open_file(path, OPEN_WRITE | OPEN_CREATE_NEW, 0600);
    if (file < 0)
        return failure_of_call(file, "open");
    long result = set_length(file, bytes);
    if (result == 0)
        result = allocate(file, 0, bytes);
    close_file(file);
    if (result < 0)
        remove_file(path);
    section->quantity = (double)bytes;
    return failure_of_call(result, "posix_fallocate");
}

struct failure map_section_file(const struct shared *section, struct view *view)
{
    static const char function[] = "MapViewOfFile";
    char path[PATH_LIMIT];
    section_path(path, index_of(section), section->generation);
    int file = open_file(path, OPEN_WRITE, 0);
    if (file < 0)
        return failure_of_call(file, function);
    /* By the file, not by the object: beyond its end there is no memory. */
    struct facts facts;
    long result = facts_of_open(file, &facts);
    void *mapped = result == 0 && facts.size > 0 && facts.size <= INTPTR_MAX ? map_file(file, (size_t)facts.size) : NULL;
    close_file(file);
    if (mapped == NULL)
        return (struct failure){function, OUT_OF_MEMORY};
    *view = (struct view){mapped, (size_t)facts.size / sizeof *view->words};
    return success;
}

void unmap_section(struct view view)
{
    unmap((void *)view.words, view.length * sizeof *view.words);
}
