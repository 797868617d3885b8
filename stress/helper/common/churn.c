#include "churn.h"

#include "text.h"

enum { NAMES = 6, CLOSED_WHILE_OWNED = 3, NAME_LIMIT = 64 };

static uint16_t *append(uint16_t *to, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        *to++ = (uint8_t)text[i];
    return to;
}

static uint16_t *append_number(uint16_t *to, int64_t number)
{
    char digits[DIGITS];
    size_t length = format_number(number, digits);
    *to++ = ' ';
    return append(to, digits, length);
}

static void name_churned(uint16_t name[NAME_LIMIT], int32_t stem, int which)
{
    static const char prefix[] = "waitable-stress churn";
    *append_number(append_number(append(name, prefix, sizeof prefix - 1), stem), which) = 0;
}

static enum kind kind_of(int which)
{
    static const enum kind kinds[] = {KIND_MUTEX, KIND_SEMAPHORE, KIND_EVENT};
    return kinds[which % 3];
}

static struct failure make(int which, const uint16_t *name, struct created *created)
{
    switch (kind_of(which)) {
    case KIND_MUTEX:
        return create_mutex(name, which == CLOSED_WHILE_OWNED, created);
    case KIND_SEMAPHORE:
        return create_semaphore(name, 1, 1, created);
    default:
        return create_event(name, false, true, created);
    }
}

/* Somebody else may own it, and keep it for good. */
static struct failure take_and_release(int32_t mutex)
{
    uint32_t status;
    struct failure failure = wait_for_one(mutex, 0, &status);
    return failure.function != NULL || status == WAITED_TIMEOUT ? failure : release_mutex(mutex);
}

struct failure churn(int32_t stem, int64_t round)
{
    int which = (int)(round % NAMES);
    uint16_t name[NAME_LIMIT];
    name_churned(name, stem, which);
    struct created created;
    int32_t again;
    struct failure failure = make(which, name, &created);
    if (failure.function == NULL)
        failure = open_object(kind_of(which), name, &again);
    if (failure.function == NULL && kind_of(which) == KIND_MUTEX && which != CLOSED_WHILE_OWNED)
        failure = take_and_release(again);
    if (failure.function == NULL)
        failure = close_handle(created.handle);
    return failure.function == NULL ? close_handle(again) : failure;
}
