#include "timer.h"

#include "clock.h"
#include "word.h"

static double now_milliseconds(int clock)
{
    struct timespec64 now;
    read_clock(clock, &now);
    return (double)now.seconds * 1e3 + (double)now.nanoseconds / 1e6;
}

void unmark_timer(struct shared *timer)
{
    /* Others may set LATCHED meanwhile. */
    uint32_t word;
    do
        word = load(&timer->word);
    while (!compare_exchange(&timer->word, word, word & ~BUSY));
}

void take_marked_timer(struct shared *timer)
{
    uint32_t word = load(&timer->word);
    if (timer->kind == SHARED_MANUAL_TIMER) {
        unmark_timer(timer);
        return;
    }
    double late = now_milliseconds((word & ABSOLUTE) != 0 ? CLOCK_REALTIME : CLOCK_MONOTONIC) - timer->quantity;
    bool expired = late >= 0 || (word & LATCHED) != 0;
    bool stays_armed = (word & ARMED) != 0 && (timer->period > 0 || !expired);
    double periods = late < 0 ? 0 : late / timer->period;
    /* The next one that is still to come. More periods than there are numbers for are somebody's nonsense. */
    if (stays_armed && expired && periods < INT32_MAX)
        timer->quantity += ((int32_t)periods + 1.0) * timer->period;
    uint32_t version = (word + VERSION_STEP) & VERSION_BITS;
    store(&timer->word, version | (word & ABSOLUTE) | (stays_armed ? ARMED : 0));
}
