#include "without_finally.h"

/* What widl makes of commands.idl for the server. As a system header it is included without warnings, which are not ours to mend. */
#include <commands_s.c>
