#include "shared_file.h"

#include "errors.h"
#include "path.h"
#include "start.h"

#include <string.h>

/* How many references or objects get memory at a time. */
enum { STEP = 2048 };
enum { LOCK_SHARED = 1, LOCK_EXCLUSIVE = 2, LOCK_AT_ONCE = 4 };

struct arena *arena;

/* It stays open, for the lock on it: while anybody has the shared one, nobody begins afresh. */
static int file;
static char folder[PATH_LIMIT];

static uint32_t user_id(void)
{
    return (uint32_t)system_call(SYS_GETEUID, 0, 0, 0, 0, 0, 0);
}

static bool is_own(const struct facts *facts, uint32_t kind)
{
    return facts->owner == user_id() && (facts->mode & MODE_KIND) == kind && (facts->mode & MODE_OTHERS) == 0;
}

static bool in_folder(char path[PATH_LIMIT], const char *name)
{
    struct path built = begin_path(path, PATH_LIMIT);
    add_text(&built, folder);
    add_text(&built, "/");
    add_text(&built, name);
    return !built.cut;
}

void section_path(char path[PATH_LIMIT], uint32_t object, uint32_t generation)
{
    char name[40];
    struct path built = begin_path(name, sizeof name);
    add_text(&built, "section-");
    add_number(&built, object);
    add_text(&built, "-");
    add_number(&built, generation);
    in_folder(path, name);
}

static struct failure make_folder(void)
{
    const char *base = environment_variable("WAITABLE_DIR");
    /* Room left for the names in it. */
    struct path built = begin_path(folder, PATH_LIMIT - 64);
    add_text(&built, base == NULL || *base == '\0' ? "/dev/shm" : base);
    add_text(&built, "/waitable-");
    add_number(&built, user_id());
    if (built.cut)
        return (struct failure){"mkdir", INVALID_NAME};
    long made = system_call(SYS_MKDIRAT, -100, (long)folder, 0700, 0, 0, 0);
    if (made < 0 && made != -EEXIST)
        return failure_of_call(made, "mkdir");
    struct facts facts;
    if (facts_of(folder, &facts) < 0 || !is_own(&facts, MODE_FOLDER))
        return (struct failure){"open", ACCESS_DENIED};
    return success;
}

/* The kernel's struct linux_dirent64. */
struct entry {
    uint64_t inode, offset;
    uint16_t size;
    uint8_t kind;
    char name[];
};

static void remove_sections_in(const char *entries, long size)
{
    for (long at = 0; at < size;) {
        const struct entry *entry = (const struct entry *)(entries + at);
        char path[PATH_LIMIT];
        if (strncmp(entry->name, "section-", 8) == 0 && in_folder(path, entry->name))
            remove_file(path);
        at += entry->size;
    }
}

static void remove_sections(void)
{
    static char entries[32768] __attribute__((aligned(8)));
    int listed = open_file(folder, OPEN_READ | OPEN_FOLDER, 0);
    if (listed < 0)
        return;
    for (long size; (size = system_call(SYS_GETDENTS, listed, (long)entries, sizeof entries, 0, 0, 0)) > 0;)
        remove_sections_in(entries, size);
    close_file(listed);
}

static uint32_t pid_namespace(void)
{
    struct facts facts;
    return facts_behind("/proc/self/ns/pid", &facts) < 0 ? 0 : (uint32_t)facts.inode;
}

/* Begins afresh: nobody else uses the file. MAGIC comes last; should this process end before, the next one finds the file not ready. */
static struct failure initialize(void)
{
    const int64_t first_objects = offsetof(struct arena, objects);
    const int64_t first_references = offsetof(struct arena, references);
    long result = set_length(file, 0);
    remove_sections();
    if (result == 0)
        result = set_length(file, sizeof(struct arena));
    if (result == 0)
        result = allocate(file, 0, first_references + STEP * (int64_t)sizeof(struct reference));
    if (result == 0)
        result = allocate(file, first_objects, STEP * (int64_t)sizeof(struct shared));
    if (result != 0)
        return failure_of_call(result, "posix_fallocate");
    struct arena *fresh = map_file(file, sizeof(struct arena));
    if (fresh == NULL)
        return (struct failure){"mmap", OUT_OF_MEMORY};
    fresh->header.version = VERSION;
    fresh->header.pid_namespace = pid_namespace();
    fresh->header.objects_used = 1;
    fresh->header.references_backed = STEP;
    fresh->header.objects_backed = STEP;
    fresh->objects[0].kind = SHARED_MUTEX;
    __atomic_store_n(&fresh->header.magic, MAGIC, __ATOMIC_SEQ_CST);
    unmap(fresh, sizeof(struct arena));
    return success;
}

static long lock_file(int how)
{
    long result;
    do
        result = system_call(SYS_FLOCK, file, how, 0, 0, 0, 0);
    while (result == -EINTR);
    return result;
}

static struct failure open_or_make(const char *path)
{
    do {
        file = open_file(path, OPEN_WRITE, 0);
        if (file == -ENOENT)
            file = open_file(path, OPEN_WRITE | OPEN_CREATE_NEW, 0600);
    } while (file == -EEXIST || file == -ENOENT);
    if (file < 0)
        return failure_of_call(file, "open");
    struct facts facts;
    if (facts_of_open(file, &facts) == 0 && is_own(&facts, MODE_FILE))
        return success;
    close_file(file);
    return (struct failure){"open", ACCESS_DENIED};
}

/* With the shared lock. Between the two locks somebody else may have begun afresh, or removed the file. */
static bool is_at(const char *path)
{
    struct facts opened, named;
    return facts_of_open(file, &opened) == 0 && facts_of(path, &named) == 0 && opened.inode == named.inode;
}

/* `*again` when it has not been initialised: whoever was to do it has ended. */
static struct failure map_if_ready(bool *again)
{
    struct facts facts;
    if (facts_of_open(file, &facts) < 0 || facts.size != (int64_t)sizeof(struct arena)) {
        *again = facts.size == 0;
        return (struct failure){"mmap", FILE_CORRUPT};
    }
    struct arena *mapped = map_file(file, sizeof(struct arena));
    if (mapped == NULL)
        return (struct failure){"mmap", OUT_OF_MEMORY};
    const struct header *header = &mapped->header;
    bool fits = header->version == VERSION && header->pid_namespace == pid_namespace();
    if (header->magic == MAGIC && fits) {
        arena = mapped;
        return success;
    }
    *again = header->magic == 0;
    struct failure failure = {"mmap", header->magic == MAGIC ? NOT_SUPPORTED : FILE_CORRUPT};
    unmap(mapped, sizeof(struct arena));
    return failure;
}

static struct failure try_to_open(const char *path, bool *again)
{
    struct failure failure = open_or_make(path);
    if (failure.function != NULL)
        return failure;
    if (lock_file(LOCK_EXCLUSIVE | LOCK_AT_ONCE) == 0)
        failure = initialize();
    if (failure.function == NULL)
        failure = failure_of_call(lock_file(LOCK_SHARED), "flock");
    if (failure.function == NULL) {
        *again = !is_at(path);
        if (!*again)
            failure = map_if_ready(again);
    }
    if (arena == NULL)
        close_file(file);
    return failure;
}

struct failure open_shared_file(void)
{
    struct failure failure = make_folder();
    char path[PATH_LIMIT];
    if (failure.function != NULL || !in_folder(path, "objects"))
        return failure;
    bool again;
    do {
        again = false;
        failure = try_to_open(path, &again);
        if (again)
            yield_processor();
    } while (again);
    return failure;
}

void close_shared_file(void)
{
    unmap(arena, sizeof *arena);
    close_file(file);
    arena = NULL;
}

static struct failure back(uint32_t *backed, uint32_t count, uint32_t capacity, size_t at, size_t bytes)
{
    if (count <= *backed)
        return success;
    uint32_t next = (count + STEP - 1) / STEP * STEP;
    if (next > capacity)
        return (struct failure){"posix_fallocate", OUT_OF_MEMORY};
    long result = allocate(file, (int64_t)(at + *backed * bytes), (int64_t)((next - *backed) * bytes));
    if (result == 0)
        *backed = next;
    return failure_of_call(result, "posix_fallocate");
}

struct failure back_references(uint32_t count)
{
    return back(&arena->header.references_backed, count, REFERENCE_CAPACITY, offsetof(struct arena, references), sizeof(struct reference));
}

struct failure back_objects(uint32_t count)
{
    return back(&arena->header.objects_backed, count, OBJECT_CAPACITY, offsetof(struct arena, objects), sizeof(struct shared));
}
