/* A COM local server whose only object has a dispatch interface: automation marshals that by itself, also to the other bitness, and no type library has to be registered. */
#include "serve.h"

#include "call.h"
#include "exchange.h"
#include "registration.h"

#include <initguid.h>

#include <oleauto.h>

enum { EXECUTE = 1 };

/* A command as UTF-8, to be freed; NULL when there is no memory. */
static char *to_utf8(BSTR text, size_t *length)
{
    int units = (int)SysStringLen(text);
    int bytes = units == 0 ? 0 : WideCharToMultiByte(CP_UTF8, 0, text, units, NULL, 0, NULL, NULL);
    char *utf8 = HeapAlloc(GetProcessHeap(), 0, (SIZE_T)bytes + 1);
    if (utf8 != NULL && bytes > 0)
        WideCharToMultiByte(CP_UTF8, 0, text, units, utf8, bytes, NULL, NULL);
    *length = (size_t)bytes;
    return utf8;
}

static BSTR to_bstr(struct text utf8)
{
    int units = MultiByteToWideChar(CP_UTF8, 0, utf8.characters, (int)utf8.length, NULL, 0);
    BSTR text = SysAllocStringLen(NULL, (UINT)units);
    if (text != NULL)
        MultiByteToWideChar(CP_UTF8, 0, utf8.characters, (int)utf8.length, text, units);
    return text;
}

static HRESULT execute(BSTR line, VARIANT *result)
{
    size_t length;
    char *command = to_utf8(line, &length);
    if (command == NULL)
        return E_OUTOFMEMORY;
    BSTR reply = to_bstr(begin_exchange((struct text){command, length}));
    end_exchange();
    HeapFree(GetProcessHeap(), 0, command);
    if (reply == NULL)
        return E_OUTOFMEMORY;
    VariantInit(result);
    result->vt = VT_BSTR;
    result->bstrVal = reply;
    return S_OK;
}

/* Both objects live as long as the process, which ends by command or with its parent: nobody counts references. */
static ULONG WINAPI keep_peer(IDispatch *peer)
{
    (void)peer;
    return 1;
}

static HRESULT WINAPI query_peer(IDispatch *peer, REFIID interface_id, void **found)
{
    bool known = IsEqualIID(interface_id, &IID_IUnknown) || IsEqualIID(interface_id, &IID_IDispatch);
    *found = known ? peer : NULL;
    return known ? S_OK : E_NOINTERFACE;
}

static HRESULT WINAPI count_type_infos(IDispatch *peer, UINT *count)
{
    (void)peer;
    *count = 0;
    return S_OK;
}

static HRESULT WINAPI get_type_info(IDispatch *peer, UINT which, LCID locale, ITypeInfo **info)
{
    (void)peer, (void)which, (void)locale;
    *info = NULL;
    return DISP_E_BADINDEX;
}

static HRESULT WINAPI get_ids(IDispatch *peer, REFIID reserved, LPOLESTR *names, UINT count, LCID locale, DISPID *ids)
{
    (void)peer, (void)reserved, (void)locale;
    for (UINT i = 0; i < count; i++)
        ids[i] = DISPID_UNKNOWN;
    if (count != 1 || lstrcmpiW(names[0], L"Execute") != 0)
        return DISP_E_UNKNOWNNAME;
    ids[0] = EXECUTE;
    return S_OK;
}

static HRESULT WINAPI invoke(IDispatch *peer, DISPID member, REFIID reserved, LCID locale, WORD flags, DISPPARAMS *parameters, VARIANT *result, EXCEPINFO *exception, UINT *wrong)
{
    (void)peer, (void)reserved, (void)locale, (void)exception, (void)wrong;
    if (member != EXECUTE || !(flags & DISPATCH_METHOD))
        return DISP_E_MEMBERNOTFOUND;
    if (parameters->cArgs != 1 || parameters->cNamedArgs != 0)
        return DISP_E_BADPARAMCOUNT;
    if (parameters->rgvarg[0].vt != VT_BSTR || result == NULL)
        return DISP_E_TYPEMISMATCH;
    return execute(parameters->rgvarg[0].bstrVal, result);
}

static IDispatchVtbl peer_methods = {query_peer, keep_peer, keep_peer, count_type_infos, get_type_info, get_ids, invoke};
static IDispatch peer = {&peer_methods};

static ULONG WINAPI keep_factory(IClassFactory *factory)
{
    (void)factory;
    return 1;
}

static HRESULT WINAPI query_factory(IClassFactory *factory, REFIID interface_id, void **found)
{
    bool known = IsEqualIID(interface_id, &IID_IUnknown) || IsEqualIID(interface_id, &IID_IClassFactory);
    *found = known ? factory : NULL;
    return known ? S_OK : E_NOINTERFACE;
}

static HRESULT WINAPI create_peer(IClassFactory *factory, IUnknown *outer, REFIID interface_id, void **made)
{
    (void)factory;
    *made = NULL;
    return outer == NULL ? query_peer(&peer, interface_id, made) : CLASS_E_NOAGGREGATION;
}

static HRESULT WINAPI lock_server(IClassFactory *factory, BOOL lock)
{
    (void)factory, (void)lock;
    return S_OK;
}

static IClassFactoryVtbl factory_methods = {query_factory, keep_factory, keep_factory, create_peer, lock_server};
static IClassFactory factory = {&factory_methods};

static struct failure outcome(HRESULT result, const char *function)
{
    return SUCCEEDED(result) ? success : (struct failure){function, (uint32_t)result};
}

struct failure serve_com(const char *class_id)
{
    WCHAR text[CLASS_ID_SIZE] = {0};
    CLSID class;
    DWORD cookie;
    /* COM gave it one, and with it a window that nobody has asked for. */
    FreeConsole();
    MultiByteToWideChar(CP_UTF8, 0, class_id, -1, text, CLASS_ID_SIZE - 1);
    struct failure failure = outcome(CLSIDFromString(text, &class), "CLSIDFromString");
    /* A multithreaded apartment, so that calls come in while the main thread, which pumps no messages, carries out commands. */
    if (failure.function == NULL)
        failure = outcome(CoInitializeEx(NULL, COINIT_MULTITHREADED), "CoInitializeEx");
    if (failure.function == NULL)
        failure = outcome(CoRegisterClassObject(&class, (IUnknown *)&factory, CLSCTX_LOCAL_SERVER, REGCLS_MULTIPLEUSE, &cookie), "CoRegisterClassObject");
    /* It has done its work, and nobody else will remove it if the parent has been killed meanwhile. */
    unregister_class(text);
    return failure;
}
