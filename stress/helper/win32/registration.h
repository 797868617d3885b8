/*
 * How COM finds the program of a class. A class is one helper's alone, and is registered no longer than it takes to start that. So a registration that is
 * left behind, by a process that was killed between the two, is in nobody's way, and goes at the latest when the user logs off.
 */
#pragma once
#include "../common/kernel.h"

#include <windows.h>

/* As text: braces, digits, hyphens, and the end. */
enum { CLASS_ID_SIZE = 39 };

/* For whom: this user; all users, which takes an elevated process. */
enum scope { SCOPE_USER, SCOPE_MACHINE, SCOPES };

/* In the registry's view of that bitness, 32 or 64, which is that of the program. */
struct failure register_class(enum scope scope, const WCHAR *class_id, int bits, const WCHAR *command_line);

/* Wherever it is and may be removed. That it is nowhere is no failure. */
void unregister_class(const WCHAR *class_id);
