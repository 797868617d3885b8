import { INFINITE, WAIT_ABANDONED_0, WAIT_FAILED, WAIT_INTERRUPTED, WAIT_OBJECT_0, WAIT_TIMEOUT } from '../status.js';
import { now } from './clock.js';
import { HEADER } from './layout.js';
import type { SharedObject } from './shared-object.js';
import { sleepOn } from './sleep.js';
import type { Space } from './space.js';

/** A waiter that was woken in vain is patient for so long, in ms; then it asks for its turn. */
const PATIENCE = 1;

function deadlineOf(timeout: number): number {
  return timeout === INFINITE ? Infinity : now() + timeout;
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
  if (status !== WAIT_TIMEOUT || timeout === 0) return status;
  const begin = now();
  const deadline = timeout === INFINITE ? Infinity : begin + timeout;
  const [first] = objects;
  if (first === undefined) return WAIT_FAILED;
  if (objects.length === 1) first.spin();

  let slept = false;
  let reserved = false;
  for (;;) {
    status = takeAny(objects);
    if (status !== WAIT_TIMEOUT) break;
    const time = now();
    if (time >= deadline) break;
    if (slept && !reserved && time - begin > PATIENCE && timeout !== 0) {
      for (const object of objects) object.reserve();
      reserved = true;
      continue;
    }
    slept = sleepIfNone(objects, deadline) || slept;
  }
  if (slept) for (const object of objects) object.passOn();
  // Also of those that it did not take.
  if (reserved) for (const object of objects) object.unreserve();
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
function sleepIfNone(objects: readonly SharedObject[], deadline: number): boolean {
  for (const object of objects) if (!object.arm()) return false;
  const [first] = objects;
  if (first !== undefined) sleepOn(first.space.system, objects, deadline);
  return true;
}

/**
 * Waits for all of the objects at once, and takes them together.
 *
 * Two steps, under the namespace mutex: *mark* each, so that nobody else can take or change it; then, if all could be marked, take each. Nobody sees a part of it: a marked object looks busy, and
 * those who find one wait until it is decided. COMMITTING says whether a wait-all that died on the way is to be undone or completed: see `repair.ts`.
 *
 * @param interruption - Ends the wait when it is signalled, and is taken.
 */
export function waitForAll(objects: readonly SharedObject[], timeout: number, interruption?: SharedObject): number {
  const deadline = deadlineOf(timeout);
  for (;;) {
    if (interruption?.tryTake() === WAIT_OBJECT_0) return WAIT_INTERRUPTED;
    const missing = objects.find(object => !object.signalled) ?? takeAll(objects);
    if (typeof missing === 'number') return missing;
    if (timeout === 0 || now() >= deadline) return WAIT_TIMEOUT;
    if (sleepIfNone(interruption === undefined ? [missing] : [interruption, missing], deadline)) missing.passOn();
  }
}

/** All objects of one wait are of one space: the mark of a wait-all is one word. Gives a status, or an object that is not signalled. */
function takeAll(objects: readonly SharedObject[]): number | SharedObject {
  const [first] = objects;
  if (first === undefined) return WAIT_FAILED;
  const { space } = first;
  return space.locked(() => {
    const missing = objects.find(object => !object.mark());
    if (missing !== undefined) {
      for (const object of objects) {
        // That one too: a mark that it has is nobody's, but memory that was overwritten.
        object.unmark();
        if (object === missing) break;
      }
      return missing;
    }
    Atomics.store(space.words, HEADER.COMMITTING, 1);
    let abandoned = false;
    for (const object of objects) abandoned = object.commit() || abandoned;
    Atomics.store(space.words, HEADER.COMMITTING, 0);
    return abandoned ? WAIT_ABANDONED_0 : WAIT_OBJECT_0;
  });
}

/** Waits until the thread whose handles these are could take one of them; takes none. */
export function watchForAny(objects: readonly SharedObject[], timeout: number): number {
  const deadline = deadlineOf(timeout);
  for (;;) {
    for (let index = 0; index < objects.length; index++) if (objects[index]?.signalled === true) return WAIT_OBJECT_0 + index;
    if (now() >= deadline) return WAIT_TIMEOUT;
    if (sleepIfNone(objects, deadline)) for (const object of objects) object.passOn();
  }
}

/** The same for all of them at once. */
export function watchForAll(objects: readonly SharedObject[], timeout: number, interruption: SharedObject): number {
  const deadline = deadlineOf(timeout);
  for (;;) {
    if (interruption.tryTake() === WAIT_OBJECT_0) return WAIT_INTERRUPTED;
    const missing = objects.find(object => !object.signalled);
    if (missing === undefined) return WAIT_OBJECT_0;
    if (now() >= deadline) return WAIT_TIMEOUT;
    if (sleepIfNone([interruption, missing], deadline)) missing.passOn();
  }
}

/** Whether one wait for all can take them: they are of one space. Processes, which belong to none, go with any. */
export function spacesOf(objects: readonly SharedObject[]): Set<Space> {
  return new Set(objects.filter(object => object.descriptor < 0).map(({ space }) => space));
}
