/*
 * A semaphore, and with -DEVENT an auto-reset event: a count with the field WAITERS beside it.
 *
 * Stated: WORD is the count. WAITERS is even, or odd if some thread may sleep; sleepers make it odd, and the futex on which they sleep is WAITERS itself, compared with
 * the odd value that they saw before they looked at WORD. A releaser changes WORD, and then makes an odd WAITERS even by adding one, and wakes all.
 * `given` is no part of the protocol: the permits that are out, those of the dead included.
 * Semaphore: three threads take and give back. Event: thread 1 sets it and may be killed, thread 2 sets it after that, thread 3 takes it.
 *
 * Checked: permits are neither made nor lost; no more are out than there are; nobody sleeps on, while there is a permit (an invalid end state).
 *
 * -DCAP: a sleeper looks again by itself, once nothing else moves.
 * -DSPARE_RELEASER: kills nobody between changing WORD and having woken the sleepers.
 * -DSPARE_WAKER: kills nobody between making WAITERS even and having woken the sleepers, so the next releaser makes up for the one that was killed before that.
 *
 * -DCOUNTED: WAITERS counts the sleepers instead, and they sleep on WORD. That holds too, but whoever is killed in its sleep is counted for ever.
 * -DBROKEN_FLAG: WAITERS is 0 or 1, and they sleep on WORD. A releaser clears the 1 of a thread that is about to sleep, a third thread takes the permit, so that WORD is
 *                0 again, and the sleeper's comparison does not notice.
 * -DBROKEN_SEQUENCE: the flag with a count of wakes beside it, on which they sleep, as SEQUENCE_WAITERS and SEQUENCE: the same error, one step further.
 */
#ifndef PERMITS
#define PERMITS 1
#endif
#ifndef ROUNDS
#define ROUNDS 1
#endif
#include "futex.pml"

#define S 1
#define W 2        /* the field WAITERS, a futex too */

byte given;

#ifdef SPARE_RELEASER
#define RELEASING spared[me] = true
#else
#define RELEASING skip
#endif
#if defined(SPARE_RELEASER) || defined(SPARE_WAKER)
#define WAKING(yes) spared[me] = yes
#else
#define WAKING(yes) skip
#endif

#if defined(BROKEN_FLAG)
#define SLEEP_ON     S
#define ARM          word[W] = 1; seen = 0
#define DISARM       skip
#define ANYONE(w)    (w)
#define AFTER_WAKE(w) 0
#elif defined(BROKEN_SEQUENCE)
#define Q            3
#define SLEEP_ON     Q
#define ARM          word[W] = 1; seen = word[Q]
#define DISARM       skip
#elif defined(COUNTED)
#define SLEEP_ON     S
#define ARM          word[W]++; seen = 0
#define DISARM       word[W]--
#define ANYONE(w)    (w)
#define AFTER_WAKE(w) (w)
#else
#define SLEEP_ON     W
#define ARM          d_step { word[W] = word[W] | 1; seen = word[W] }
#define DISARM       skip
#define ANYONE(w)    ((w) & 1)
#define AFTER_WAKE(w) (((w) + 1) % MODULUS)
#endif

/* Few values, so that the state space is finite; more than a thread can miss in these runs. */
#ifndef MODULUS
#define MODULUS 8
#endif

#ifdef BROKEN_SEQUENCE

inline wake_sleepers() {
  if
  :: word[W] ->
     word[Q] = (word[Q] + 1) % MODULUS;
     word[W] = 0;
     wake_all(Q)
  :: else
  fi
}

#else

inline wake_sleepers() {
  if
  :: ANYONE(word[W]) ->
     d_step {
       v = ANYONE(word[W]);
       if
       :: v -> word[W] = AFTER_WAKE(word[W])
       :: else
       fi;
       WAKING(true)
     };
     if
     :: !v
#ifdef BROKEN_WAKES_ONE
     :: else -> wake_one(SLEEP_ON)
#else
     :: else -> wake_all(SLEEP_ON)
#endif
     fi
  :: else
  fi;
  WAKING(false)
}

#endif

inline release() {
#ifdef BROKEN_LOOKS_BEFORE_GIVING
  wake_sleepers();
#endif
  do
  :: v = word[S];
#ifdef BROKEN_GIVES_WITHOUT_CAS
     d_step { word[S] = v + 1; given-- };
     break
#endif
     d_step {
       if
       :: word[S] == v -> word[S] = v + 1; given--; v = 255; RELEASING
       :: else
       fi
     }
     if
     :: v == 255 -> break
     :: else
     fi
  od;
#ifndef BROKEN_LOOKS_BEFORE_GIVING
  wake_sleepers()
#endif
}

inline set() {
  d_step {
    v = word[S];
    if
    :: v == 0 -> word[S] = 1; RELEASING
    :: else
    fi
  }
#ifdef BROKEN_SET_OF_A_SET_EVENT_DOES_NOTHING
  if
  :: v == 0 -> wake_sleepers()
  :: else
  fi
#else
  wake_sleepers()
#endif
}

/* Where no permit will come any more, since the dead have them all, the wait's own deadline ends it. */
inline sleep() {
#ifdef BROKEN_ARMS_AFTER_LOOKING
  v = word[S];
  ARM;
#else
  ARM;
  v = word[S];
#endif
  if
  :: v == 0 ->
     queue_if(SLEEP_ON, seen);
     if
     :: asleep[me] == 0
     :: timeout && word[S] == 0 -> asleep[me] = 0; expired = true
#ifdef CAP
     :: timeout && word[S] != 0 -> asleep[me] = 0
#endif
     fi
  :: else
  fi;
  DISARM;
  seen = 0
}

inline take() {
  taken = false;
  do
  :: v = word[S];
     if
     :: v != 0 ->
        d_step {
          if
          :: word[S] == v -> word[S] = v - 1; given++; taken = true
          :: else
          fi
        }
     :: else -> sleep()
     fi;
     if
     :: taken || expired -> break
     :: else
     fi
  od
}

proctype Thread(byte me) {
  bool taken, expired;
  byte v, seen, rounds;
  {
    do
    :: rounds < ROUNDS && !expired ->
       rounds++;
       take();
       if
       :: taken -> assert(given <= PERMITS); release()
       :: else
       fi
    :: else -> break
    od;
    over[me] = true
  } unless { dying[me]; asleep[me] = 0; over[me] = true }
}

#ifdef EVENT

proctype Setter(byte me) {
  byte v;
  {
    if :: me == 2 -> over[1] :: else fi;
    set();
    over[me] = true
  } unless { dying[me]; asleep[me] = 0; over[me] = true }
}

/* The event is set at least once, by a setter that lives: the taker must get it. */
proctype Taker(byte me) {
  bool taken, expired;
  byte v, seen;
  take();
  assert(taken)
}

init { atomic { spared[2] = true; spared[3] = true; run Setter(1); run Setter(2); run Taker(3) } }

#else

init {
  atomic { word[S] = PERMITS; run Thread(1); run Thread(2); run Thread(3) };
end:
  over[1] && over[2] && over[3];
  assert(word[S] + given == PERMITS)
}

#endif
