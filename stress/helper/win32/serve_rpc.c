#include "serve.h"

#include "exchange.h"

#include <windows.h>

#include <commands.h>
#include <stdlib.h>
#include <string.h>

/* Called on a thread of the RPC runtime's, which frees the reply. A line feed would make two commands of one, and the second reply would never be asked for. */
void execute(handle_t peer, const unsigned char *line, unsigned char **reply)
{
    (void)peer;
    struct text command = {(const char *)line, strlen((const char *)line)};
    struct text answer = begin_exchange(command);
    *reply = MIDL_user_allocate(answer.length + 1);
    if (*reply != NULL) {
        memcpy(*reply, answer.characters, answer.length);
        (*reply)[answer.length] = '\0';
    }
    end_exchange();
    if (*reply == NULL)
        RpcRaiseException(RPC_S_OUT_OF_MEMORY);
}

static struct failure outcome(RPC_STATUS status, const char *function)
{
    return status == RPC_S_OK ? success : (struct failure){function, (uint32_t)status};
}

struct failure serve_rpc(const char *endpoint)
{
    static unsigned char protocol[] = "ncalrpc";
    struct failure failure = outcome(RpcServerUseProtseqEpA(protocol, RPC_C_PROTSEQ_MAX_REQS_DEFAULT, (unsigned char *)endpoint, NULL), "RpcServerUseProtseqEpA");
    if (failure.function == NULL)
        failure = outcome(RpcServerRegisterIf2(commands_v1_0_s_ifspec, NULL, NULL, RPC_IF_ALLOW_LOCAL_ONLY, RPC_C_LISTEN_MAX_CALLS_DEFAULT, (unsigned)-1, NULL), "RpcServerRegisterIf2");
    if (failure.function == NULL)
        failure = outcome(RpcServerListen(1, RPC_C_LISTEN_MAX_CALLS_DEFAULT, TRUE), "RpcServerListen");
    return failure;
}
