/* The shared file, as `src/kernel/linux/file/layout.ts` describes it. An index in a field is stored as index + 1; CLIENT in a reference alone is bare. */
#pragma once
#include "system.h"

enum { MAGIC = 0x4c425457, VERSION = 4 };
enum { CLIENT_CAPACITY = 4096, BUCKET_COUNT = 65536, REFERENCE_CAPACITY = 524288, OBJECT_CAPACITY = 262144 };

struct header {
    uint32_t magic, version, pid_namespace, unused;
    uint32_t clients_used, references_used, objects_used;
    uint32_t references_backed, objects_backed;
    uint32_t free_reference, free_object;
    uint32_t orphans, wait_all, sequence, changing, repairs;
    uint32_t looked, look_next;
    uint32_t rest[1024 - 18];
};

/* A robust futex: the word, and the entries by which owners of either bitness have it in their lists. */
struct robust {
    uint32_t word, fields[4], next32;
    uint64_t previous64, next64;
};

/* `robust.word` is LIFE. */
struct client {
    union {
        struct robust robust;
        struct {
            uint32_t life, process_id, start, time_namespace;
        };
    };
    uint32_t head[6];
};

struct reference {
    uint32_t object, client, access, flags, generation, next_free, owner_process_id, unused;
};

struct shared {
    union {
        struct robust robust;
        struct {
            uint32_t word, kind, value, waiters, reserved;
        };
    };
    uint32_t references, chain, flags, generation;
    double quantity;
    uint32_t digest[8];
    uint32_t period, kept, next, unused[5];
};

enum shared_kind {
    SHARED_FREE, SHARED_MUTEX, SHARED_SEMAPHORE, SHARED_AUTO_EVENT, SHARED_MANUAL_EVENT, SHARED_AUTO_TIMER, SHARED_MANUAL_TIMER, SHARED_PROCESS,
    SHARED_SECTION, SHARED_ORPHAN
};

enum { NAMED = 1 };

/* What `wait_all` of the header says that a wait for all is doing. */
enum { TAKING = 1, MARKING = 2 };

/* The word of a mutex, and LIFE of a client. */
static const uint32_t OWNER = 0x3fffffff, OWNER_DIED = 0x40000000, MUTEX_WAITERS = 0x80000000;
/* The "owner" of a free mutex that a wait for all has marked. */
static const uint32_t ALL_ONES = 0x3fffffff;

/* RESERVED, KEPT and NEXT: a client's index + 1, and above it a time in ms, as far as there is room. */
enum { HOLDER_BITS = 13, HOLDER = (1 << HOLDER_BITS) - 1, MOMENTS = 1 << (32 - HOLDER_BITS) };

/* The word of a semaphore, an event or a timer. */
static const uint32_t COUNT = 0x7fffffff, BUSY = 0x80000000;

/* The rest of a timer's word is its version. */
static const uint32_t LATCHED = 1, ARMED = 2, ABSOLUTE = 4, VERSION_STEP = 8, VERSION_BITS = 0x7ffffff8;

/* A handle is a reference's index, and above it the reference's generation. */
enum { REFERENCE_BITS = 19, GENERATIONS = 2047 };

/* The file as it is mapped. */
struct arena {
    struct header header;
    struct client clients[CLIENT_CAPACITY];
    uint32_t buckets[BUCKET_COUNT];
    struct reference references[REFERENCE_CAPACITY];
    struct shared objects[OBJECT_CAPACITY];
};

_Static_assert(sizeof(struct client) == 64, "clients");
_Static_assert(sizeof(struct reference) == 32, "references");
_Static_assert(sizeof(struct shared) == 128, "objects");
_Static_assert(offsetof(struct robust, next32) == 20 && offsetof(struct robust, next64) == 32, "robust list");
_Static_assert(offsetof(struct shared, references) == 40 && offsetof(struct shared, quantity) == 56, "fields of an object");
_Static_assert(offsetof(struct shared, kept) == 100 && offsetof(struct shared, next) == 104, "turns");
_Static_assert(offsetof(struct shared, digest) == 64, "more fields of an object");
_Static_assert(offsetof(struct arena, objects) == 17305600 && sizeof(struct arena) == 50860032, "the file");
