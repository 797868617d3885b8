#include "errors.h"

#include "system.h"

static uint32_t number_of(long result)
{
    switch (-result) {
    case EPERM:
    case EACCES:
    case ELOOP:
        return ACCESS_DENIED;
    case ENOMEM:
    case ENOSPC:
        return OUT_OF_MEMORY;
    default:
        return NOT_SUPPORTED;
    }
}

struct failure failure_of_call(long result, const char *function)
{
    return result < 0 ? (struct failure){function, number_of(result)} : success;
}
