import { describe, expect, test } from 'vitest';
import type { Operation, Specification, Strictness } from '../../../stress/linearizability/operation.js';
import { Windows } from '../../../stress/linearizability/check-windows.js';

/*
 * Histories by hand: what each rule of the contract forbids, beside what it allows. Times are in ns; who is called before another has returned overlaps with it.
 */

const MUTEX = 0;
const SEMAPHORE = 1;
const AUTO = 2;
const MANUAL = 3;

const OBJECTS: readonly Specification[] = [
  { kind: 'mutex' },
  { kind: 'semaphore', initialCount: 2, maximumCount: 2 },
  { kind: 'event', manualReset: false, initialState: false },
  { kind: 'event', manualReset: true, initialState: false },
];

/** Two milliseconds: longer than a waiter waits before objects are reserved for it. */
const LATER = 2e6;
const TIMEOUT = 258;
const ABANDONED = 128;
const NOT_OWNER = -288;
const TOO_MANY_POSTS = -298;
const ABORTED = -995;
const DEADLOCK = -1131;
/** Of a wait: by an abort after a ms. */
const ABORT = 129;

class Contender {
  readonly #contender: number;

  constructor(contender: number) {
    this.#contender = contender;
  }

  wait(object: number, outcome: number | undefined, time: Time): Operation {
    return this.#operation('wait', [object], outcome, time);
  }

  any(objects: number[], outcome: number | undefined, time: Time): Operation {
    return this.#operation('wait-any', objects, outcome, time);
  }

  all(objects: number[], outcome: number | undefined, time: Time): Operation {
    return this.#operation('wait-all', objects, outcome, time);
  }

  release(object: number, outcome: number | undefined, time: Time, count = 1): Operation {
    return this.#operation('release', [object], outcome, time, object === MUTEX ? 0 : count);
  }

  set(object: number, time: Time): Operation {
    return this.#operation('set', [object], 0, time);
  }

  reset(object: number, time: Time): Operation {
    return this.#operation('reset', [object], 0, time);
  }

  signalAndWait(object: number, awaited: number, outcome: number | undefined, time: Time): Operation {
    return this.#operation('signal-and-wait', [object, awaited], outcome, time);
  }

  awaits(object: number, outcome: number | undefined, time: Time): Operation {
    return this.#operation('wait-async', [object], outcome, time, 1);
  }

  awaitsAny(objects: number[], outcome: number | undefined, time: Time): Operation {
    return this.#operation('wait-any-async', objects, outcome, time, 1);
  }

  awaitsAll(objects: number[], outcome: number | undefined, time: Time): Operation {
    return this.#operation('wait-all-async', objects, outcome, time, 1);
  }

  aborts(object: number, outcome: number | undefined, time: Time): Operation {
    return this.#operation('wait-async', [object], outcome, time, ABORT);
  }

  releasesLock(outcome: number | undefined, time: Time): Operation {
    return this.#operation('release-lock', [MUTEX], outcome, time);
  }

  dies(time: Time): Operation {
    return this.#operation('death', [], undefined, time);
  }

  /** Waits so long that the object may be reserved for it. */
  waitsLong(objects: number[], outcome: number, time: Time): Operation {
    return this.#operation('wait-any', objects, outcome, time, 50);
  }

  #operation(verb: Operation['verb'], objects: number[], outcome: number | undefined, [called, returned]: Time, argument = 0): Operation {
    return { contender: this.#contender, verb, objects, argument, called, returned, outcome };
  }
}

type Time = readonly [called: number, returned: number];

const a = new Contender(0);
const b = new Contender(1);
const c = new Contender(2);

interface Row {
  readonly title: string;
  readonly operations: readonly Operation[];
  /** Under which strictness it is legal. */
  readonly holds: readonly Strictness[];
}

const ALWAYS: readonly Strictness[] = ['atomic', 'stepwise'];
const STEPWISE: readonly Strictness[] = ['stepwise'];
const NEVER: readonly Strictness[] = [];

const MUTEXES: readonly Row[] = [
  { title: 'one after the other owns it', holds: ALWAYS, operations: [a.wait(MUTEX, 0, [1, 2]), a.release(MUTEX, 0, [3, 4]), b.wait(MUTEX, 0, [5, 6])] },
  { title: 'two own it at once', holds: NEVER, operations: [a.wait(MUTEX, 0, [1, 2]), b.wait(MUTEX, 0, [3, 4])] },
  { title: 'two own it at once, though both waits overlap', holds: NEVER, operations: [a.wait(MUTEX, 0, [1, 4]), b.wait(MUTEX, 0, [2, 5])] },
  { title: 'it is taken while it is being released', holds: ALWAYS, operations: [a.wait(MUTEX, 0, [1, 2]), a.release(MUTEX, 0, [3, 6]), b.wait(MUTEX, 0, [4, 5])] },
  { title: 'it is recursive', holds: ALWAYS, operations: [a.wait(MUTEX, 0, [1, 2]), a.wait(MUTEX, 0, [3, 4]), a.release(MUTEX, 0, [5, 6]), b.wait(MUTEX, TIMEOUT, [7, 8])] },
  { title: 'it is free after fewer releases than waits', holds: NEVER, operations: [a.wait(MUTEX, 0, [1, 2]), a.wait(MUTEX, 0, [3, 4]), a.release(MUTEX, 0, [5, 6]), b.wait(MUTEX, 0, [7, 8])] },
  { title: 'its own owner does not get it again', holds: NEVER, operations: [a.wait(MUTEX, 0, [1, 2]), a.wait(MUTEX, TIMEOUT, [3, 4])] },
  { title: 'it is released by another', holds: NEVER, operations: [a.wait(MUTEX, 0, [1, 2]), b.release(MUTEX, 0, [3, 4])] },
  { title: 'another may not release it', holds: ALWAYS, operations: [a.wait(MUTEX, 0, [1, 2]), b.release(MUTEX, NOT_OWNER, [3, 4])] },
  { title: 'its owner may not release it', holds: NEVER, operations: [a.wait(MUTEX, 0, [1, 2]), a.release(MUTEX, NOT_OWNER, [3, 4])] },
  { title: 'it is free, and a wait times out', holds: NEVER, operations: [a.wait(MUTEX, TIMEOUT, [1, 2])] },
];

const DEATHS: readonly Row[] = [
  { title: 'who is next is told of it', holds: ALWAYS, operations: [a.wait(MUTEX, 0, [1, 2]), a.dies([2, 5]), b.wait(MUTEX, ABANDONED, [6, 7])] },
  { title: 'it is told before the death was seen', holds: ALWAYS, operations: [a.wait(MUTEX, 0, [1, 2]), a.dies([2, 9]), b.wait(MUTEX, ABANDONED, [6, 7])] },
  { title: 'it is swallowed', holds: NEVER, operations: [a.wait(MUTEX, 0, [1, 2]), a.dies([2, 5]), b.wait(MUTEX, 0, [6, 7])] },
  { title: 'it is told twice', holds: NEVER, operations: [a.wait(MUTEX, 0, [1, 2]), a.dies([2, 5]), b.wait(MUTEX, ABANDONED, [6, 7]), b.release(MUTEX, 0, [8, 9]), c.wait(MUTEX, ABANDONED, [10, 11])] },
  { title: 'it is told though nobody died', holds: NEVER, operations: [a.wait(MUTEX, 0, [1, 2]), a.release(MUTEX, 0, [3, 4]), b.wait(MUTEX, ABANDONED, [5, 6])] },
  { title: 'the mutex stays owned for good', holds: NEVER, operations: [a.wait(MUTEX, 0, [1, 2]), a.dies([2, 5]), b.wait(MUTEX, TIMEOUT, [6, 7])] },
  { title: 'in a release that took place', holds: ALWAYS, operations: [a.wait(MUTEX, 0, [1, 2]), a.release(MUTEX, undefined, [3, 5]), b.wait(MUTEX, 0, [6, 7])] },
  { title: 'in a release that did not', holds: ALWAYS, operations: [a.wait(MUTEX, 0, [1, 2]), a.release(MUTEX, undefined, [3, 5]), b.wait(MUTEX, ABANDONED, [6, 7])] },
  { title: 'in a wait that took it', holds: ALWAYS, operations: [a.wait(MUTEX, undefined, [1, 5]), b.wait(MUTEX, ABANDONED, [6, 7])] },
  {
    title: 'in a wait that took both or none of two, and did', holds: ALWAYS,
    operations: [b.wait(SEMAPHORE, 0, [1, 2]), a.all([MUTEX, SEMAPHORE], undefined, [3, 5]), b.wait(SEMAPHORE, TIMEOUT, [6, 7]), b.wait(MUTEX, ABANDONED, [8, 9])],
  },
  {
    title: 'in a wait that took both or none of two, and left a part', holds: NEVER,
    operations: [b.wait(SEMAPHORE, 0, [1, 2]), a.all([MUTEX, SEMAPHORE], undefined, [3, 5]), b.wait(SEMAPHORE, 0, [6, 7]), b.wait(MUTEX, ABANDONED, [8, 9])],
  },
  { title: 'with permits, which nobody gives back', holds: ALWAYS, operations: [a.wait(SEMAPHORE, 0, [1, 2]), a.wait(SEMAPHORE, 0, [3, 4]), a.dies([4, 5]), b.wait(SEMAPHORE, TIMEOUT, [6, 7])] },
  { title: 'with permits, which somebody gives back', holds: NEVER, operations: [a.wait(SEMAPHORE, 0, [1, 2]), a.wait(SEMAPHORE, 0, [3, 4]), a.dies([4, 5]), b.wait(SEMAPHORE, 0, [6, 7])] },
];

const SEMAPHORES: readonly Row[] = [
  { title: 'more hold it than its maximum', holds: NEVER, operations: [a.wait(SEMAPHORE, 0, [1, 2]), b.wait(SEMAPHORE, 0, [1, 2]), c.wait(SEMAPHORE, 0, [1, 2])] },
  { title: 'a release gives the count before', holds: ALWAYS, operations: [a.wait(SEMAPHORE, 0, [1, 2]), b.release(SEMAPHORE, 1, [3, 4]), c.release(SEMAPHORE, TOO_MANY_POSTS, [5, 6])] },
  { title: 'a release gives another count', holds: NEVER, operations: [a.wait(SEMAPHORE, 0, [1, 2]), b.release(SEMAPHORE, 0, [3, 4])] },
  { title: 'a release goes above its maximum', holds: NEVER, operations: [a.wait(SEMAPHORE, 0, [1, 2]), b.release(SEMAPHORE, 1, [3, 4], 2)] },
  { title: 'a release is refused though there is room', holds: NEVER, operations: [a.wait(SEMAPHORE, 0, [1, 2]), b.release(SEMAPHORE, TOO_MANY_POSTS, [3, 4])] },
  {
    title: 'a release that was refused has given a part', holds: NEVER,
    operations: [a.wait(SEMAPHORE, 0, [1, 2]), b.release(SEMAPHORE, TOO_MANY_POSTS, [3, 4], 2), c.wait(SEMAPHORE, 0, [5, 6]), c.wait(SEMAPHORE, 0, [7, 8])],
  },
  { title: 'a permit is lost', holds: NEVER, operations: [a.wait(SEMAPHORE, 0, [1, 2]), a.release(SEMAPHORE, 1, [3, 4]), a.wait(SEMAPHORE, 0, [5, 6]), b.wait(SEMAPHORE, TIMEOUT, [7, 8])] },
];

const EVENTS: readonly Row[] = [
  { title: 'one set lets two waits through', holds: NEVER, operations: [a.set(AUTO, [1, 2]), b.wait(AUTO, 0, [3, 4]), c.wait(AUTO, 0, [3, 4])] },
  { title: 'two sets let one wait through, where nobody waited between', holds: ALWAYS, operations: [a.set(AUTO, [1, 2]), a.set(AUTO, [3, 4]), b.wait(AUTO, 0, [5, 6]), c.wait(AUTO, TIMEOUT, [7, 8])] },
  { title: 'a set is lost', holds: NEVER, operations: [a.set(AUTO, [1, 2]), b.wait(AUTO, TIMEOUT, [3, 4])] },
  { title: 'a set comes late for a wait that overlaps', holds: ALWAYS, operations: [a.set(AUTO, [1, 4]), b.wait(AUTO, TIMEOUT, [2, 3]), c.wait(AUTO, 0, [5, 6])] },
  { title: 'a wait takes what nobody has set', holds: NEVER, operations: [b.wait(AUTO, 0, [1, 2]), a.set(AUTO, [3, 4])] },
  { title: 'a reset takes it back', holds: ALWAYS, operations: [a.set(AUTO, [1, 2]), a.reset(AUTO, [3, 4]), b.wait(AUTO, TIMEOUT, [5, 6])] },
  { title: 'a reset does nothing', holds: NEVER, operations: [a.set(AUTO, [1, 2]), a.reset(AUTO, [3, 4]), b.wait(AUTO, 0, [5, 6])] },
  { title: 'of manual reset it stays set', holds: ALWAYS, operations: [a.set(MANUAL, [1, 2]), b.wait(MANUAL, 0, [3, 4]), c.wait(MANUAL, 0, [5, 6])] },
  { title: 'of manual reset a wait resets it', holds: NEVER, operations: [a.set(MANUAL, [1, 2]), b.wait(MANUAL, 0, [3, 4]), c.wait(MANUAL, TIMEOUT, [5, 6])] },
];

const WAITS: readonly Row[] = [
  { title: 'any takes the lowest that is signalled', holds: ALWAYS, operations: [a.any([AUTO, SEMAPHORE, MUTEX], 1, [1, 2])] },
  { title: 'any passes over one that is signalled', holds: NEVER, operations: [a.any([MUTEX, SEMAPHORE], 1, [1, 2])] },
  { title: 'any passes over one that is set after it was looked at', holds: STEPWISE, operations: [a.any([MANUAL, AUTO], 1, [1, 8]), b.set(MANUAL, [2, 3]), b.set(AUTO, [4, 5])] },
  { title: 'any takes more than one', holds: NEVER, operations: [a.any([MUTEX, SEMAPHORE], 0, [1, 2]), b.wait(SEMAPHORE, 0, [3, 4]), b.wait(SEMAPHORE, TIMEOUT, [5, 6])] },
  { title: 'any comes to nothing, though one was signalled all the time', holds: NEVER, operations: [a.any([AUTO, SEMAPHORE], TIMEOUT, [1, 2])] },
  {
    title: 'any comes to nothing, though at each instant one of two was signalled', holds: STEPWISE,
    operations: [b.set(MANUAL, [1, 2]), a.any([AUTO, MANUAL], TIMEOUT, [3, 10]), b.set(AUTO, [4, 5]), b.reset(MANUAL, [6, 7])],
  },
  { title: 'all takes all', holds: ALWAYS, operations: [a.all([MUTEX, SEMAPHORE], 0, [1, 2]), b.wait(MUTEX, TIMEOUT, [3, 4]), b.release(SEMAPHORE, 1, [5, 6])] },
  { title: 'all succeeds without one of them', holds: NEVER, operations: [a.all([MUTEX, AUTO], 0, [1, 2])] },
  { title: 'all takes a part', holds: NEVER, operations: [a.all([MUTEX, SEMAPHORE], 0, [1, 2]), b.wait(MUTEX, 0, [3, 4])] },
  { title: 'all comes to nothing, and has taken a part', holds: NEVER, operations: [a.all([MUTEX, AUTO], TIMEOUT, [1, 2]), b.wait(MUTEX, TIMEOUT, [3, 4])] },
  {
    title: 'all is seen half-way', holds: NEVER,
    operations: [a.all([MUTEX, SEMAPHORE], 0, [1, 10]), b.wait(MUTEX, TIMEOUT, [2, 3]), b.release(SEMAPHORE, TOO_MANY_POSTS, [4, 5])],
  },
  { title: 'all comes to nothing, though all were signalled', holds: NEVER, operations: [a.all([MUTEX, SEMAPHORE], TIMEOUT, [1, 2])] },
  { title: 'all tells of an abandonment', holds: ALWAYS, operations: [a.wait(MUTEX, 0, [1, 2]), a.dies([2, 3]), b.all([SEMAPHORE, MUTEX], ABANDONED, [4, 5])] },
  { title: 'all does not tell of an abandonment', holds: NEVER, operations: [a.wait(MUTEX, 0, [1, 2]), a.dies([2, 3]), b.all([SEMAPHORE, MUTEX], 0, [4, 5])] },
  { title: 'a wait gives an outcome that none has', holds: NEVER, operations: [a.any([MUTEX, SEMAPHORE], 2, [1, 2])] },
];

const SIGNALS: readonly Row[] = [
  { title: 'the event is set, and the semaphore taken', holds: ALWAYS, operations: [a.signalAndWait(AUTO, SEMAPHORE, 0, [1, 2]), b.wait(AUTO, 0, [3, 4]), b.release(SEMAPHORE, 1, [5, 6])] },
  { title: 'the signal is lost', holds: NEVER, operations: [a.signalAndWait(AUTO, SEMAPHORE, 0, [1, 2]), b.wait(AUTO, TIMEOUT, [3, 4])] },
  { title: 'the signal is given though the wait comes to nothing', holds: ALWAYS, operations: [a.signalAndWait(MANUAL, AUTO, TIMEOUT, [1, 2]), b.wait(MANUAL, 0, [3, 4])] },
  { title: 'the signal is lost where the wait comes to nothing', holds: NEVER, operations: [a.signalAndWait(MANUAL, AUTO, TIMEOUT, [1, 2]), b.wait(MANUAL, TIMEOUT, [3, 4])] },
  { title: 'the signal wakes who signals back', holds: ALWAYS, operations: [a.signalAndWait(MANUAL, AUTO, 0, [1, 8]), b.wait(MANUAL, 0, [2, 3]), b.set(AUTO, [4, 5])] },
  { title: 'the wait is over before the signal is given', holds: NEVER, operations: [a.signalAndWait(MANUAL, AUTO, 0, [1, 8]), b.wait(MANUAL, TIMEOUT, [4, 5]), b.set(AUTO, [6, 7]), b.reset(AUTO, [9, 10]), c.wait(MANUAL, TIMEOUT, [9, 10])] },
  { title: 'a mutex is released, and another may own it while the wait lasts', holds: ALWAYS, operations: [a.wait(MUTEX, 0, [1, 2]), a.signalAndWait(MUTEX, AUTO, TIMEOUT, [3, 8]), b.wait(MUTEX, 0, [4, 5])] },
  { title: 'a mutex of another is released', holds: NEVER, operations: [b.wait(MUTEX, 0, [1, 2]), a.signalAndWait(MUTEX, SEMAPHORE, 0, [3, 4])] },
  { title: 'a mutex of another is not released, and nothing is taken', holds: ALWAYS, operations: [b.wait(MUTEX, 0, [1, 2]), a.signalAndWait(MUTEX, SEMAPHORE, NOT_OWNER, [3, 4]), b.release(SEMAPHORE, TOO_MANY_POSTS, [5, 6])] },
  { title: 'a semaphore that is full takes no permit', holds: ALWAYS, operations: [a.signalAndWait(SEMAPHORE, MUTEX, TOO_MANY_POSTS, [1, 2]), b.wait(MUTEX, 0, [3, 4])] },
  { title: 'a semaphore that has room takes no permit', holds: NEVER, operations: [b.wait(SEMAPHORE, 0, [1, 2]), a.signalAndWait(SEMAPHORE, MUTEX, TOO_MANY_POSTS, [3, 4])] },
  { title: 'death comes between the signal and the wait', holds: ALWAYS, operations: [a.signalAndWait(AUTO, SEMAPHORE, undefined, [1, 5]), b.wait(AUTO, 0, [6, 7]), b.release(SEMAPHORE, TOO_MANY_POSTS, [8, 9])] },
  { title: 'death comes with the wait done and the signal not', holds: NEVER, operations: [a.signalAndWait(AUTO, SEMAPHORE, undefined, [1, 5]), b.wait(AUTO, TIMEOUT, [6, 7]), b.release(SEMAPHORE, 1, [8, 9])] },
];

const LOCKS: readonly Row[] = [
  { title: 'asynchronous code owns a mutex, and gives it back', holds: ALWAYS, operations: [a.awaits(MUTEX, 0, [1, 2]), b.wait(MUTEX, TIMEOUT, [3, 4]), a.releasesLock(0, [5, 6]), b.awaits(MUTEX, 0, [7, 8])] },
  { title: 'two codes own it', holds: NEVER, operations: [a.awaits(MUTEX, 0, [1, 2]), b.awaits(MUTEX, 0, [3, 4])] },
  { title: 'code and its own thread own it', holds: NEVER, operations: [a.awaits(MUTEX, 0, [1, 2]), a.wait(MUTEX, 0, [3, 4])] },
  { title: 'a thread and its own code own it', holds: NEVER, operations: [a.wait(MUTEX, 0, [1, 2]), a.awaits(MUTEX, 0, [3, 4])] },
  { title: 'a lock is recursive', holds: NEVER, operations: [a.awaits(MUTEX, 0, [1, 2]), a.awaits(MUTEX, 0, [3, 4])] },
  { title: 'code waits for its own lock in vain', holds: ALWAYS, operations: [a.awaits(MUTEX, 0, [1, 2]), a.awaits(MUTEX, TIMEOUT, [3, 4]), a.awaitsAll([SEMAPHORE, MUTEX], TIMEOUT, [5, 6]), a.awaitsAny([MUTEX, SEMAPHORE], 1, [7, 8])] },
  { title: 'the thread cannot release what its code owns', holds: ALWAYS, operations: [a.awaits(MUTEX, 0, [1, 2]), a.release(MUTEX, NOT_OWNER, [3, 4]), a.releasesLock(0, [5, 6])] },
  { title: 'the thread releases what its code owns', holds: NEVER, operations: [a.awaits(MUTEX, 0, [1, 2]), a.release(MUTEX, 0, [3, 4])] },
  { title: 'the thread is told that it would wait for its own code', holds: ALWAYS, operations: [a.awaits(MUTEX, 0, [1, 2]), a.wait(MUTEX, DEADLOCK, [3, 4]), a.all([MUTEX, SEMAPHORE], DEADLOCK, [5, 6]), a.signalAndWait(AUTO, MUTEX, DEADLOCK, [7, 8]), b.wait(AUTO, TIMEOUT, [9, 10])] },
  { title: 'the thread is told that it would wait for its own code, where it has a choice', holds: NEVER, operations: [a.awaits(MUTEX, 0, [1, 2]), a.any([MUTEX, AUTO], DEADLOCK, [3, 4])] },
  { title: 'the thread is told so where another owns it', holds: NEVER, operations: [b.awaits(MUTEX, 0, [1, 2]), a.wait(MUTEX, DEADLOCK, [3, 4])] },
  { title: 'an abort takes nothing', holds: ALWAYS, operations: [b.wait(SEMAPHORE, 0, [1, 2]), b.wait(SEMAPHORE, 0, [3, 4]), a.aborts(SEMAPHORE, ABORTED, [5, 6]), b.release(SEMAPHORE, 0, [7, 8])] },
  { title: 'an abort takes a permit', holds: NEVER, operations: [b.wait(SEMAPHORE, 0, [1, 2]), b.wait(SEMAPHORE, 0, [3, 4]), a.aborts(SEMAPHORE, ABORTED, [5, 9]), b.release(SEMAPHORE, 0, [6, 7]), b.wait(SEMAPHORE, TIMEOUT, [10, 11])] },
  { title: 'an abort takes a signal, which is lost', holds: NEVER, operations: [a.aborts(AUTO, ABORTED, [1, 5]), b.set(AUTO, [2, 3]), b.wait(AUTO, TIMEOUT, [6, 7])] },
  { title: 'a wait is won before the abort', holds: ALWAYS, operations: [a.aborts(AUTO, 0, [1, 5]), b.set(AUTO, [2, 3]), b.wait(AUTO, TIMEOUT, [6, 7])] },
  { title: 'a wait is aborted for what was there all the time', holds: NEVER, operations: [a.aborts(SEMAPHORE, ABORTED, [1, 2])] },
  { title: 'a wait is aborted that nothing can abort', holds: NEVER, operations: [a.wait(AUTO, ABORTED, [1, 2])] },
  { title: 'death leaves a lock abandoned', holds: ALWAYS, operations: [a.awaits(MUTEX, 0, [1, 2]), a.dies([2, 5]), b.awaits(MUTEX, ABANDONED, [6, 7])] },
  { title: 'death in an asynchronous wait that took it', holds: ALWAYS, operations: [a.awaits(MUTEX, undefined, [1, 5]), b.wait(MUTEX, ABANDONED, [6, 7])] },
  { title: 'all, asynchronously, takes a part', holds: NEVER, operations: [a.awaitsAll([MUTEX, SEMAPHORE], 0, [1, 2]), b.wait(MUTEX, 0, [3, 4])] },
];

const RESERVATIONS: readonly Row[] = [
  {
    title: 'a signal is kept for who has waited for more than a millisecond', holds: STEPWISE,
    operations: [a.waitsLong([AUTO, MANUAL], 1, [0, LATER + 100]), b.set(AUTO, [LATER, LATER + 10]), c.wait(AUTO, TIMEOUT, [LATER + 20, LATER + 30]), b.set(MANUAL, [LATER + 40, LATER + 50])],
  },
  {
    title: 'a signal is kept for who has not waited so long', holds: NEVER,
    operations: [a.waitsLong([AUTO, MANUAL], 1, [0, LATER]), b.set(AUTO, [0, 10]), c.wait(AUTO, TIMEOUT, [20, 30]), b.set(MANUAL, [40, 50])],
  },
  {
    title: 'a signal is kept for who waits for something else', holds: NEVER,
    operations: [a.waitsLong([MANUAL], TIMEOUT, [0, LATER + 100]), b.set(AUTO, [LATER, LATER + 10]), c.wait(AUTO, TIMEOUT, [LATER + 20, LATER + 30])],
  },
  {
    title: 'a mutex is kept for who has waited for more than a millisecond, and its owner does not get it again', holds: NEVER,
    operations: [b.wait(MUTEX, 0, [0, 10]), a.waitsLong([MUTEX], TIMEOUT, [20, LATER + 100]), b.wait(MUTEX, TIMEOUT, [LATER, LATER + 10])],
  },
];

describe.each([
  { subject: 'a mutex', rows: MUTEXES },
  { subject: 'a death', rows: DEATHS },
  { subject: 'a semaphore', rows: SEMAPHORES },
  { subject: 'an event', rows: EVENTS },
  { subject: 'a wait', rows: WAITS },
  { subject: 'a signal with a wait', rows: SIGNALS },
  { subject: 'a lock', rows: LOCKS },
  { subject: 'a reservation', rows: RESERVATIONS },
])('$subject:', ({ rows }) => {
  test.each(rows)('$title', ({ operations, holds }) => {
    for (const strictness of ALWAYS) {
      const windows = new Windows({ objects: OBJECTS, joint: OBJECTS.length, contenders: 3, strictness });
      expect({ strictness, holds: windows.check(operations) === undefined }).toEqual({ strictness, holds: holds.includes(strictness) });
    }
  });
});

test('what cannot be decided is said, and everything is possible after it', () => {
  const contenders = 30;
  const windows = new Windows({ objects: OBJECTS, joint: OBJECTS.length, contenders, strictness: 'atomic' });
  const crowd = Array.from({ length: contenders }, (_, index) => new Contender(index));
  expect(windows.check(crowd.map((each, index) => index % 2 === 0 ? each.set(AUTO, [1, 9]) : each.reset(AUTO, [1, 9])))).toBeUndefined();
  expect(windows.undecided).toBe(1);
  expect(windows.check([a.wait(AUTO, 0, [10, 11])])).toBeUndefined();
  expect(windows.check([a.wait(AUTO, 0, [12, 13])])).toBeDefined();
});
