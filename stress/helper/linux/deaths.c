#include "deaths.h"

#include "../common/process.h"
#include "path.h"
#include "shared_file.h"
#include "word.h"

enum { STAT_BYTES = 1024, STAT_PATH_BYTES = 64 };
/* Fields of /proc/<id>/stat, counted from 1. The state follows the name, which stands in parentheses and may hold any character. */
enum { FIELD_STATE = 3, FIELD_START = 22 };

struct stat {
    bool has_ended;
    uint32_t start;
};

static const char *behind_name(const char *text)
{
    const char *behind = text;
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == ')')
            behind = at + 1;
    }
    return *behind == ' ' ? behind + 1 : behind;
}

static bool parse_stat(const char *text, struct stat *stat)
{
    const char *at = behind_name(text);
    stat->has_ended = *at == 'Z' || *at == 'X' || *at == 'x';
    for (int field = FIELD_STATE; field < FIELD_START; field++) {
        while (*at != ' ' && *at != '\0')
            at++;
        if (*at == '\0')
            return false;
        at++;
    }
    stat->start = 0;
    while (*at >= '0' && *at <= '9')
        stat->start = stat->start * 10 + (uint32_t)(*at++ - '0');
    return true;
}

/* False where /proc does not tell. */
static bool read_stat(uint32_t id, struct stat *stat)
{
    char path[STAT_PATH_BYTES], text[STAT_BYTES];
    struct path built = begin_path(path, sizeof path);
    add_text(&built, "/proc/");
    if (id == 0)
        add_text(&built, "thread-self");
    else
        add_number(&built, id);
    add_text(&built, "/stat");
    int file = open_file(path, OPEN_READ, 0);
    if (file < 0)
        return false;
    long size = system_call(SYS_READ, file, (long)text, sizeof text - 1, 0, 0, 0);
    close_file(file);
    if (size <= 0)
        return false;
    text[size] = '\0';
    return parse_stat(text, stat);
}

struct identity own_identity(void)
{
    static struct identity own;
    if (own.id != 0)
        return own;
    struct stat stat;
    struct facts facts;
    own.process_id = own_process_id();
    own.start = read_stat(0, &stat) ? stat.start : 0;
    own.time_namespace = facts_behind("/proc/self/ns/time", &facts) < 0 ? 0 : (uint32_t)facts.inode;
    own.id = own_thread_id();
    return own;
}

static bool exists(uint32_t id)
{
    return system_call(SYS_KILL, (long)id, 0, 0, 0, 0, 0) != -ESRCH;
}

static bool has_ended(struct identity thread)
{
    struct identity own = own_identity();
    bool comparable = thread.start != 0 && own.start != 0 && thread.time_namespace == own.time_namespace;
    if (thread.id == own.id)
        return thread.process_id != own.process_id || (comparable && thread.start != own.start);
    struct stat stat, again;
    if (!exists(thread.id))
        return true;
    if (!read_stat(thread.id, &stat))
        return false;
    if (!stat.has_ended && (!comparable || stat.start == thread.start))
        return false;
    /* A /proc of another PID namespace tells of other threads. One that is this namespace's knows the calling thread. */
    return own.start != 0 && read_stat(own.id, &again) && again.start == own.start;
}

bool client_has_ended(const struct client *client)
{
    return has_ended((struct identity){load(&client->life) & OWNER, client->process_id, client->start, client->time_namespace});
}

bool may_own(uint32_t id, bool registering)
{
    bool known = false;
    uint32_t used = load(&arena->header.clients_used);
    for (uint32_t index = 0; index < used && index < CLIENT_CAPACITY; index++) {
        const struct client *client = &arena->clients[index];
        if ((load(&client->life) & (OWNER | OWNER_DIED)) != id)
            continue;
        if (!client_has_ended(client))
            return true;
        known = true;
    }
    return !known && registering && !has_ended((struct identity){id, own_identity().process_id, 0, 0});
}
