#include "../win32/without_finally.h"

/* What widl makes of commands.idl for the client. As a system header it is included without warnings, which are not ours to mend. */
#include <commands_c.c>
