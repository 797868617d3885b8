/*
 * The other side of RPC and COM: a DLL that Node loads through koffi, because the stub that widl makes is C. A function gives NULL or the name of the function of
 * Windows' that failed, and then `*error` is its number. A peer is a fixed-width number for Nodes of either bitness. All calls block, and belong to one thread for each peer.
 */
#pragma once
#include <stdint.h>

#include <windows.h>

#define EXPORTED __declspec(dllexport)

typedef uint64_t peer_t;

/* Lines and replies are UTF-8 that ends with a NUL. A reply that is larger than `size` is ERROR_INSUFFICIENT_BUFFER. */
EXPORTED const char *rpc_connect(const WCHAR *endpoint, peer_t *peer, uint32_t *error);
EXPORTED const char *rpc_execute(peer_t peer, const char *line, char *reply, uint32_t size, uint32_t *error);
EXPORTED void rpc_disconnect(peer_t peer);

/* Has COM start the program as a local server, of a class of its own. */
EXPORTED const char *com_connect(const WCHAR *program, peer_t *peer, uint32_t *error);
EXPORTED const char *com_execute(peer_t peer, const char *line, char *reply, uint32_t size, uint32_t *error);
EXPORTED void com_disconnect(peer_t peer);
