#include "../start.h"

__attribute__((naked, used)) void _start(void)
{
    __asm__("mov %esp, %eax\n\t"
            "and $-16, %esp\n\t"
            "sub $12, %esp\n\t"
            "push %eax\n\t"
            "call start\n\t"
            "hlt");
}
