/* Where the stubs of RPC, the client's and the server's, keep what they hand over. */
#include <windows.h>

#include <rpc.h>
#include <stdlib.h>

void *__RPC_USER MIDL_user_allocate(size_t size)
{
    return malloc(size);
}

void __RPC_USER MIDL_user_free(void *memory)
{
    free(memory);
}
