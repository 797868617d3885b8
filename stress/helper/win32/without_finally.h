/*
 * For the stubs that widl makes, which are written for a compiler that has __try. GCC has none: what they do finally, which is to free memory, is done at the end of a call
 * that succeeds. One that fails is the last between the two.
 */
#pragma once

#include <rpc.h>

#define USE_COMPILER_EXCEPTIONS
#undef RpcTryFinally
#undef RpcFinally
#undef RpcEndFinally
#undef RpcTryExcept
#undef RpcExcept
#undef RpcEndExcept
#define RpcTryFinally
#define RpcFinally
#define RpcEndFinally
#define RpcTryExcept
#define RpcExcept(filter) if (0)
#define RpcEndExcept
