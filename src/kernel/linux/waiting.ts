import { INFINITE, WAIT_ABANDONED_0, WAIT_FAILED, WAIT_INTERRUPTED, WAIT_OBJECT_0, WAIT_TIMEOUT } from '../status.js';
import { now } from './clock.js';
import { HEADER, MARKING, TAKING } from './layout.js';
import type { SharedObject } from './shared-object.js';
import { sleepOn } from './sleep.js';
import type { Space } from './space.js';

/** A waiter that was woken in vain is patient for so long, in ms; then it asks for its turn. */
const PATIENCE = 1;

/** The time of a wait. It is asked for only where somebody has set a limit, or waits in vain: it costs as much as a system call. */
class Clock {
  readonly deadline: number;
  time = 0;
  #begin = 0;

  constructor(timeout: number) {
    if (timeout > 0) this.time = this.#begin = now();
    this.deadline = timeout === INFINITE ? Infinity : timeout === 0 ? -Infinity : this.time + timeout;
  }

  get isOver(): boolean {
    if (Math.abs(this.deadline) === Infinity) return this.deadline < 0;
    this.time = now();
    return this.time >= this.deadline;
  }

  /** For how long, in ms, since the start or since this was asked first. */
  get running(): number {
    const time = now();
    if (this.#begin === 0) this.#begin = time;
    return time - this.#begin;
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
  let vain = 0;
  let reserved = false;
  for (;;) {
    sleepIfNone(objects, clock);
    status = takeAny(objects);
    if (status !== WAIT_TIMEOUT || clock.isOver) break;
    if (++vain > 1 && !reserved && clock.running > PATIENCE) {
      for (const object of objects) object.reserve();
      reserved = true;
    }
  }
  for (const object of objects) {
    object.passOn();
    // Also of those that it did not take.
    if (reserved) object.unreserve();
  }
  return status;
}

function takeAny(objects: readonly SharedObject[]): number {
  for (let index = 0; index < objects.length; index++) {
    const status = objects[index]?.tryTake() ?? WAIT_FAILED;
    if (status === WAIT_FAILED) return WAIT_FAILED;
    if (status !== WAIT_TIMEOUT) return status + index;
  }
  return WAIT_TIMEOUT;
}

/** Sleeps, unless one of them is signalled by now. */
function sleepIfNone(objects: readonly SharedObject[], clock: Clock): void {
  for (const object of objects) if (!object.arm()) return;
  const [first] = objects;
  if (first !== undefined) sleepOn(first.space.system, objects, clock.deadline, clock.time);
}

/**
 * Waits for all of the objects at once, and takes them together.
 *
 * Two steps, under the namespace mutex: *mark* each, so that nobody else can take or change it; then, if all could be marked, take each. Nobody sees a part of it: a marked object looks busy, and
 * those who find one wait until it is decided. WAIT_ALL says whether a wait-all that died on the way is to be undone or completed: see `repair.ts`.
 *
 * @param space - What they are of; `undefined` if all are processes.
 * @param interruption - Ends the wait when it is signalled, and is taken.
 */
export function waitForAll(objects: readonly SharedObject[], space: Space | undefined, timeout: number, interruption?: SharedObject): number {
  const clock = new Clock(timeout);
  for (;;) {
    if (interruption?.tryTake() === WAIT_OBJECT_0) return WAIT_INTERRUPTED;
    const missing = objects.find(object => !object.signalled) ?? takeAll(objects, space);
    if (typeof missing === 'number') return missing;
    if (clock.isOver) return WAIT_TIMEOUT;
    sleepIfNone(interruption === undefined ? [missing] : [interruption, missing], clock);
    missing.passOn();
  }
}

/** All objects of one wait are of one space: the mark of a wait-all is one word. Gives a status, or an object that is not signalled. */
function takeAll(objects: readonly SharedObject[], space: Space | undefined): number | SharedObject {
  // Processes alone are signalled for ever, and need no marks.
  if (space === undefined) return WAIT_OBJECT_0;
  return space.locked(() => {
    Atomics.store(space.words, HEADER.WAIT_ALL, MARKING);
    const missing = objects.find(object => !object.mark());
    if (missing !== undefined) {
      for (const object of objects) {
        // That one too: a mark that it has is nobody's, but memory that was overwritten.
        object.unmark();
        if (object === missing) break;
      }
      Atomics.store(space.words, HEADER.WAIT_ALL, 0);
      return missing;
    }
    Atomics.store(space.words, HEADER.WAIT_ALL, TAKING);
    let abandoned = false;
    for (const object of objects) abandoned = object.commit() || abandoned;
    Atomics.store(space.words, HEADER.WAIT_ALL, 0);
    return abandoned ? WAIT_ABANDONED_0 : WAIT_OBJECT_0;
  });
}

/** Waits until the thread whose handles these are could take one of them; takes none. */
export function watchForAny(objects: readonly SharedObject[], timeout: number): number {
  const clock = new Clock(timeout);
  for (;;) {
    for (let index = 0; index < objects.length; index++) if (objects[index]?.signalled === true) return WAIT_OBJECT_0 + index;
    if (clock.isOver) return WAIT_TIMEOUT;
    sleepIfNone(objects, clock);
    for (const object of objects) object.passOn();
  }
}

/** The same for all of them at once. */
export function watchForAll(objects: readonly SharedObject[], timeout: number, interruption: SharedObject): number {
  const clock = new Clock(timeout);
  for (;;) {
    if (interruption.tryTake() === WAIT_OBJECT_0) return WAIT_INTERRUPTED;
    const missing = objects.find(object => !object.signalled);
    if (missing === undefined) return WAIT_OBJECT_0;
    if (clock.isOver) return WAIT_TIMEOUT;
    sleepIfNone([interruption, missing], clock);
    missing.passOn();
  }
}

/** Whether one wait for all can take them: they are of one space. Processes, which belong to none, go with any. */
export function spacesOf(objects: readonly SharedObject[]): Set<Space> {
  return new Set(objects.filter(object => object.descriptor < 0).map(({ space }) => space));
}
