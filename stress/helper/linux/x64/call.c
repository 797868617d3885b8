#include "../start.h"
#include "../system.h"

void prepare_calls(void)
{
}

long system_call(long number, long a, long b, long c, long d, long e, long f)
{
    register long fourth __asm__("r10") = d;
    register long fifth __asm__("r8") = e;
    register long sixth __asm__("r9") = f;
    long result = number;
    __asm__ volatile("syscall"
                     : "+a"(result)
                     : "D"(a), "S"(b), "d"(c), "r"(fourth), "r"(fifth), "r"(sixth)
                     : "rcx", "r11", "memory");
    return result;
}

long set_length(int file, int64_t length)
{
    return system_call(SYS_FTRUNCATE, file, length, 0, 0, 0, 0);
}

long allocate(int file, int64_t offset, int64_t length)
{
    return system_call(SYS_FALLOCATE, file, 0, offset, length, 0, 0);
}
