/*
 * Turns: RESERVED and NEXT of a mutex, beside its word. Three threads take it, sleep on it, are passed by and ask for their turn, give up, and are killed at every step.
 *
 * Stated: `reserved` and `next` as in shared-object.ts, a thread's number in place of its client; of two who have waited, the one with the lower number has waited longer. The word is that of
 * mutex.pml, which shows what becomes of the robust list: here taking and linking are one step. A thread may ask whenever it has tried in vain: that it was passed by, and how long it has
 * waited, is left open. That a turn ends when
 * nobody comes is the cap's: those who sleep beside a mutex that is kept for a dead thread look again by themselves, and find it dead.
 *
 * Checked: one holder at a time; nobody who has ended in order has the turn, or the next one; no sleeper is stuck (an invalid end state).
 *
 * -DCAP: a sleeper looks again by itself, once nothing else moves.
 * -DSPARE_RELEASER, -DSPARE_WOKEN: as in mutex.pml; "releasing" is the end of a turn, too.
 * -DSPARE_ASKERS: kills nobody who has the turn or the next one.
 */
byte reserved, next;
bool gone[4];      /* LIFE is marked */

#ifdef SPARE_ASKERS
#define SPARED(i) (spared[i] || reserved == i || next == i)
#endif
#include "futex.pml"

#define M 1

byte holder;

#ifdef SPARE_RELEASER
#define RELEASING(yes) spared[me] = yes
#else
#define RELEASING(yes) skip
#endif

/* afterReservation() */
inline wake_those_who_slept_for_it() {
  skip;
#ifndef BROKEN_END_OF_TURN_WAKES_NOBODY
  w = word[M];
  if
  :: OWNER(w) == 0 && (w & WAITERS) ->
     d_step {
       if
       :: word[M] == w -> word[M] = w & OWNER_DIED
       :: else -> w = 255
       fi
     }
     if
     :: w != 255 -> wake_all(M)
     :: else
     fi
  :: else
  fi
#endif
}

/* endTurn(held) */
inline end_turn(held) {
  x = next;
  if
  :: x == held -> heir = 0
  :: else -> heir = x
  fi;
  d_step {
    if
    :: reserved == held -> reserved = heir; yes = true; RELEASING(true)
    :: else -> yes = false
    fi
  }
  if
  :: yes ->
#ifndef BROKEN_HEIR_IS_NOT_LOOKED_AFTER
     if
     :: x != 0 ->
        d_step {
          if
          :: next == x -> next = 0; yes = false
          :: else
          fi
        }
        if
        :: yes ->
           d_step {
             if
             :: reserved == heir -> reserved = 0
             :: else
             fi
           }
        :: else
        fi
     :: else
     fi;
#else
     d_step {
       if
       :: next == x -> next = 0
       :: else
       fi
     };
#endif
     wake_those_who_slept_for_it();
     RELEASING(false)
  :: else
  fi
}

/* keptForOther; whoever looks on behalf of the dead ends their turn. */
inline look_for_whom_it_is_kept() {
  do
  :: r = reserved;
     if
     :: r == 0 || r == me -> kept = false; break
     :: r != 0 && r != me && !gone[r] -> kept = true; break
     :: r != 0 && r != me && gone[r] -> end_turn(r)
     fi
  od
}

inline unreserve() {
#ifdef BROKEN_NEXT_IS_LEFT_LAST
  if
  :: reserved == me -> end_turn(me)
  :: else
  fi;
#endif
  d_step {
    if
    :: next == me -> next = 0
    :: else
    fi
  }
#ifndef BROKEN_NEXT_IS_LEFT_LAST
  if
  :: reserved == me -> end_turn(me)
  :: else
  fi
#endif
}

/* reserve() */
inline ask() {
  yes = OWNER(word[M]) != 0;      /* displacing */
  do
  :: r = reserved;
     if
     :: r == me -> x = 0; break
     :: r != me && r != 0 && !(yes && me < r) -> x = 1; break
     :: else ->
        d_step {
          if
          :: reserved == r -> reserved = me; r = 255
          :: else
          fi
        }
        if
        :: r == 255 -> x = 0; break
        :: else
        fi
     fi
  od;
  if
  :: x == 1 ->
     do
     :: r = next;
        if
        :: r == me -> break
        :: r != me && r != 0 && me > r -> break
        :: else ->
           d_step {
             if
             :: next == r -> next = me; r = 255
             :: else
             fi
           }
           if
           :: r == 255 -> break
           :: else
           fi
        fi
     od
  :: else
  fi;
  yes = false; x = 0; heir = 0; w = 0
}

inline try() {
  v = word[M];
  if
  :: OWNER(v) == 0 ->
     look_for_whom_it_is_kept();
     if
     :: !kept ->
        d_step {
          if
          :: word[M] == v ->
             assert(holder == 0 || dying[holder]);
             word[M] = me | (v & WAITERS);
             holder = me;
             spared[me] = false;
             taken = true
          :: else
          fi
        }
        if
        :: taken -> unreserve()
        :: else
        fi
     :: else
     fi
  :: else
  fi
}

/* arm(), and the sleep */
inline sleep() {
  v = word[M];
  kept = true;
  if
  :: OWNER(v) == 0 -> look_for_whom_it_is_kept()
  :: else
  fi;
  if
  :: kept ->
#ifndef BROKEN_NOTHING_PASSED_ON_IN_VAIN
     if
     :: OWNER(v) == 0 && (v & OWNER_DIED) && told_of != reserved -> told_of = reserved; wake_all(M)
     :: else
     fi;
#endif
     if
     :: (v & WAITERS) == 0 ->
        d_step {
          if
          :: word[M] == v -> word[M] = v | WAITERS
          :: else -> kept = false
          fi
        }
#ifndef BROKEN_ARM_DOES_NOT_LOOK_AGAIN
        if
        :: kept && OWNER(v) == 0 -> look_for_whom_it_is_kept()
        :: else
        fi
#endif
     :: else
     fi;
     if
     :: kept ->
        slept_on = v | WAITERS;
        queue_if(M, slept_on);
        slept = true;
        if
        :: asleep[me] == 0
#ifdef CAP
        :: timeout -> asleep[me] = 0
#endif
        fi
     :: else
     fi
  :: else
  fi
}

inline pass_on() {
  v = word[M];
  if
  :: OWNER(v) == 0 && (v & WAITERS) && (reserved == 0 || reserved == me) -> wake_all(M)
#ifndef BROKEN_NOTHING_PASSED_ON_IN_VAIN
  :: OWNER(v) == 0 && (v & WAITERS) && (v & OWNER_DIED) && reserved != 0 && reserved != me && told_of != reserved -> told_of = reserved; wake_all(M)
#endif
  :: else
  fi
}

inline release() {
  d_step { v = word[M]; word[M] = 0; holder = 0; RELEASING(true) };
  if
  :: v & WAITERS -> wake_all(M)
  :: else
  fi;
  RELEASING(false)
}

inline die() {
  asleep[me] = 0;
  mark_owner_died(M, false);
  d_step { gone[me] = true; over[me] = true }
}

proctype Thread(byte me) {
  bool taken, slept, kept, yes, wakes, asked;
  byte v, w, r, x, heir, slept_on, told_of;
  {
    do
    :: try();
       if
       :: taken -> break
       :: else
       fi;
       if
       :: slept -> pass_on()
       :: else
       fi;
       spared[me] = false;
       if
       :: !asked -> asked = true; ask()
       :: slept ->            /* its time is over */
          unreserve();
          try();
          pass_on();
          break
       :: slept ->            /* it has another object */
          unreserve();
          pass_on();
          break
       :: true
       fi;
       slept = false;
       sleep()
    od;
    if
    :: taken -> assert(holder == me); release()
    :: else
    fi;
    over[me] = true
  } unless { dying[me]; die() }
}

init {
  atomic { run Thread(1); run Thread(2); run Thread(3) };
end:
  over[1] && over[2] && over[3];
  /* A thread that is killed between writing RESERVED and looking at NEXT again leaves the turn to one that may have left: until the object has been kept for too long. */
  assert(kills > 0 || (reserved == 0 && next == 0))
}
