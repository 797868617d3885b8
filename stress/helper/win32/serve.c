#include "serve.h"

#include "../common/process.h"
#include "../common/reply.h"
#include "../common/text.h"
#include "exchange.h"

#include <string.h>

static const struct transport {
    const char *argument;
    struct failure (*serve)(const char *address);
} transports[] = {{"--rpc", serve_rpc}, {"--com", serve_com}};

static const struct transport *transport_of(const char *argument)
{
    for (size_t i = 0; i < COUNT_OF(transports); i++) {
        if (strcmp(argument, transports[i].argument) == 0)
            return &transports[i];
    }
    return NULL;
}

static struct failure serve(const struct transport *transport, const char *address, uint32_t parent)
{
    struct failure failure = open_exchange();
    if (failure.function == NULL)
        failure = transport->serve(address);
    /* A parent that is killed before it has said hello leaves nobody behind either. */
    return failure.function == NULL ? end_with_process(parent) : failure;
}

bool serve_calls(int count, char **arguments)
{
    const struct transport *transport = transport_of(arguments[1]);
    if (transport == NULL)
        return false;
    int64_t parent;
    reply_begin();
    /* COM appends an argument of its own. */
    if (count < 4 || !parse_number(arguments[3], 1, UINT32_MAX, &parent))
        reply_bad("arguments", "--rpc <endpoint> <parent process id> and --com <class id> <parent process id> are known");
    else
        reply_success(serve(transport, arguments[2], (uint32_t)parent));
    bool serves = reply_is_ok();
    /* Whom COM starts has nobody at its standard output; there it is told by registering the class. */
    if (!serves || transport->serve == serve_rpc)
        reply_send();
    if (!serves)
        end_in_order(1);
    serve_exchanges();
    return true;
}
