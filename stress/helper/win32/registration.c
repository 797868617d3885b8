#include "registration.h"

static const HKEY roots[SCOPES] = {HKEY_CURRENT_USER, HKEY_LOCAL_MACHINE};
static const REGSAM views[] = {KEY_WOW64_32KEY, KEY_WOW64_64KEY};

static LSTATUS open_classes(enum scope scope, REGSAM access, HKEY *key)
{
    return RegCreateKeyExW(roots[scope], L"Software\\Classes\\CLSID", 0, NULL, REG_OPTION_NON_VOLATILE, access, NULL, key, NULL);
}

static LSTATUS set_program(HKEY classes, const WCHAR *class_id, REGSAM view, const WCHAR *command_line)
{
    HKEY class, server;
    LSTATUS status = RegCreateKeyExW(classes, class_id, 0, NULL, REG_OPTION_VOLATILE, KEY_WRITE | view, NULL, &class, NULL);
    if (status != ERROR_SUCCESS)
        return status;
    status = RegCreateKeyExW(class, L"LocalServer32", 0, NULL, REG_OPTION_VOLATILE, KEY_WRITE | view, NULL, &server, NULL);
    RegCloseKey(class);
    if (status != ERROR_SUCCESS)
        return status;
    status = RegSetValueExW(server, NULL, 0, REG_SZ, (const BYTE *)command_line, (DWORD)((lstrlenW(command_line) + 1) * sizeof *command_line));
    RegCloseKey(server);
    return status;
}

struct failure register_class(enum scope scope, const WCHAR *class_id, int bits, const WCHAR *command_line)
{
    REGSAM view = views[bits == 64];
    HKEY classes;
    LSTATUS status = open_classes(scope, KEY_WRITE | view, &classes);
    if (status != ERROR_SUCCESS)
        return (struct failure){"RegCreateKeyExW", (uint32_t)status};
    status = set_program(classes, class_id, view, command_line);
    RegCloseKey(classes);
    if (status == ERROR_SUCCESS)
        return success;
    unregister_class(class_id);
    return (struct failure){"RegSetValueExW", (uint32_t)status};
}

void unregister_class(const WCHAR *class_id)
{
    for (enum scope scope = 0; scope < SCOPES; scope++) {
        for (size_t view = 0; view < sizeof views / sizeof *views; view++) {
            HKEY classes;
            if (RegOpenKeyExW(roots[scope], L"Software\\Classes\\CLSID", 0, KEY_READ | DELETE | views[view], &classes) != ERROR_SUCCESS)
                continue;
            RegDeleteTreeW(classes, class_id);
            RegCloseKey(classes);
        }
    }
}
