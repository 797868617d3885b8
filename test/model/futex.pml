/*
 * What the kernel does for all models: futex words, sleeping and waking, killing, and the robust list's walk when a thread ends.
 *
 * A thread is killed between any two of its statements: the killer sets `dying`, and the thread's next step is its `unless`. Until then it still stands in
 * the queue of its futex, so a wake may be spent on it. Which sleeper a wake picks is left open; the kernel's order is one of those checked.
 */

#define OWNER(w)   ((w) & 7)
#define ALL_ONES   7
#define OWNER_DIED 8
#define WAITERS    16

#ifndef KILLS
#define KILLS 0
#endif

byte word[4];       /* the futexes, numbered from 1 */
byte asleep[4];     /* thread -> the futex in whose queue it is; 0: in none */
bool dying[4];
bool over[4];       /* the thread has ended, in whatever way */
bool spared[4];     /* it is at a step at which this run kills nobody */
byte kills;

#ifdef SPARE_WOKEN
#define SPARE(i) spared[i] = true
#define MAY_GET_THE_WAKE(i) !dying[i]
#else
#define SPARE(i) skip
#define MAY_GET_THE_WAKE(i) true
#endif

#define WAKE_IF_IN(futex, i) if :: asleep[i] == futex -> asleep[i] = 0; SPARE(i) :: else fi

inline wake_all(futex) {
  d_step { WAKE_IF_IN(futex, 1); WAKE_IF_IN(futex, 2); WAKE_IF_IN(futex, 3) }
}

inline wake_one(futex) {
  atomic {
    if
    :: asleep[1] == futex && MAY_GET_THE_WAKE(1) -> asleep[1] = 0; SPARE(1)
    :: asleep[2] == futex && MAY_GET_THE_WAKE(2) -> asleep[2] = 0; SPARE(2)
    :: asleep[3] == futex && MAY_GET_THE_WAKE(3) -> asleep[3] = 0; SPARE(3)
    :: else
    fi
  }
}

/* FUTEX_WAIT compares and queues in one step. What follows is the caller's: to block until asleep[me] == 0. */
inline queue_if(futex, expected) {
  d_step {
    if
    :: word[futex] == expected -> asleep[me] = futex; spared[me] = false
    :: else
    fi
  }
}

/* handle_futex_death(). Before Linux 6.2 the kernel woke for a pending operation only where the whole word was 0. */
#ifdef OLD_KERNEL
#define NOBODYS(w) ((w) == 0)
#else
#define NOBODYS(w) (OWNER(w) == 0)
#endif

inline mark_owner_died(futex, isPending) {
  d_step {
    v = word[futex];
    if
    :: OWNER(v) == me -> word[futex] = (v & WAITERS) | OWNER_DIED; wakes = (v & WAITERS) != 0
    :: else -> wakes = isPending && NOBODYS(v)
    fi
  }
  if
  :: wakes -> wake_one(futex)
  :: else
  fi
}

#ifndef SPARED
#define SPARED(i) spared[i]
#endif
#define CAN_DIE(i) (kills < KILLS && !dying[i] && !over[i] && !SPARED(i))

/* Models that kill at each access themselves have no use for it. */
#ifndef KILLED_AT_POINTS
active proctype Killer() {
end:
  do
  :: d_step { CAN_DIE(1) -> dying[1] = true; kills++ }
  :: d_step { CAN_DIE(2) -> dying[2] = true; kills++ }
  :: d_step { CAN_DIE(3) -> dying[3] = true; kills++ }
  :: d_step { kills < KILLS -> kills = KILLS }
  od
}
#endif
