#include "start.h"

#include "../common/process.h"
#include "clock.h"

#include <string.h>

static char **environment;

int main(int argc, char **argv);

void start(char **stack)
{
    size_t count = *(const size_t *)stack;
    environment = stack + 1 + count + 1;
    prepare_calls();
    prepare_clocks();
    end_in_order((uint32_t)main((int)count, stack + 1));
}

const char *environment_variable(const char *name)
{
    size_t length = strlen(name);
    for (char **entry = environment; *entry != NULL; entry++) {
        if (strncmp(*entry, name, length) == 0 && (*entry)[length] == '=')
            return *entry + length + 1;
    }
    return NULL;
}

unsigned long auxiliary_value(unsigned long type)
{
    char **end = environment;
    while (*end != NULL)
        end++;
    for (const unsigned long *entry = (const unsigned long *)(end + 1); entry[0] != 0; entry += 2) {
        if (entry[0] == type)
            return entry[1];
    }
    return 0;
}
