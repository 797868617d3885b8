#include "clock.h"

#include "image.h"
#include "vdso.h"

static int by_system_call(int clock, struct timespec64 *time)
{
    return (int)system_call(SYS_CLOCK_GETTIME, clock, (long)time, 0, 0, 0, 0);
}

/* A system call takes longer than the lock that is measured. What the kernel maps into each process reads the same clock in a fifth of the time. */
static int (*get_time)(int clock, struct timespec64 *time) = by_system_call;

void prepare_clocks(void)
{
    void *offered = find_in_vdso(VDSO_CLOCK_GETTIME);
    if (offered != NULL)
        get_time = (int (*)(int, struct timespec64 *))offered;
}

void read_clock(int clock, struct timespec64 *time)
{
    get_time(clock, time);
}
