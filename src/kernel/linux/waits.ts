import { INFINITE, WAIT_ABANDONED_0, WAIT_FAILED, WAIT_INTERRUPTED, WAIT_OBJECT_0, WAIT_TIMEOUT } from '../status.js';
import { now } from './system/clock.js';
import { HEADER, MARKING, TAKING } from './file/layout.js';
import type { SharedObject } from './objects/shared-object.js';
import { sleepOn } from './sleep/sleep.js';
import { STANDSTILL } from './sleep/standstill.js';
import type { Namespace } from './file/view.js';

/** A waiter is patient for so long, in ms; if it is passed by after that, it asks for its turn. */
const PATIENCE = 1;

/** So long, in ms, a watch waits for a section to pass before it looks again whether it is still wanted. */
const LONGEST_PASS = 250;

/** Of who watches, in ms: between two calls for one wait there is less. */
const LONGEST_PAUSE = 500;

/** The time of a wait that has to sleep. To ask for it costs as much as a system call. */
class Clock {
  readonly begin = now();
  readonly deadline: number;
  /** When this was asked for last. */
  time = this.begin;

  constructor(timeout: number) {
    this.deadline = timeout === INFINITE ? Infinity : this.begin + timeout;
  }

  /** Asks for the time. */
  get isOver(): boolean {
    this.time = now();
    return this.time >= this.deadline;
  }
}

/** Waits for one object, and takes it. */
export function waitForOne(object: SharedObject, timeout: number): number {
  const status = object.tryTake();
  if (status !== WAIT_TIMEOUT || timeout === 0) return status;
  return waitForAny([object], timeout);
}

/** Waits for any of the objects, and takes the first that is signalled. */
export function waitForAny(objects: readonly SharedObject[], timeout: number): number {
  let status = takeAny(objects);
  const [first] = objects;
  if (status !== WAIT_TIMEOUT || timeout === 0 || first === undefined) return status;
  if (objects.length === 1) first.spin();
  const clock = new Clock(timeout);
  let asked = false;
  try {
    for (;;) {
      sleepIfNone(objects, clock.deadline, clock.time);
      status = takeAny(objects);
      checkTaken(objects, status);
      // Of those that it did not take. In vain too: who is kept for whom may have changed since that one was woken.
      for (const object of objects) object.passOn();
      if (status !== WAIT_TIMEOUT || clock.isOver) break;
      if (clock.time - clock.begin > PATIENCE) asked = askForTurn(objects, clock.begin) || asked;
    }
  } finally {
    // Where it fails as well: others would wait until its turn is overdue.
    if (asked) for (const object of objects) object.unreserve();
  }
  if (!asked || status !== WAIT_TIMEOUT) return status;
  // A signal that was kept for this wait has been refused to others, who are to be right about that.
  status = takeAny(objects);
  checkTaken(objects, status);
  return status;
}

/** Has those kept for this waiter that have been signalled, and that it did not get. */
function askForTurn(objects: readonly SharedObject[], since: number): boolean {
  let asked = false;
  for (const object of objects) {
    if (!object.stirred) continue;
    object.reserve(since);
    asked = true;
  }
  return asked;
}

function takeAny(objects: readonly SharedObject[]): number {
  for (let index = 0; index < objects.length; index++) {
    const status = objects[index]?.tryTake() ?? WAIT_FAILED;
    if (status === WAIT_FAILED) return WAIT_FAILED;
    if (status !== WAIT_TIMEOUT) return status + index;
  }
  return WAIT_TIMEOUT;
}

/**
 * To look whether an object is there and to take it are two steps, between which its place may have become another's.
 *
 * @throws FileFailure; then nothing is taken.
 */
function checkTaken(objects: readonly SharedObject[], status: number): void {
  if (status === WAIT_TIMEOUT || status === WAIT_FAILED) return;
  const abandoned = status >= WAIT_ABANDONED_0;
  const taken = objects[status - (abandoned ? WAIT_ABANDONED_0 : WAIT_OBJECT_0)];
  try {
    taken?.checkThere();
  } catch (error) {
    taken?.giveBack(abandoned);
    throw error;
  }
}

/** Sleeps, unless one of them is signalled by now. */
function sleepIfNone(objects: readonly SharedObject[], deadline: number, time: number): void {
  const [first] = objects;
  // What a section that was cut has left would be stuck for as long as this thread sleeps.
  first?.session.thread.cutSections.mend();
  if (first !== undefined && objects.every(object => object.arm(time))) sleepOn(first.session.system, objects, deadline, time);
  for (const object of objects) object.checkThere();
}

/**
 * Waits for all of the objects at once, and takes them together.
 *
 * Two steps, under the namespace mutex: *mark* each, so that nobody else can take or change it; then, if all could be marked, take each. Nobody sees a part of it: a marked object looks busy, and
 * those who find one wait until it is decided. WAIT_ALL says whether a wait-all that died on the way is to be undone or completed: see `repair.ts`.
 *
 * @param session - What they are of; `undefined` if all are processes.
 * @param interruption - Ends the wait when it is signalled, and is taken.
 */
export function waitForAll(objects: readonly SharedObject[], session: Namespace | undefined, timeout: number, interruption?: SharedObject): number {
  let turns: TurnsOfAll | undefined;
  try {
    for (;;) {
      if (interruption?.tryTake() === WAIT_OBJECT_0) return WAIT_INTERRUPTED;
      const missing = objects.find(object => !object.signalled) ?? takeAll(objects, session, turns?.left ?? Math.max(timeout === INFINITE ? Infinity : timeout, STANDSTILL));
      if (typeof missing === 'number') return missing;
      if (timeout === 0) {
        missing.polled();
        return WAIT_TIMEOUT;
      }
      turns ??= new TurnsOfAll(objects, new Clock(timeout));
      if (!turns.sleepFor(missing, interruption)) return WAIT_TIMEOUT;
    }
  } finally {
    turns?.giveUp();
  }
}

/**
 * How a wait for all sleeps, and comes to its turn behind those who take what it needs again and again.
 *
 * It holds nothing while it waits. So it asks for the turn of one object, when that is all that it lacks, and gives it up as soon as it lacks another one: to keep one free while it waits for another would
 * keep it from the other one's owner, who may need both.
 */
class TurnsOfAll {
  readonly #objects: readonly SharedObject[];
  readonly #clock: Clock;
  #asked: SharedObject | undefined;

  constructor(objects: readonly SharedObject[], clock: Clock) {
    this.#objects = objects;
    this.#clock = clock;
  }

  get isOver(): boolean {
    return this.#clock.isOver;
  }

  /** In ms. */
  get left(): number {
    return this.#clock.deadline - now();
  }

  /** False when the time of the wait is over. */
  sleepFor(missing: SharedObject, interruption: SharedObject | undefined): boolean {
    const clock = this.#clock;
    if (this.#asked !== missing) this.giveUp();
    if (clock.isOver) return false;
    sleepIfNone(interruption === undefined ? [missing] : [interruption, missing], clock.deadline, clock.time);
    missing.passOn();
    if (missing.stirred && now() - clock.begin > PATIENCE && this.#lacksOnly(missing)) {
      missing.reserve(clock.begin);
      this.#asked = missing;
    }
    return true;
  }

  #lacksOnly(missing: SharedObject): boolean {
    return !missing.signalled && this.#objects.every(object => object === missing || object.signalled);
  }

  giveUp(): void {
    this.#asked?.unreserve();
    this.#asked = undefined;
  }
}

/**
 * All objects of one wait are of one session: the mark of a wait-all is one word. Gives a status, or an object that is not signalled.
 *
 * @param patience - How long, in ms, it may wait for the namespace mutex.
 */
function takeAll(objects: readonly SharedObject[], session: Namespace | undefined, patience: number): number | SharedObject {
  // Processes alone are signalled for ever, and need no marks.
  if (session === undefined) return WAIT_OBJECT_0;
  return session.lockedWithin(patience, (): number | SharedObject => {
    // Under the namespace mutex alone can an object be freed: what is there now is so until it is taken.
    for (const object of objects) object.checkThere();
    Atomics.store(session.words, HEADER.WAIT_ALL, MARKING);
    const missing = objects.find(object => !object.mark());
    if (missing !== undefined) {
      for (const object of objects) {
        // That one too: a mark that it has is nobody's, but memory that was overwritten.
        object.unmark();
        if (object === missing) break;
      }
      Atomics.store(session.words, HEADER.WAIT_ALL, 0);
      return missing;
    }
    Atomics.store(session.words, HEADER.WAIT_ALL, TAKING);
    let abandoned = false;
    for (const object of objects) abandoned = object.commit() || abandoned;
    Atomics.store(session.words, HEADER.WAIT_ALL, 0);
    return abandoned ? WAIT_ABANDONED_0 : WAIT_OBJECT_0;
  }) ?? WAIT_TIMEOUT;
}

/**
 * Waits until the thread whose handles these are could take one of them; takes none.
 *
 * It asks for turns too, for that thread, and leaves them to it. It is called again and again for one wait, for so long a time or so many objects as it may be: what an object remembers lasts over calls.
 */
export function watchForAny(objects: readonly SharedObject[], timeout: number, isWanted = always): number {
  const clock = new Clock(timeout);
  for (const object of objects) {
    // Who asks again, of each by itself, which of many has failed, is to be told.
    object.checkThere();
    beginToWatch(object, clock.time);
  }
  for (;;) {
    for (let index = 0; index < objects.length; index++) {
      const object = objects[index];
      if (object?.takeable !== true) continue;
      object.watchedLast = 0;
      return WAIT_OBJECT_0 + index;
    }
    // Asked for at the beginning, and after each sleep.
    if (clock.time >= clock.deadline) return WAIT_TIMEOUT;
    sleepIfNone(objects, clock.deadline, clock.time);
    clock.time = now();
    for (const object of objects) {
      object.passOn();
      if (clock.time - object.watchedSince <= PATIENCE || !object.stirred || object.signalled || !isWanted()) continue;
      object.reserve(object.watchedSince);
      // Whoever cancels the wait gives up its turn, which may have been just before.
      if (!isWanted()) object.unreserve();
    }
  }
}

const always = (): boolean => true;

/** Whoever has not watched it for longer than a sleep can take begins anew. */
function beginToWatch(object: SharedObject, time: number): void {
  if (time - object.watchedLast > LONGEST_PAUSE) object.watchedSince = time;
  object.watchedLast = time;
}

/** The same for all of them at once. */
export function watchForAll(objects: readonly SharedObject[], timeout: number, interruption: SharedObject): number {
  const turns = new TurnsOfAll(objects, new Clock(timeout));
  const [session] = sessionsOf(objects);
  for (;;) {
    if (interruption.tryTake() === WAIT_OBJECT_0) return WAIT_INTERRUPTED;
    const missing = objects.find(object => !object.takeable);
    // The take needs a section. While none can begin, its thread is not told to try.
    if (missing === undefined && (session === undefined || session.passesWithin(LONGEST_PASS))) return WAIT_OBJECT_0;
    if (missing === undefined) {
      if (turns.isOver) return WAIT_TIMEOUT;
      continue;
    }
    // What was asked for is left to the thread for which this one watches.
    if (!turns.sleepFor(missing, interruption)) return WAIT_TIMEOUT;
  }
}

/** Whether one wait for all can take them: they are of one session. Processes, which belong to none, go with any. */
export function sessionsOf(objects: readonly SharedObject[]): Set<Namespace> {
  return new Set(objects.filter(object => object.descriptor < 0).map(({ session }) => session));
}
