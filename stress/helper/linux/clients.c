#include "clients.h"

#include "../common/process.h"
#include "deaths.h"
#include "errors.h"
#include "namespace.h"
#include "objects.h"
#include "references.h"
#include "robust.h"
#include "shared_file.h"
#include "waiters.h"
#include "word.h"

uint32_t own_client;

/* How often all threads together look for deaths that the kernel has not marked, in ms, and at how many threads. */
enum { LOOK_INTERVAL = 1000, LOOKS_AT_A_TIME = 256 };

static uint32_t used_clients(void)
{
    uint32_t used = load(&arena->header.clients_used);
    return used < CLIENT_CAPACITY ? used : CLIENT_CAPACITY;
}

static bool is_dead(uint32_t client)
{
    return (load(&arena->clients[client].life) & OWNER_DIED) != 0;
}

bool client_lives(uint32_t client)
{
    return client < CLIENT_CAPACITY && (load(&arena->clients[client].life) & OWNER) != 0 && !is_dead(client);
}

static bool find_slot(uint32_t *client)
{
    uint32_t used = used_clients();
    for (*client = 0; *client < used; ++*client) {
        if (load(&arena->clients[*client].life) == 0)
            return true;
    }
    if (used == CLIENT_CAPACITY)
        return false;
    store(&arena->header.clients_used, used + 1);
    return true;
}

struct failure register_client(void)
{
    reap_clients();
    /* From here on the word of a mutex with this id means this thread. */
    if (!may_own(own_id, true))
        reap_ended(own_id);
    reap_unmarked();
    if (!find_slot(&own_client))
        return (struct failure){"mmap", OUT_OF_MEMORY};
    struct client *client = &arena->clients[own_client];
    struct identity own = own_identity();
    client->process_id = own.process_id;
    client->start = own.start;
    client->time_namespace = own.time_namespace;
    begin_operation(&client->robust);
    store(&client->life, own_id);
    /* The namespace mutex, which is linked, goes; so it stays the last in the list, and the kernel marks it after all mutexes that are linked. */
    link_owned(&client->robust);
    end_operation();
    return success;
}

/* Those that are being reaped. */
static bool dead[CLIENT_CAPACITY];

static void clear_reservation(uint32_t *field, bool *cleared)
{
    uint32_t held = load(field), holder = held & HOLDER;
    /* A living one may displace it. */
    if (holder != 0 && holder <= CLIENT_CAPACITY && dead[holder - 1] && compare_exchange(field, held, 0))
        *cleared = true;
}

static void clear_reservations(void)
{
    for (uint32_t index = 1; index < used_objects(); index++) {
        struct shared *object = &arena->objects[index];
        bool cleared = false;
        clear_reservation(&object->next, &cleared);
        clear_reservation(&object->reserved, &cleared);
        if (cleared)
            wake_everybody(object);
    }
}

void reap_clients(void)
{
    bool found = false;
    for (uint32_t client = 0; client < used_clients(); client++) {
        dead[client] = is_dead(client);
        if (!dead[client])
            continue;
        close_references_of(client);
        found = true;
    }
    if (!found)
        return;
    clear_reservations();
    free_orphans();
    /* Last: killed before it, the next one reaps again. */
    for (uint32_t client = 0; client < used_clients(); client++) {
        if (dead[client])
            store(&arena->clients[client].life, 0);
    }
}

/* Leaves the mutexes that the thread owns as the kernel leaves those of a dead one. */
static void abandon_mutexes_of(uint32_t id)
{
    for (uint32_t index = 1; index < used_objects(); index++) {
        struct shared *object = &arena->objects[index];
        if (object->kind != SHARED_MUTEX && object->kind != SHARED_ORPHAN)
            continue;
        /* Sleepers may announce themselves meanwhile. */
        for (uint32_t found; ((found = load(&object->word)) & OWNER) == id;) {
            if (compare_exchange(&object->word, found, (found & MUTEX_WAITERS) | OWNER_DIED))
                wake_everybody(object);
        }
    }
}

void reap_ended(uint32_t id)
{
    if (id == 0 || id == ALL_ONES)
        return;
    /* Where one thread of that id lives, whose the mutexes are cannot be known. */
    if (!may_own(id, false))
        abandon_mutexes_of(id);
    for (uint32_t client = 0; client < used_clients(); client++) {
        if (load(&arena->clients[client].life) == id && client_has_ended(&arena->clients[client]))
            store(&arena->clients[client].life, OWNER_DIED);
    }
    reap_clients();
}

bool reap_unmarked(void)
{
    struct header *header = &arena->header;
    uint32_t moment = (uint32_t)(now_nanoseconds() / 1000000), used = used_clients();
    if (moment - header->looked < LOOK_INTERVAL)
        return false;
    header->looked = moment;
    uint32_t count = used < LOOKS_AT_A_TIME ? used : LOOKS_AT_A_TIME, begin = used == 0 ? 0 : header->look_next % used;
    header->look_next = begin + count;
    bool found = false;
    for (uint32_t turn = 0; turn < count; turn++) {
        uint32_t client = (begin + turn) % used;
        if (!client_lives(client) || !client_has_ended(&arena->clients[client]))
            continue;
        found = true;
        reap_ended(load(&arena->clients[client].life) & OWNER);
    }
    return found;
}
