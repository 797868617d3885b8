/*
 * Turns: RESERVED, NEXT and KEPT of a mutex, beside its word. Threads wait for it while another program has it: they take it, sleep, are passed by and ask for their turn, give up, are killed, or stand still.
 *
 * Stated: `reserved`, `next` and `kept` as in shared-object.ts, a thread's number in place of its client and its time: of two who have waited, the one with the lower number has waited longer. The
 * word is that of mutex.pml, which shows what becomes of the robust list: here taking and linking are one step, and so are unlinking and letting go. WAITERS is that of count.pml: whether it is odd, and
 * for each thread whether it is what that one has seen. Left open is how long a thread has waited, and so which of those that were passed by ask. Each asks once.
 *
 * Checked: one holder at a time; nobody who has ended in order has the turn, or the next one; no sleeper is stuck (an invalid end state).
 * Where the verifier looks for cycles: all come to an end, so whoever is there gets a free mutex.
 *
 * A thread is killed, or stands still, between any two accesses: at a `point()`. This is in place of the Killer of futex.pml, whose `unless` keeps spin from leaving out orders that make no difference.
 *
 * -DTWO_WAIT: two threads, not three. -DFIRST_OWNER_DIES: the other program is killed. -DNOBODY_LEAVES: nobody gives up, nor has another object to wait for; else one does, any of them.
 * -DCAP: a sleeper looks again by itself, once nothing else moves.
 * -DSPARE_RELEASER, -DSPARE_WOKEN: as in mutex.pml; "releasing" is the end of a turn, too.
 * -DSPARE_ASKERS: kills nobody who has the turn or the next one. That a turn of the dead ends is the cap's: those who sleep beside a mutex that is kept for one look again by themselves.
 * -DABSENT: one whose turn it is, or is to be, stands still for ever, at any point. The time that KEPT measures passes while nothing else moves: at the cap.
 * -DPOLLER: the second thread does not sleep on the mutex. It tries, does something else for as long as a sleep takes, and tries again.
 * -DSLOW: so much time may pass between any two steps that a turn that was seen kept is kept for too long.
 */
#define KILLED_AT_POINTS

byte reserved, next, kept;
bool gone[4];        /* LIFE is marked */
bool absent;         /* one stands still */
bool keptForLong;    /* KEPT is older than LONGEST_KEPT */

#ifdef SPARE_ASKERS
#define SPARED(i) (spared[i] || reserved == i || next == i)
#endif
#include "futex.pml"

#define M 1
#define A 2          /* WAITERS */
#define ELSEWHERE 3  /* where a poller sleeps: nobody wakes it */

byte holder;
bool isOdd;           /* WAITERS: somebody may sleep on it */
bool announced[4];    /* WAITERS is what this thread has seen when it made it odd */
byte leaver;          /* waits for another object too, or not for ever; 0: nobody does */

#ifdef SPARE_RELEASER
#define RELEASING(yes) spared[me] = yes
#else
#define RELEASING(yes) skip
#endif

#ifdef SLOW
#define TIME_COUNTS
#define IS_TOO_LONG true
#elif defined(ABSENT)
#define TIME_COUNTS
#define IS_TOO_LONG keptForLong
#endif

#define CAN_BE_ABSENT(i) (!absent && holder != i && (reserved == i || next == i))

#define STILL(i) (asleep[i] != 0 || over[i])
#define NOTHING_MOVES (over[0] && STILL(1) && STILL(2) && STILL(3))

/* In front of each access, and in one step with it. */
inline point() {
  if
  :: true
  :: CAN_DIE(me) -> kills++; goto dies
#ifdef ABSENT
  :: CAN_BE_ABSENT(me) -> absent = true; goto stands_still
#endif
  fi
}

/* wakeAnnounced(): claimSleepers() is one step here, see count.pml. */
inline wake_announced() {
  atomic {
    point();
    if
    :: isOdd -> isOdd = false; w = 1; d_step { announced[1] = false; announced[2] = false; announced[3] = false }
    :: else
    fi
  };
  if
  :: w != 0 -> atomic { point(); wake_all(A); w = 0 }
  :: else
  fi
}

/* MutexObject.afterReservation() */
inline wake_those_who_slept_for_it() {
  skip;
#ifndef BROKEN_END_OF_TURN_WAKES_NOBODY
  wake_announced();
  atomic {
    point();
    w = word[M];
    if
    :: OWNER(w) == 0 && (w & WAITERS)
    :: else -> w = 0
    fi
  };
  if
  :: w != 0 ->
     atomic {
       point();
       if
       :: word[M] == w -> word[M] = w & OWNER_DIED
       :: else -> w = 0
       fi
     };
     if
     :: w != 0 -> atomic { point(); wake_all(M); w = 0 }
     :: else
     fi
  :: else
  fi
#endif
}

/* #endTurn(held) */
inline end_turn(held) {
  atomic { point(); x = next; heir = (x == held -> 0 : x) };
  atomic {
    point();
    if
    :: reserved == held -> reserved = heir; ended = true; RELEASING(true)
    :: else -> x = 0
    fi
  };
  if
  :: ended ->
     if
     :: x != 0 ->
        atomic {
          point();
          if
          :: next == x -> next = 0; x = 0
          :: else
          fi
        };
#ifndef BROKEN_HEIR_IS_NOT_LOOKED_AFTER
        if
        :: x != 0 ->
           atomic {
             point();
             if
             :: reserved == heir -> reserved = 0
             :: else
             fi
           }
        :: else
        fi;
#endif
        x = 0
     :: else
     fi;
     heir = 0;
     wake_those_who_slept_for_it();
     atomic { RELEASING(false); ended = false }
  :: else -> heir = 0
  fi
}

/* #isOverdue(r) */
inline look_how_long_it_is_kept() {
  skip;
#ifdef TIME_COUNTS
  atomic {
    point();
    k = kept;
    if
#ifndef BROKEN_TURN_NEVER_ENDS
    :: k == r && IS_TOO_LONG -> dead = true
#endif
#ifdef SLOW
    :: k == r
#endif
    :: else
    fi
  };
  if
#ifdef BROKEN_POLLS_DO_NOT_MEASURE
  :: me == 2
  :: k != r && me != 2 ->
#else
  :: k != r ->
#endif
     atomic {
       point();
       if
       :: kept == k -> kept = r; keptForLong = false
       :: else
       fi
     }
  :: else
  fi;
  k = 0
#endif
}

/* keptForOther; whoever looks on behalf of the dead, or of one that does not come, ends their turn. */
inline look_for_whom_it_is_kept() {
  do
  :: atomic { point(); r = reserved };
     if
     :: r == 0 || r == me -> isKept = false; break
     :: else ->
        atomic { point(); dead = gone[r] };
        if
        :: !dead -> look_how_long_it_is_kept()
        :: else
        fi;
        if
        :: !dead -> isKept = true; break
        :: else -> dead = false; end_turn(r)
        fi
     fi
  od;
  r = 0
}

/* unreserve() */
inline unreserve() {
#ifdef BROKEN_NEXT_IS_LEFT_LAST
  atomic { point(); r = reserved };
  if
  :: r == me -> end_turn(me)
  :: else
  fi;
#endif
  atomic { point(); r = next };
  if
  :: r == me ->
     atomic {
       point();
       if
       :: next == me -> next = 0
       :: else
       fi
     }
  :: else
  fi;
#ifndef BROKEN_NEXT_IS_LEFT_LAST
  atomic { point(); r = reserved };
  if
  :: r == me -> end_turn(me)
  :: else
  fi;
#endif
  r = 0
}

/* #ask(field, …) */
inline ask_for(field, isDisplacing) {
  do
  :: atomic { point(); r = field };
     if
     :: r == me -> isAsked = true; break
     :: r != me && r != 0 && !(isDisplacing && me < r) -> break
     :: else ->
        atomic {
          point();
          if
          :: field == r -> field = me; isAsked = true
          :: else
          fi
        };
        if
        :: isAsked -> break
        :: else
        fi
     fi
  od;
  r = 0
}

/* reserve() */
inline ask() {
  atomic { point(); isOwned = OWNER(word[M]) != 0 };
  ask_for(reserved, isOwned);
  isOwned = false;
  if
  :: !isAsked -> ask_for(next, true)
  :: else
  fi;
  isAsked = false;
#ifdef TIME_COUNTS
  atomic { point(); k = kept };
  if
  :: k == me -> atomic { point(); kept = 0; keptForLong = false }
  :: else
  fi;
  k = 0;
#endif
  asked = true
}

/* #tryTakeContended() */
inline try_to_take() {
  do
  :: atomic {
       point();
       v = word[M];
     };
     if
     :: OWNER(v) != 0 -> break
     :: else ->
        atomic {
          point();
          if
          :: word[M] == v ->
             assert(holder == 0 || dying[holder]);
             word[M] = me | (v & WAITERS);
             holder = me;
             spared[me] = false;
             taken = true
          :: else
          fi
        };
        if
        :: taken -> break
        :: else
        fi
     fi
  od;
  v = 0
}

/* tryTake(): take(), #tryTakeCarefully() */
inline try() {
  atomic { point(); isReserved = reserved != 0 };
  if
  :: !isReserved -> try_to_take()
  :: else ->
     isKept = false;
     atomic { point(); isFree = OWNER(word[M]) == 0 };
     if
     :: isFree -> isFree = false; look_for_whom_it_is_kept()
     :: else
     fi;
     if
     :: isKept -> isKept = false
     :: else ->
        try_to_take();
        if
        :: taken -> unreserve()
        :: else
        fi
     fi
  fi;
  isReserved = false
}

/* #wakeWhoseTurnItIs() */
inline wake_whose_turn_it_is() {
#ifdef BROKEN_NOTHING_PASSED_ON_IN_VAIN
  skip
#else
  atomic {
    point();
    w = reserved;
    if
    :: w == toldOf -> w = 0
    :: else -> toldOf = w; w = 1
    fi
  };
  if
  :: w != 0 -> atomic { point(); wake_all(M); w = 0 }; wake_announced()
  :: else
  fi
#endif
}

/* #armBesideTurn(v) */
inline arm_beside_turn() {
  look_for_whom_it_is_kept();
  if
  :: isKept ->
     if
     :: v & OWNER_DIED -> wake_whose_turn_it_is()
     :: else
     fi;
#ifdef BROKEN_SLEEPS_ON_THE_WORD
     bed = M;
     expected = v | WAITERS;
     atomic {
       point();
       if
       :: word[M] == v -> word[M] = expected
       :: else -> isKept = false
       fi
     };
#else
     bed = A;
     atomic { point(); isOdd = true; announced[me] = true };
#endif
#ifndef BROKEN_ARM_DOES_NOT_LOOK_AGAIN
     if
     :: isKept ->
        atomic { point(); isKept = OWNER(word[M]) == 0 };
        if
        :: isKept -> look_for_whom_it_is_kept()
        :: else
        fi
     :: else
     fi
#endif
  :: else
  fi
}

/* arm(); isKept: whether it is to sleep */
inline arm() {
  do
  :: atomic { point(); v = word[M] };
     if
     :: OWNER(v) == 0 -> arm_beside_turn(); break
     :: else ->
        bed = M;
        expected = v | WAITERS;
        isKept = true;
        if
        :: v & WAITERS -> break
        :: else ->
           atomic {
             point();
             if
             :: word[M] == v -> word[M] = expected
             :: else -> isKept = false
             fi
           };
           if
           :: isKept -> break
           :: else
           fi
        fi
     fi
  od;
  v = 0
}

inline sleep() {
  arm();
  if
  :: isKept ->
     atomic {
       point();
       if
       :: bed == M -> queue_if(M, expected)
       :: bed == A && announced[me] -> asleep[me] = A; spared[me] = false
       :: else
       fi;
       bed = 0; expected = 0; isKept = false; announced[me] = false
     };
     blocked()
  :: else -> atomic { bed = 0; expected = 0; announced[me] = false }
  fi
}

/* Until it is woken, or has another reason to look. */
inline blocked() {
  atomic {
    if
    :: asleep[me] == 0
    :: asleep[me] != 0 && leaver == me -> asleep[me] = 0; isLeaving = true
    :: asleep[me] != 0 && CAN_DIE(me) -> kills++; goto dies
#ifdef ABSENT
    :: asleep[me] != 0 && CAN_BE_ABSENT(me) -> absent = true; goto stands_still
#endif
#ifdef CAP
    :: asleep[me] != 0 && NOTHING_MOVES -> asleep[me] = 0; keptForLong = kept != 0
#endif
    fi
  }
}

/* passOn() */
inline pass_on() {
  atomic {
    point();
    v = word[M];
    if
    :: OWNER(v) == 0 && (v & WAITERS)
    :: else -> v = 0
    fi
  };
  if
  :: v != 0 ->
     atomic { point(); r = reserved };
     if
     :: r == 0 || r == me -> atomic { point(); wake_all(M) }
     :: r != 0 && r != me && (v & OWNER_DIED) -> wake_whose_turn_it_is()
     :: else
     fi;
     r = 0;
     v = 0
  :: else
  fi;
  spared[me] = false
}

/* release() */
inline release() {
  atomic { point(); v = word[M]; word[M] = 0; holder = 0; RELEASING(true) };
  if
  :: v & WAITERS -> atomic { point(); wake_all(M) }
  :: else
  fi;
  RELEASING(false)
}

proctype Thread(byte me) {
  bool taken, isKept, isFree, isOwned, isReserved, isAsked, asked, ended, dead, isLeaving, isOver, wakes;
  byte v, w, r, x, k, heir, bed, expected, toldOf;
  /* waitForAny() */
  try();
  do
  :: taken -> break
  :: else ->
     if
     :: !asked -> ask() /* it was passed by, whoever that was */
     :: true
     fi;
#ifdef POLLER
     if
     :: me == 2 -> atomic { point(); asleep[me] = ELSEWHERE }; blocked()
     :: else -> sleep()
     fi;
#else
     sleep();
#endif
     try();
     pass_on();
     if
     :: taken -> break
     :: !taken && leaver == me -> isOver = true; break       /* its time is over */
     :: !taken && leaver == me -> break                      /* it has another object */
     :: !taken && !isLeaving
     fi
  od;
  if
  :: asked ->
     unreserve();
     if
     :: isOver -> try()
     :: else
     fi
  :: else
  fi;
  if
  :: taken -> assert(holder == me); release()
  :: else
  fi;
  goto ends;
dies:
  atomic { dying[me] = true; asleep[me] = 0 };
  mark_owner_died(M, false);
  gone[me] = true;
  goto ends;
stands_still:
  asleep[me] = 0;
ends:
  atomic {
    taken = false; isKept = false; isFree = false; isOwned = false; isReserved = false; isAsked = false; asked = false; ended = false; dead = false; isLeaving = false; isOver = false; wakes = false;
    v = 0; w = 0; r = 0; x = 0; k = 0; heir = 0; bed = 0; expected = 0; toldOf = 0;
    announced[me] = false;
    over[me] = true
  }
}

/* Of another program. */
proctype FirstOwner() {
  byte v;
#ifdef FIRST_OWNER_DIES
  d_step { v = word[M]; word[M] = (v & WAITERS) | OWNER_DIED };
  if
  :: v & WAITERS -> wake_one(M)
  :: else
  fi;
#else
  d_step { v = word[M]; word[M] = 0 };
  if
  :: v & WAITERS -> wake_all(M)
  :: else
  fi;
#endif
  atomic { v = 0; over[0] = true }
}

init {
  word[M] = 4;
#ifdef TWO_WAIT
  over[3] = true;
#endif
  if
  :: leaver = 0
#ifndef NOBODY_LEAVES
  :: leaver = 1
  :: leaver = 2
  :: leaver = 3
#endif
  fi;
  atomic { run Thread(1); run Thread(2);
#ifndef TWO_WAIT
    run Thread(3);
#endif
    run FirstOwner() };
end:
  over[0] && over[1] && over[2] && over[3];
  /* A thread that is killed between writing RESERVED and looking at NEXT again leaves the turn to one that may have left: until the object has been kept for too long. */
  assert(kills > 0 || absent || (reserved == 0 && next == 0))
}
