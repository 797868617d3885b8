/** One verification: a model with what is defined for it. */
export interface Run {
  readonly model: string;
  readonly flags: readonly string[];
  /** The beginning of the error that spin has to find. */
  readonly expected: 'holds' | 'assertion violated' | 'invalid end state' | 'non-progress cycle';
  /** Whether spin looks for threads that go on for ever without coming to an end, in place of those that are stuck. */
  readonly cycles?: boolean;
}

/** Nobody is killed where the protocol leaves the rest to the cap on sleeps; so nobody may need the cap. */
const WITHOUT_THE_NET = '-DSPARE_RELEASER -DSPARE_WOKEN';

/** Two threads and the first owner, of whom nobody is killed. */
const TWO = '-DKILLS=0 -DTWO_WAIT';

/** Whoever has asked for its turn may never come to take it. */
const ABSENT = '-DKILLS=0 -DTWO_WAIT -DNOBODY_LEAVES -DCAP -DABSENT';

export const runs: readonly Run[] = [
  holds('mutex', '-DKILLS=2 -DCAP'),
  holds('mutex', '-DKILLS=2 -DCAP -DOLD_KERNEL'),
  holds('mutex', `-DKILLS=2 ${WITHOUT_THE_NET}`),
  stuck('mutex', '-DKILLS=1 -DSPARE_WOKEN'),
  stuck('mutex', '-DKILLS=2 -DSPARE_RELEASER'),
  breaks('mutex', '-DKILLS=1 -DCAP -DBROKEN_NO_PENDING'),
  breaks('mutex', '-DKILLS=1 -DCAP -DBROKEN_FAILING_TRY_CLEARS_DIED'),
  stuck('mutex', `-DKILLS=1 ${WITHOUT_THE_NET} -DBROKEN_TAKER_DROPS_WAITERS`),
  stuck('mutex', `-DKILLS=1 ${WITHOUT_THE_NET} -DBROKEN_NOTHING_PASSED_ON`),
  stuck('mutex', '-DKILLS=0 -DBROKEN_WAKE_FIRST'),

  holds('count', '-DKILLS=2 -DCAP'),
  holds('count', '-DKILLS=2 -DSPARE_RELEASER'),
  holds('count', '-DKILLS=1 -DSPARE_RELEASER -DPERMITS=2'),
  holds('count', '-DKILLS=1 -DSPARE_RELEASER -DCOUNTED'),
  holds('count', '-DKILLS=1 -DCAP -DEVENT'),
  holds('count', '-DKILLS=1 -DSPARE_WAKER -DEVENT'),
  stuck('count', '-DKILLS=1'),
  stuck('count', '-DKILLS=0 -DBROKEN_FLAG'),
  stuck('count', '-DKILLS=0 -DBROKEN_SEQUENCE'),
  stuck('count', '-DKILLS=0 -DBROKEN_LOOKS_BEFORE_GIVING'),
  stuck('count', '-DKILLS=0 -DBROKEN_ARMS_AFTER_LOOKING'),
  stuck('count', '-DKILLS=1 -DSPARE_RELEASER -DBROKEN_WAKES_ONE'),
  breaks('count', '-DKILLS=0 -DPERMITS=2 -DBROKEN_GIVES_WITHOUT_CAS'),
  stuck('count', '-DKILLS=1 -DSPARE_WAKER -DEVENT -DBROKEN_SET_OF_A_SET_EVENT_DOES_NOTHING'),

  holds('turn', TWO),
  holds('turn', `${TWO} -DFIRST_OWNER_DIES`),
  holds('turn', '-DKILLS=0 -DNOBODY_LEAVES'),
  holds('turn', `-DKILLS=1 -DTWO_WAIT -DNOBODY_LEAVES ${WITHOUT_THE_NET} -DSPARE_ASKERS`),
  holds('turn', '-DKILLS=1 -DTWO_WAIT -DNOBODY_LEAVES -DCAP'),
  stuck('turn', `${TWO} -DBROKEN_ARM_DOES_NOT_LOOK_AGAIN`),
  stuck('turn', `${TWO} -DBROKEN_END_OF_TURN_WAKES_NOBODY`),
  breaks('turn', `${TWO} -DBROKEN_HEIR_IS_NOT_LOOKED_AFTER`),
  breaks('turn', `${TWO} -DBROKEN_NEXT_IS_LEFT_LAST`),
  stuck('turn', `${TWO} -DFIRST_OWNER_DIES -DBROKEN_NOTHING_PASSED_ON_IN_VAIN`),
  stuck('turn', '-DKILLS=0 -DNOBODY_LEAVES -DBROKEN_SLEEPS_ON_THE_WORD'),
  ends('turn', ABSENT),
  ends('turn', `${ABSENT} -DPOLLER`),
  starves('turn', `${ABSENT} -DBROKEN_TURN_NEVER_ENDS`),
  starves('turn', `${ABSENT} -DPOLLER -DBROKEN_POLLS_DO_NOT_MEASURE`),

  holds('wait-all', '-DKILLS=2 -DCAP'),
  holds('wait-all', '-DKILLS=2 -DCAP -DMUTEX_FIRST'),
  holds('wait-all', '-DKILLS=1 -DCAP -DTWO_WAIT_ALLS'),
  holds('wait-all', `-DKILLS=2 ${WITHOUT_THE_NET}`),
  breaks('wait-all', '-DKILLS=1 -DCAP -DBROKEN_REPAIR_FORGETS_COMMITTING'),
  breaks('wait-all', '-DKILLS=1 -DCAP -DBROKEN_REPAIR_ENDS_COMMITTING_EARLY'),
  breaks('wait-all', '-DKILLS=1 -DCAP -DBROKEN_REPAIR_FORGETS_OWNER_DIED'),
  breaks('wait-all', '-DKILLS=1 -DCAP -DBROKEN_TAKES_BEFORE_COMMITTING'),
  breaks('wait-all', '-DKILLS=0 -DCAP -DBROKEN_MARK_WITHOUT_N'),
];

function holds(model: string, flags: string): Run {
  return { model, flags: flags.split(' '), expected: 'holds' };
}

/** Something happens that may not. */
function breaks(model: string, flags: string): Run {
  return { model, flags: flags.split(' '), expected: 'assertion violated' };
}

/** A sleeper is never woken. */
function stuck(model: string, flags: string): Run {
  return { model, flags: flags.split(' '), expected: 'invalid end state' };
}

/** Whatever happens, all come to an end. */
function ends(model: string, flags: string): Run {
  return { model, flags: flags.split(' '), expected: 'holds', cycles: true };
}

/** A thread goes on for ever without getting what is free. */
function starves(model: string, flags: string): Run {
  return { model, flags: flags.split(' '), expected: 'non-progress cycle', cycles: true };
}
