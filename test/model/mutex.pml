/*
 * The robust mutex: three threads take it, leave it, sleep on it, and are killed at every step.
 *
 * Stated: `word[M]` as in layout.ts (OWNER, OWNER_DIED, WAITERS); each thread's robust list, of which M is the one possible entry (`linked`), and its list_op_pending
 * (`pending`). `holder` is no part of the protocol: it says who has the mutex, the dead included.
 *
 * Checked: one holder at a time; a taker is told "abandoned" if and only if the holder before it died; a thread that ends leaves nothing behind that nobody can take;
 * no sleeper is stuck (an invalid end state).
 *
 * -DCAP: a sleeper looks again by itself, once nothing else moves. Without it, see the README for the kills after which a sleeper may be stuck:
 *   -DSPARE_RELEASER  kills nobody between giving the mutex free and having woken its sleepers,
 *   -DSPARE_WOKEN     kills nobody between being woken and having looked at the word.
 */
#ifndef ROUNDS
#define ROUNDS 1
#endif
#include "futex.pml"

#define M 1

byte holder;

#ifdef SPARE_RELEASER
#define RELEASING(yes) spared[me] = yes
#else
#define RELEASING(yes) skip
#endif

/* The CAS that takes. */
inline take(seen) {
  d_step {
    if
    :: word[M] == seen ->
       assert(holder == 0 || dying[holder]);
       assert((holder != 0) == ((seen & OWNER_DIED) != 0));
       word[M] = me | (seen & WAITERS);
       holder = me;
       spared[me] = false;
       taken = true
    :: else
    fi
  }
}

/* try(m) */
inline try() {
#ifndef BROKEN_NO_PENDING
  pending = true;
#endif
  do
  :: v = word[M];
     if
     :: OWNER(v) == 0 ->
#ifdef BROKEN_TAKER_DROPS_WAITERS
        d_step { if :: word[M] == v -> v = v & OWNER_DIED; word[M] = v :: else fi }
#endif
#ifdef BROKEN_FAILING_TRY_CLEARS_DIED
        d_step { if :: word[M] == v -> v = v & WAITERS; word[M] = v :: else fi }
#endif
        take(v);
        if
        :: taken -> linked = true; break
        :: else
        fi
     :: else -> break
     fi
  od;
  pending = false
}

/* sleep(m): one turn */
inline sleep() {
  v = word[M];
  if
  :: OWNER(v) == 0
  :: else ->
     d_step {
       if
       :: word[M] == v -> word[M] = v | WAITERS; v = v | WAITERS
       :: else -> v = 255
       fi
     }
     if
     :: v == 255
     :: else ->
        queue_if(M, v);
        slept = true;
        if
        :: asleep[me] == 0
#ifdef CAP
        :: timeout -> assert(OWNER(word[M]) == 0); asleep[me] = 0
#endif
        fi
     fi
  fi
}

/* A wait that has slept here ends without the mutex: it got another object, or its time is over. The kernel's one wake may have been for it. */
inline pass_on() {
#ifndef BROKEN_NOTHING_PASSED_ON
  v = word[M];
  if
  :: slept && OWNER(v) == 0 && (v & WAITERS) -> wake_all(M)
  :: else
  fi;
#endif
  spared[me] = false
}

inline release() {
  pending = true;
  linked = false;
#ifdef BROKEN_WAKE_FIRST
  if :: word[M] & WAITERS -> wake_all(M) :: else fi;
  d_step { word[M] = 0; holder = 0 };
#else
  d_step { v = word[M]; word[M] = 0; holder = 0; RELEASING(true) };
  if
  :: v & WAITERS -> wake_all(M)
  :: else
  fi;
#endif
  RELEASING(false);
  pending = false
}

/* exit_robust_list(): the list, without the entry that is pending, and then that one. */
inline die() {
  asleep[me] = 0;
  if
  :: pending -> mark_owner_died(M, true)
  :: linked && !pending -> mark_owner_died(M, false)
  :: else
  fi;
  d_step { assert(OWNER(word[M]) != me); over[me] = true }
}

proctype Thread(byte me) {
  bool pending, linked, taken, slept, wakes;
  byte v, rounds;
  {
    do
    :: rounds < ROUNDS ->
       rounds++;
       taken = false;
       slept = false;
       do
       :: try();
          if
          :: taken -> break
          :: else
          fi;
          sleep();
          if
          :: slept -> pass_on(); break
          :: true
          fi
       od;
       if
       :: taken -> assert(holder == me); release()
       :: else
       fi
    :: else -> break
    od;
    over[me] = true
  } unless { dying[me]; die() }
}

init { atomic { run Thread(1); run Thread(2); run Thread(3) } }
