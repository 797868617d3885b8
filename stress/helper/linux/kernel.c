#include "../common/kernel.h"

#include "../common/process.h"
#include "clients.h"
#include "counter.h"
#include "errors.h"
#include "mutex.h"
#include "names.h"
#include "namespace.h"
#include "objects.h"
#include "references.h"
#include "robust.h"
#include "section.h"
#include "shared_file.h"
#include "word.h"

enum {
    SYNCHRONIZE = 0x100000,
    MUTEX_RIGHTS = SYNCHRONIZE | 1,
    MODIFY_STATE = 2,
    SEMAPHORE_RIGHTS = SYNCHRONIZE | MODIFY_STATE,
    EVENT_RIGHTS = SYNCHRONIZE | MODIFY_STATE,
    SECTION_RIGHTS = 2 | 4
};

/* This thread takes part from its first object on. */
static struct failure take_part(void)
{
    if (arena != NULL)
        return success;
    struct failure failure = open_shared_file();
    if (failure.function != NULL)
        return failure;
    own_id = own_thread_id();
    install_robust_list();
    lock_structure();
    failure = register_client();
    unlock_structure();
    if (failure.function != NULL)
        close_shared_file();
    return failure;
}

/* What a new object is to be. */
struct plan {
    enum kind kind;
    enum shared_kind shared_kind;
    uint32_t access;
    uint32_t word, value;
    bool owned;
    int64_t bytes;
};

static enum kind kind_of(const struct shared *object)
{
    switch (object->kind) {
    case SHARED_MUTEX:
        return KIND_MUTEX;
    case SHARED_SEMAPHORE:
        return KIND_SEMAPHORE;
    case SHARED_AUTO_EVENT:
    case SHARED_MANUAL_EVENT:
        return KIND_EVENT;
    case SHARED_SECTION:
        return KIND_SECTION;
    default:
        return 0;
    }
}

static struct failure fill(struct shared *object, const struct plan *plan)
{
    object->value = plan->value;
    store(&object->word, plan->word);
    if (plan->owned)
        own_new_mutex(object);
    return plan->kind == KIND_SECTION ? make_section_file(object, plan->bytes) : success;
}

static struct failure make(const struct plan *plan, const uint32_t digest[8], struct shared **object)
{
    struct failure failure = plan->owned && !has_room_to_own(1) ? (struct failure){"posix_fallocate", OUT_OF_MEMORY} : take_free_object(object);
    if (failure.function != NULL)
        return failure;
    failure = fill(*object, plan);
    if (failure.function == NULL)
        publish(*object, plan->shared_kind, digest);
    else
        give_back_object(*object);
    return failure;
}

/* NULL when there is none, or only threads had it open that have ended. Under the namespace mutex. */
static struct shared *find_open(const uint32_t digest[8])
{
    struct shared *object = find_named(digest);
    return object != NULL && reap_unmarked() ? find_named(digest) : object;
}

/* Under the namespace mutex. */
static struct failure find_or_make(const struct plan *plan, const uint32_t digest[8], const char *function, struct created *created)
{
    reap_clients();
    struct shared *object = find_open(digest);
    created->new = object == NULL;
    if (object != NULL && kind_of(object) != plan->kind)
        return (struct failure){function, INVALID_HANDLE};
    struct failure failure = created->new ? make(plan, digest, &object) : success;
    if (failure.function != NULL)
        return failure;
    failure = add_reference(index_of(object), plan->access, &created->handle);
    if (failure.function != NULL && created->new)
        free_object(object);
    return failure;
}

static struct failure create(const uint16_t *name, const struct plan *plan, const char *function, struct created *created)
{
    uint32_t digest[8];
    if (!digest_of(name, digest))
        return (struct failure){function, INVALID_NAME};
    struct failure failure = take_part();
    if (failure.function != NULL)
        return failure;
    lock_structure();
    failure = find_or_make(plan, digest, function, created);
    unlock_structure();
    return failure;
}

struct failure create_mutex(const uint16_t *name, bool initially_owned, struct created *created)
{
    struct plan plan = {.kind = KIND_MUTEX, .shared_kind = SHARED_MUTEX, .access = MUTEX_RIGHTS, .owned = initially_owned};
    return create(name, &plan, "CreateMutexExW", created);
}

struct failure create_semaphore(const uint16_t *name, int32_t initial, int32_t maximum, struct created *created)
{
    static const char function[] = "CreateSemaphoreExW";
    if (initial < 0 || maximum < 1 || initial > maximum)
        return (struct failure){function, INVALID_PARAMETER};
    struct plan plan = {
        .kind = KIND_SEMAPHORE,
        .shared_kind = SHARED_SEMAPHORE,
        .access = SEMAPHORE_RIGHTS,
        .word = (uint32_t)initial,
        .value = (uint32_t)maximum,
    };
    return create(name, &plan, function, created);
}

struct failure create_event(const uint16_t *name, bool manual_reset, bool initial_state, struct created *created)
{
    enum shared_kind kind = manual_reset ? SHARED_MANUAL_EVENT : SHARED_AUTO_EVENT;
    struct plan plan = {.kind = KIND_EVENT, .shared_kind = kind, .access = EVENT_RIGHTS, .word = initial_state};
    return create(name, &plan, "CreateEventExW", created);
}

struct failure create_section(const uint16_t *name, int64_t bytes, struct created *created)
{
    static const char function[] = "CreateFileMappingW";
    if (bytes == 0)
        return (struct failure){function, INVALID_PARAMETER};
    struct plan plan = {.kind = KIND_SECTION, .shared_kind = SHARED_SECTION, .access = SECTION_RIGHTS, .bytes = bytes};
    return create(name, &plan, function, created);
}

static struct failure open_named(enum kind kind, uint32_t access, const uint16_t *name, const char *function, int32_t *handle)
{
    uint32_t digest[8];
    if (!digest_of(name, digest))
        return (struct failure){function, INVALID_NAME};
    struct failure failure = take_part();
    if (failure.function != NULL)
        return failure;
    lock_structure();
    reap_clients();
    const struct shared *object = find_open(digest);
    if (object == NULL)
        failure = (struct failure){function, FILE_NOT_FOUND};
    else if (kind_of(object) != kind)
        failure = (struct failure){function, INVALID_HANDLE};
    else
        failure = add_reference(index_of(object), access, handle);
    unlock_structure();
    return failure;
}

struct failure open_object(enum kind kind, const uint16_t *name, int32_t *handle)
{
    if (kind == KIND_MUTEX)
        return open_named(kind, MUTEX_RIGHTS, name, "OpenMutexW", handle);
    if (kind == KIND_SEMAPHORE)
        return open_named(kind, SEMAPHORE_RIGHTS, name, "OpenSemaphoreW", handle);
    if (kind == KIND_EVENT)
        return open_named(kind, EVENT_RIGHTS, name, "OpenEventW", handle);
    return open_named(kind, SECTION_RIGHTS, name, "OpenFileMappingW", handle);
}

/* NULL when the handle is none of an object of these kinds. */
static struct shared *find_object_of(int32_t handle, unsigned kinds)
{
    const struct reference *reference = find_reference(handle);
    if (reference == NULL)
        return NULL;
    struct shared *object = &arena->objects[reference->object - 1];
    return (kind_of(object) & kinds) != 0 ? object : NULL;
}

/* A handle that another process has put here may have fewer rights than ours. */
static bool may_modify(int32_t handle)
{
    const struct reference *reference = find_reference(handle);
    return reference != NULL && (reference->access & MODIFY_STATE) != 0;
}

struct failure check_handle(enum kind kind, int32_t handle)
{
    return find_object_of(handle, kind) == NULL ? (struct failure){"GetHandleInformation", INVALID_HANDLE} : success;
}

struct failure pseudo_handle(int32_t *handle)
{
    (void)handle;
    return (struct failure){"GetCurrentProcess", NOT_SUPPORTED};
}

struct failure close_handle(int32_t handle)
{
    if (arena == NULL)
        return (struct failure){"CloseHandle", INVALID_HANDLE};
    lock_structure();
    struct reference *reference = find_reference(handle);
    if (reference != NULL)
        close_reference(reference);
    unlock_structure();
    return reference == NULL ? (struct failure){"CloseHandle", INVALID_HANDLE} : success;
}

struct failure map_section(int32_t handle, struct view *view)
{
    struct shared *section = find_object_of(handle, KIND_SECTION);
    return section == NULL ? (struct failure){"MapViewOfFile", INVALID_HANDLE} : map_section_file(section, view);
}

struct failure release_mutex(int32_t handle)
{
    struct shared *mutex = find_object_of(handle, KIND_MUTEX);
    if (mutex == NULL)
        return (struct failure){"ReleaseMutex", INVALID_HANDLE};
    return give_back_mutex(mutex) ? success : (struct failure){"ReleaseMutex", NOT_OWNER};
}

struct failure release_semaphore(int32_t handle, int32_t count, int32_t *previous)
{
    static const char function[] = "ReleaseSemaphore";
    struct shared *semaphore = find_object_of(handle, KIND_SEMAPHORE);
    if (semaphore == NULL)
        return (struct failure){function, INVALID_HANDLE};
    if (!may_modify(handle))
        return (struct failure){function, ACCESS_DENIED};
    if (count < 1)
        return (struct failure){function, INVALID_PARAMETER};
    uint32_t before;
    if (!add_to_semaphore(semaphore, (uint32_t)count, &before))
        return (struct failure){function, TOO_MANY_POSTS};
    *previous = (int32_t)before;
    return success;
}

static struct failure change_event(int32_t handle, const char *function, void (*change)(struct shared *event))
{
    struct shared *event = find_object_of(handle, KIND_EVENT);
    if (event == NULL)
        return (struct failure){function, INVALID_HANDLE};
    if (!may_modify(handle))
        return (struct failure){function, ACCESS_DENIED};
    change(event);
    return success;
}

struct failure set_event(int32_t handle)
{
    return change_event(handle, "SetEvent", set_shared_event);
}

struct failure reset_event(int32_t handle)
{
    return change_event(handle, "ResetEvent", reset_shared_event);
}

struct failure signal_and_wait(int32_t to_signal, int32_t to_wait_for, uint32_t timeout, uint32_t *status)
{
    struct failure failure = check_handle(KIND_WAITABLE, to_wait_for);
    int32_t previous;
    if (failure.function != NULL)
        return failure;
    if (find_object_of(to_signal, KIND_MUTEX) != NULL)
        failure = release_mutex(to_signal);
    else if (find_object_of(to_signal, KIND_SEMAPHORE) != NULL)
        failure = release_semaphore(to_signal, 1, &previous);
    else
        failure = set_event(to_signal);
    return failure.function == NULL ? wait_for_one(to_wait_for, timeout, status) : failure;
}
