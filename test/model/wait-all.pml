/*
 * wait-all on a semaphore S and a mutex M: mark, commit, and the repair by whoever finds the namespace mutex N abandoned; beside takers of one of the two alone.
 *
 * Stated: the words as in layout.ts, with BUSY and ALL_ONES; COMMITTING. N is a robust lock in one step, which is what mutex.pml shows it to be. An auto-reset event
 * is a semaphore of one permit here.
 * No part of the protocol are `given` (permits that are out, those of the dead included) and `holder` (who has M, the dead included). For a wait-all both change at
 * the instant at which it says COMMITTING: from there on it has both, before it has neither.
 *
 * Checked: whoever looks at an unmarked word sees exactly what `given` and `holder` say, so nobody sees half a take, or one that is taken back, and what a killed
 * committer took is complete; "abandoned" is told if and only if the holder before died; who has N meets no marks of others; no sleeper is stuck.
 *
 * -DMUTEX_FIRST: the other order of marking and taking. -DTWO_WAIT_ALLS: a second wait-all in place of the taker of S.
 * -DCAP, -DSPARE_RELEASER, -DSPARE_WOKEN: as in mutex.pml; "releasing" is every change that others may sleep for, the repair's too.
 */
#ifndef PERMITS
#define PERMITS 1
#endif
#include "futex.pml"

#define M 1
#define S 2
#define W 3        /* the field WAITERS of S: odd if some thread may sleep on it, see count.pml */
#define BUSY 32
#define COUNT(w) ((w) & 31)

byte n;            /* who has N */
bool nDied;        /* N is abandoned */
bool committing;
byte given, holder;

#ifdef SPARE_RELEASER
#define RELEASING(yes) spared[me] = yes
#else
#define RELEASING(yes) skip
#endif

#define AS_GIVEN (word[S] + given == PERMITS)

inline wake_semaphore() {
  if
  :: word[W] & 1 ->
     d_step { found = word[W] & 1; word[W] = (word[W] + found) % 16 };
     if
     :: found -> wake_all(W)
     :: else
     fi
  :: else
  fi
}

inline unmark_semaphore(to) {
  d_step { word[S] = to; assert(AS_GIVEN); RELEASING(true) };
  wake_semaphore();
  RELEASING(false)
}

inline unmark_mutex(to) {
  d_step { word[M] = to; RELEASING(true) };
  if
  :: word[M] & WAITERS -> wake_all(M)
  :: else
  fi;
  RELEASING(false)
}

inline repair() {
  if
#ifdef BROKEN_REPAIR_FORGETS_COMMITTING
  :: (word[S] & BUSY) -> unmark_semaphore(COUNT(word[S]))
#else
  :: (word[S] & BUSY) -> unmark_semaphore(COUNT(word[S]) - committing)
#endif
  :: else
  fi;
#ifdef BROKEN_REPAIR_ENDS_COMMITTING_EARLY
  committing = false;
#endif
  if
#ifdef BROKEN_REPAIR_FORGETS_OWNER_DIED
  :: OWNER(word[M]) == ALL_ONES -> unmark_mutex(word[M] & (WAITERS | OWNER_DIED))
#else
  :: OWNER(word[M]) == ALL_ONES -> unmark_mutex((word[M] & (WAITERS | OWNER_DIED)) | (committing -> OWNER_DIED : 0))
#endif
  :: else
  fi;
  committing = false
}

inline lock_n() {
#ifdef BROKEN_MARK_WITHOUT_N
  found = false;
#else
  d_step { n == 0 -> n = me; found = nDied; nDied = false };
#endif
  if
  :: found -> repair()
  :: else
  fi
}

inline unlock_n() {
  d_step { n = (n == me -> 0 : n) }
}

/* Whoever has locked N, and repaired if need be, meets no mark. */
inline busy() {
  lock_n();
  assert(!(word[S] & BUSY) && OWNER(word[M]) != ALL_ONES);
  unlock_n()
}

/* Nothing else moves: by now a permit is out for good, with the dead, and the wait's own deadline ends it. */
inline sleep_on_semaphore() {
  d_step { word[W] = word[W] | 1; seen = word[W] };
  v = word[S];
  if
  :: v & BUSY -> busy()
  :: v == 0 ->
     queue_if(W, seen);
     if
     :: asleep[me] == 0
     :: timeout && word[S] == 0 -> assert(AS_GIVEN); asleep[me] = 0; expired = true
#ifdef CAP
     :: timeout && word[S] != 0 -> asleep[me] = 0
#endif
     fi
  :: else
  fi;
  seen = 0;
  spared[me] = false
}

inline sleep_on_mutex() {
  v = word[M];
  if
  :: OWNER(v) == 0
  :: OWNER(v) == ALL_ONES -> busy()
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
        if
        :: asleep[me] == 0
#ifdef CAP
        :: timeout -> assert(OWNER(word[M]) == 0 || OWNER(word[M]) == ALL_ONES); asleep[me] = 0
#endif
        fi
     fi
  fi
}

/* The kernel wakes one sleeper of a dead owner's mutex. A wait-all that goes on to sleep elsewhere owes that wake to the others. */
inline pass_on() {
  if
  :: OWNER(word[M]) == 0 && (word[M] & WAITERS) -> wake_all(M)
  :: else
  fi;
  spared[me] = false
}

inline release_semaphore() {
  do
  :: v = word[S];
     if
     :: v & BUSY -> busy()
     :: else ->
        d_step {
          if
          :: word[S] == v -> assert(AS_GIVEN); word[S] = v + 1; given--; v = 255; RELEASING(true)
          :: else
          fi
        }
        if
        :: v == 255 -> break
        :: else
        fi
     fi
  od;
  wake_semaphore();
  RELEASING(false)
}

inline release_mutex() {
  pending = true;
  linked = false;
  d_step { assert(holder == me); v = word[M]; word[M] = 0; holder = 0; RELEASING(true) };
  if
  :: v & WAITERS -> wake_all(M)
  :: else
  fi;
  RELEASING(false);
  pending = false
}

/* exit_robust_list(): M stands in front of N; what is pending comes last. */
inline die() {
  asleep[me] = 0;
  if
  :: linked && !pending -> mark_owner_died(M, false)
  :: else
  fi;
  d_step {
    if
    :: n == me -> n = 0; nDied = true
    :: else
    fi
  }
  if
  :: pending -> mark_owner_died(M, true)
  :: else
  fi;
  d_step { assert(OWNER(word[M]) != me); over[me] = true }
}

inline mark_semaphore() {
  do
  :: v = word[S];
     if
     :: missing != 0 || COUNT(v) == 0 -> missing = (missing == 0 -> S : missing); break
     :: else ->
        assert(!(v & BUSY));
        d_step { if :: word[S] == v -> word[S] = v | BUSY; marked = marked | S; v = 255 :: else fi }
        if
        :: v == 255 -> break
        :: else
        fi
     fi
  od
}

inline mark_mutex() {
  do
  :: v = word[M];
     if
     :: missing != 0 || OWNER(v) != 0 -> missing = (missing == 0 -> M : missing); break
     :: else ->
        d_step { if :: word[M] == v -> word[M] = v | ALL_ONES; marked = marked | M; v = 255 :: else fi }
        if
        :: v == 255 -> break
        :: else
        fi
     fi
  od
}

inline commit_semaphore() {
  word[S] = COUNT(word[S]) - 1
}

inline commit_mutex() {
  pending = true;
  linked = true;
  d_step { word[M] = me | (word[M] & WAITERS); assert(holder == me) };
  pending = false
}

#ifdef MUTEX_FIRST
#define IN_ORDER(doM, doS) doM; doS
#else
#define IN_ORDER(doM, doS) doS; doM
#endif

proctype WaitAll(byte me) {
  bool pending, linked, wakes, found, expired;
  byte seen, v, missing, marked;
  {
    do
    :: expired -> break
    :: !expired ->
       if
       :: word[S] == 0 || (word[S] & BUSY) -> missing = S
       :: else -> missing = (OWNER(word[M]) != 0 -> M : 0)
       fi;
       if
       :: missing == 0 ->
          lock_n();
          IN_ORDER(mark_mutex(), mark_semaphore());
          if
          :: missing == 0 ->
#ifdef BROKEN_TAKES_BEFORE_COMMITTING
             commit_semaphore();
#endif
             d_step {
               committing = true;
               assert(holder == 0 || dying[holder]);
               assert((holder != 0) == ((word[M] & OWNER_DIED) != 0));
               given++;
               holder = me
             };
#ifdef BROKEN_TAKES_BEFORE_COMMITTING
             commit_mutex();
#else
             IN_ORDER(commit_mutex(), commit_semaphore());
#endif
             committing = false;
             unlock_n();
             break
          :: else ->
             if
             :: marked & M -> unmark_mutex(word[M] & (WAITERS | OWNER_DIED))
             :: else
             fi;
             if
             :: marked & S -> unmark_semaphore(COUNT(word[S]))
             :: else
             fi;
             marked = 0;
             unlock_n()
          fi
       :: else
       fi;
       if
       :: missing == S -> sleep_on_semaphore()
       :: missing == M -> sleep_on_mutex(); pass_on()
       :: else
       fi
    od;
    if
    :: !expired -> release_semaphore(); release_mutex()
    :: else
    fi;
    over[me] = true
  } unless { dying[me]; die() }
}

proctype MutexTaker(byte me) {
  bool pending, linked, wakes, found;
  byte v;
  {
    do
    :: pending = true;
       v = word[M];
       if
       :: OWNER(v) == 0 ->
          d_step {
            if
            :: word[M] == v ->
               assert(holder == 0 || dying[holder]);
               assert((holder != 0) == ((v & OWNER_DIED) != 0));
               word[M] = me | (v & WAITERS);
               holder = me;
               spared[me] = false;
               linked = true
            :: else
            fi
          }
       :: else
       fi;
       pending = false;
       if
       :: linked -> break
       :: else -> sleep_on_mutex()
       fi
    od;
    release_mutex();
    over[me] = true
  } unless { dying[me]; die() }
}

proctype SemaphoreTaker(byte me) {
  bool pending, linked, wakes, found, expired;
  byte seen, v;
  {
    do
    :: v = word[S];
       if
       :: expired -> break
       :: v & BUSY -> busy()
       :: v == 0 && !expired -> sleep_on_semaphore()
       :: else ->
          d_step {
            if
            :: word[S] == v -> assert(AS_GIVEN); word[S] = v - 1; given++; spared[me] = false; v = 255
            :: else
            fi
          }
          if
          :: v == 255 -> release_semaphore(); break
          :: else
          fi
       fi
    od;
    over[me] = true
  } unless { dying[me]; die() }
}

init {
  atomic {
    word[S] = PERMITS;
    run WaitAll(1);
    run MutexTaker(2);
#ifdef TWO_WAIT_ALLS
    run WaitAll(3)
#else
    run SemaphoreTaker(3)
#endif
  }
}
