/* Takes calls and passes each on as an exchange (exchange.h). */
#pragma once
#include "../common/kernel.h"

/* Over RPC on the local transport, at that endpoint. */
struct failure serve_rpc(const char *endpoint);

/* As the COM local server of that class. */
struct failure serve_com(const char *class_id);
