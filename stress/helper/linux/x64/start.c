#include "../start.h"

__attribute__((naked, used)) void _start(void)
{
    __asm__("mov %rsp, %rdi\n\t"
            "and $-16, %rsp\n\t"
            "call start\n\t"
            "hlt");
}
