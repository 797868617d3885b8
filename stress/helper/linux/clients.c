#include "clients.h"

#include "errors.h"
#include "namespace.h"
#include "objects.h"
#include "references.h"
#include "robust.h"
#include "shared_file.h"
#include "word.h"

uint32_t own_client;

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
    if (!find_slot(&own_client))
        return (struct failure){"mmap", OUT_OF_MEMORY};
    struct client *client = &arena->clients[own_client];
    client->process_id = (uint32_t)system_call(SYS_GETPID, 0, 0, 0, 0, 0, 0);
    begin_operation(&client->robust);
    store(&client->life, own_id);
    /* The namespace mutex, which is linked, goes; so it stays the last in the list, and the kernel marks it after all mutexes that are linked. */
    link_owned(&client->robust);
    end_operation();
    return success;
}

void reap_clients(void)
{
    bool found = false;
    for (uint32_t client = 0; client < used_clients(); client++) {
        if (!is_dead(client))
            continue;
        close_references_of(client);
        /* Last: killed before it, the next one reaps again. */
        store(&arena->clients[client].life, 0);
        found = true;
    }
    if (found)
        free_orphans();
}
