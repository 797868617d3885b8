#include "client.h"

#include "guard.h"

#include <commands.h>
#include <string.h>

static const char *outcome(RPC_STATUS status, const char *function, uint32_t *error)
{
    *error = (uint32_t)status;
    return status == RPC_S_OK ? NULL : function;
}

static handle_t binding_of(peer_t peer)
{
    return (handle_t)(uintptr_t)peer;
}

const char *rpc_connect(const WCHAR *endpoint, peer_t *peer, uint32_t *error)
{
    static WCHAR protocol[] = L"ncalrpc";
    RPC_WSTR text = NULL;
    handle_t binding = NULL;
    const char *failed = outcome(RpcStringBindingComposeW(NULL, protocol, NULL, (RPC_WSTR)endpoint, NULL, &text), "RpcStringBindingComposeW", error);
    if (failed == NULL)
        failed = outcome(RpcBindingFromStringBindingW(text, &binding), "RpcBindingFromStringBindingW", error);
    if (text != NULL)
        RpcStringFreeW(&text);
    *peer = (uintptr_t)binding;
    return failed;
}

struct call {
    handle_t binding;
    const char *line;
    unsigned char *reply;
};

static void make(void *arguments)
{
    struct call *call = arguments;
    execute(call->binding, (const unsigned char *)call->line, &call->reply);
}

static RPC_STATUS take_reply(unsigned char *reply, char *room, uint32_t size)
{
    size_t needed = strlen((const char *)reply) + 1;
    if (needed <= size)
        memcpy(room, reply, needed);
    MIDL_user_free(reply);
    return needed <= size ? RPC_S_OK : ERROR_INSUFFICIENT_BUFFER;
}

const char *rpc_execute(peer_t peer, const char *line, char *reply, uint32_t size, uint32_t *error)
{
    struct call call = {binding_of(peer), line, NULL};
    RPC_STATUS status = (RPC_STATUS)guarded(make, &call);
    if (status == RPC_S_OK)
        status = take_reply(call.reply, reply, size);
    return outcome(status, "execute", error);
}

void rpc_disconnect(peer_t peer)
{
    handle_t binding = binding_of(peer);
    RpcBindingFree(&binding);
}
