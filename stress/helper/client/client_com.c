#include "client.h"

#include "../win32/registration.h"

#include <initguid.h>

#include <oleauto.h>
#include <stdlib.h>
#include <wchar.h>

struct connection {
    IDispatch *object;
    DISPID execute;
};

static struct connection *connection_of(peer_t peer)
{
    return (struct connection *)(uintptr_t)peer;
}

static const char *outcome(HRESULT result, const char *function, uint32_t *error)
{
    *error = (uint32_t)result;
    return SUCCEEDED(result) ? NULL : function;
}

static const char *failed_by(struct failure failure, uint32_t *error)
{
    *error = failure.number;
    return failure.function;
}

struct server {
    CLSID class;
    WCHAR class_id[CLASS_ID_SIZE];
    int bits;
    WCHAR command_line[MAX_PATH + 80];
};

static const char *describe(const WCHAR *program, struct server *server, uint32_t *error)
{
    DWORD type;
    if (!GetBinaryTypeW(program, &type)) {
        *error = GetLastError();
        return "GetBinaryTypeW";
    }
    server->bits = type == SCS_64BIT_BINARY ? 64 : 32;
    const char *failed = outcome(CoCreateGuid(&server->class), "CoCreateGuid", error);
    if (failed != NULL)
        return failed;
    StringFromGUID2(&server->class, server->class_id, CLASS_ID_SIZE);
    int written = _snwprintf(server->command_line, sizeof server->command_line / sizeof *server->command_line, L"\"%ls\" --com %ls %lu", program, server->class_id, GetCurrentProcessId());
    if (written >= 0)
        return NULL;
    *error = ERROR_FILENAME_EXCED_RANGE;
    return "CoCreateInstance";
}

static const char *activate(const struct server *server, IDispatch **object, uint32_t *error)
{
    DWORD context = CLSCTX_LOCAL_SERVER | (server->bits == 64 ? CLSCTX_ACTIVATE_64_BIT_SERVER : CLSCTX_ACTIVATE_32_BIT_SERVER);
    return outcome(CoCreateInstance(&server->class, NULL, context, &IID_IDispatch, (void **)object), "CoCreateInstance", error);
}

static const char *register_and_activate(enum scope scope, const struct server *server, IDispatch **object, uint32_t *error)
{
    struct failure failure = register_class(scope, server->class_id, server->bits, server->command_line);
    if (failure.function != NULL)
        return failed_by(failure, error);
    const char *failed = activate(server, object, error);
    unregister_class(server->class_id);
    return failed;
}

/*
 * A class of this user's is not shown to an elevated process, nor to any under Wine (as of 8.0). One for all users is, and an elevated process may register it; others may not, but need not.
 */
static const char *start(const WCHAR *program, IDispatch **object, uint32_t *error)
{
    struct server server;
    const char *failed = describe(program, &server, error);
    if (failed != NULL)
        return failed;
    failed = register_and_activate(SCOPE_USER, &server, object, error);
    if (failed == NULL || *error != (uint32_t)REGDB_E_CLASSNOTREG)
        return failed;
    uint32_t refusal;
    const char *failed_again = register_and_activate(SCOPE_MACHINE, &server, object, &refusal);
    /* Of two reasons COM's tells more: that it looks for no class where this process may write. */
    if (failed_again != NULL && refusal == ERROR_ACCESS_DENIED)
        return failed;
    *error = refusal;
    return failed_again;
}

static const char *find_execute(struct connection *connection, uint32_t *error)
{
    WCHAR name[] = L"Execute";
    LPOLESTR names = name;
    IDispatch *object = connection->object;
    return outcome(object->lpVtbl->GetIDsOfNames(object, &IID_NULL, &names, 1, LOCALE_NEUTRAL, &connection->execute), "GetIDsOfNames", error);
}

/*
 * Every thread is in the multithreaded apartment from then on, until this process ends, so that no thread is the last one to leave it: with that, a process that ended during a call was seen
 * to hang under Wine 8, and without it not. The import libraries of MinGW-w64 do not all have the function.
 */
static HRESULT enter_apartment(void)
{
    HRESULT(WINAPI * increment)(CO_MTA_USAGE_COOKIE *) = (void *)GetProcAddress(GetModuleHandleW(L"combase.dll"), "CoIncrementMTAUsage");
    CO_MTA_USAGE_COOKIE for_good;
    return increment == NULL ? E_NOTIMPL : increment(&for_good);
}

static const char *enter(const WCHAR *program, struct connection *connection, uint32_t *error)
{
    const char *failed = outcome(enter_apartment(), "CoIncrementMTAUsage", error);
    if (failed != NULL)
        return failed;
    failed = start(program, &connection->object, error);
    if (failed == NULL)
        failed = find_execute(connection, error);
    return failed;
}

const char *com_connect(const WCHAR *program, peer_t *peer, uint32_t *error)
{
    struct connection *connection = calloc(1, sizeof *connection);
    if (connection == NULL)
        return outcome(E_OUTOFMEMORY, "calloc", error);
    *peer = (uintptr_t)connection;
    const char *failed = enter(program, connection, error);
    if (failed != NULL)
        free(connection);
    return failed;
}

static BSTR to_bstr(const char *line)
{
    int units = MultiByteToWideChar(CP_UTF8, 0, line, -1, NULL, 0);
    /* The end is not counted in a BSTR. */
    BSTR text = units == 0 ? NULL : SysAllocStringLen(NULL, (UINT)units - 1);
    if (text != NULL)
        MultiByteToWideChar(CP_UTF8, 0, line, -1, text, units);
    return text;
}

static HRESULT take_reply(VARIANT *result, char *reply, uint32_t size)
{
    if (result->vt != VT_BSTR)
        return DISP_E_TYPEMISMATCH;
    /* With the end, also of an empty text, which may be NULL. */
    const WCHAR *text = result->bstrVal == NULL ? L"" : result->bstrVal;
    return WideCharToMultiByte(CP_UTF8, 0, text, -1, reply, (int)size, NULL, NULL) == 0 ? HRESULT_FROM_WIN32(GetLastError()) : S_OK;
}

const char *com_execute(peer_t peer, const char *line, char *reply, uint32_t size, uint32_t *error)
{
    struct connection *connection = connection_of(peer);
    VARIANT argument = {.vt = VT_BSTR, .bstrVal = to_bstr(line)};
    VARIANT result;
    VariantInit(&result);
    DISPPARAMS parameters = {.rgvarg = &argument, .cArgs = 1};
    HRESULT made = argument.bstrVal == NULL ? E_OUTOFMEMORY
        : connection->object->lpVtbl->Invoke(connection->object, connection->execute, &IID_NULL, LOCALE_NEUTRAL, DISPATCH_METHOD, &parameters, &result, NULL, NULL);
    if (SUCCEEDED(made))
        made = take_reply(&result, reply, size);
    VariantClear(&result);
    VariantClear(&argument);
    return outcome(made, "IDispatch::Invoke", error);
}

void com_disconnect(peer_t peer)
{
    struct connection *connection = connection_of(peer);
    connection->object->lpVtbl->Release(connection->object);
    free(connection);
}
