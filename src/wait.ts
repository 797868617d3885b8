import { checkTimeout, rangeError, typeError, valueError } from './arguments.js';
import { waitAsync } from './async/wait-async.js';
import type { WaitOptions } from './contract.js';
import { ownCopy } from './copies.js';
import { Event } from './event.js';
import type { Handle } from './kernel/kernel.js';
import { kernel } from './kernel/select.js';
import { INFINITE } from './kernel/status.js';
import { Mutex } from './mutex.js';
import { Semaphore } from './semaphore.js';
import { claimedByTokens, deadlock, noteAllTaken, noteNotReleased, noteRelease, noteReleased, noteTaken, ownedByToken, refuseReleaseForToken } from './sync-ownership.js';
import { asyncResult, checkWaitable, identityOf, openHandleOf, targetOf, TIMED_OUT, waitResult, type Waitable, type WaitResult } from './waitable.js';

/**
 * Waits until one of the objects is signalled, and takes exactly that one: the first in order, if several are. Without blocking: the event loop goes on.
 *
 * What it takes of a mutex or a semaphore is in `locks` of the result. It may wait for any number of objects. On Windows, from 64 on several threads wait, and if two of them take an object
 * at the same instant, the second is given back; the signal of an auto-reset timer cannot be, and is lost then.
 *
 * @param objects - Open objects, of any kinds, at least one.
 * @throws (rejects with) the reason of an aborted signal; ClosedError, DeadlockError, AccessDeniedError, RangeError, TypeError.
 */
export async function waitAny(objects: readonly Waitable[], options?: WaitOptions): Promise<WaitResult> {
  if (checkObjects(objects, Infinity) === undefined) return asGiven(objects, await waitAny(objects.map(ownCopy), options));
  return await waitAsync(objects.map(targetOf), false, options, asyncResult);
}

/**
 * Waits until all of the objects are signalled at the same time, and takes them together: while it waits it holds none of them. Without blocking: the event loop goes on.
 *
 * @param objects - From 1 to 64 (on Linux 128) open objects, of any kinds, each of them once. The locks in the result are in their order; all of a mutex say `abandoned` if one was.
 * @throws (rejects with) the reason of an aborted signal; ClosedError, DeadlockError, AccessDeniedError, RangeError, TypeError.
 */
export async function waitAll(objects: readonly Waitable[], options?: WaitOptions): Promise<WaitResult> {
  if (checkObjects(objects, kernel.maximumWaitObjects) === undefined) return await waitAll(objects.map(ownCopy), options);
  refuseDuplicates(objects);
  return await waitAsync(objects.map(targetOf), true, options, asyncResult);
}

/**
 * Waits until one of the objects is signalled, and takes exactly that one: the first in order, if several are. Blocks the thread meanwhile.
 *
 * @param objects - From 1 to 64 (on Linux 128) open objects, of any kinds.
 * @param timeout - As for `waitSync`.
 * @throws RangeError, TypeError, ClosedError, AccessDeniedError; DeadlockError, as `Mutex.waitSync`, if all of them are such mutexes. Nothing is taken then.
 * @see {@link https://learn.microsoft.com/windows/win32/api/synchapi/nf-synchapi-waitformultipleobjects | WaitForMultipleObjects}
 */
export function waitAnySync(objects: readonly Waitable[], timeout?: number): WaitResult {
  const found = checkObjects(objects, kernel.maximumWaitObjects);
  if (found === undefined) return asGiven(objects, waitAnySync(objects.map(ownCopy), timeout));
  const { handles, mutexes } = found;
  const checked = checkTimeout(timeout);
  if (mutexes.some(ownedByToken)) return waitAnyButOwned(objects, checked);
  const blocking = checked !== 0 && !(mutexes.length === objects.length && mutexes.every(claimedByTokens));
  const result = waitResult(kernel.waitMany(handles, false, blocking ? checked : 0), objects, false, first(objects));
  if (result.status === 'timeout' && checked !== 0 && !blocking) throw deadlock(first(objects));
  return result.object !== undefined && noteTaken(result.object) ? { ...result, status: 'abandoned' } : result;
}

/** The kernel would let this thread take a mutex again that a token of the thread owns: such a one is left out. */
function waitAnyButOwned(objects: readonly Waitable[], timeout: number): WaitResult {
  const others = objects.filter(object => !ownedByToken(object));
  if (others.length === 0) {
    if (timeout !== 0) throw deadlock(first(objects));
    return TIMED_OUT;
  }
  const result = waitAnySync(others, timeout === INFINITE ? undefined : timeout);
  const { object } = result;
  return object === undefined ? result : { ...result, index: objects.indexOf(object) };
}

/**
 * Waits until all of the objects are signalled at the same time, and takes them together: while it waits it holds none of them. Blocks the thread meanwhile.
 *
 * The result is `'abandoned'` if any of them is a mutex whose last owner died.
 *
 * @param objects - From 1 to 64 (on Linux 128) open objects, of any kinds, each of them once.
 * @param timeout - As for `waitSync`.
 * @throws RangeError, TypeError (also for the same object twice, even through two handles), ClosedError, AccessDeniedError; DeadlockError, as `Mutex.waitSync`,
 * if one of them is such a mutex. Nothing is taken then.
 * @see {@link https://learn.microsoft.com/windows/win32/api/synchapi/nf-synchapi-waitformultipleobjects | WaitForMultipleObjects}
 */
export function waitAllSync(objects: readonly Waitable[], timeout?: number): WaitResult {
  const found = checkObjects(objects, kernel.maximumWaitObjects);
  if (found === undefined) return waitAllSync(objects.map(ownCopy), timeout);
  const { handles, mutexes } = found;
  refuseDuplicates(objects);
  const checked = checkTimeout(timeout);
  if (mutexes.some(ownedByToken)) {
    if (checked !== 0) throw deadlock(first(mutexes));
    return TIMED_OUT;
  }
  const claimed = mutexes.find(claimedByTokens);
  const result = waitResult(kernel.waitMany(handles, true, claimed === undefined ? checked : 0), objects, true, first(objects));
  if (result.status === 'timeout') {
    if (claimed !== undefined && checked !== 0) throw deadlock(claimed);
    return result;
  }
  return noteAllTaken(objects) ? { ...result, status: 'abandoned' } : result;
}

/**
 * Signals one object (releases a mutex, gives one permit to a semaphore, sets an event) and waits for another, by one call of the
 * system. Blocks the thread meanwhile.
 *
 * Others may see the signal a moment before this thread waits: Windows does not promise one step, and a pulse of `toWaitFor` by them
 * could pass in between. What stays signalled until it is taken is not lost.
 *
 * @param timeout - As for `waitSync`, for the wait alone: the signal is given at once.
 * @throws NotOwnerError, LimitExceededError, AccessDeniedError, ClosedError, RangeError, TypeError; DeadlockError, as `Mutex.waitSync`. Nothing is signalled then.
 * @see {@link https://learn.microsoft.com/windows/win32/api/synchapi/nf-synchapi-signalobjectandwait | SignalObjectAndWait}
 */
export function signalAndWaitSync(toSignal: Mutex | Semaphore | Event, toWaitFor: Waitable, timeout?: number): WaitResult {
  const [signalled, awaited] = [ownCopy(toSignal), ownCopy(toWaitFor)];
  if (signalled !== toSignal || awaited !== toWaitFor) return asGiven([toWaitFor], signalAndWaitSync(signalled as typeof toSignal, awaited, timeout));
  checkWaitable(toSignal, 'toSignal');
  if (!(toSignal instanceof Mutex || toSignal instanceof Semaphore || toSignal instanceof Event)) {
    throw typeError('toSignal', 'a Mutex, Semaphore or Event', toSignal);
  }
  checkWaitable(toWaitFor, 'toWaitFor');
  const checked = checkTimeout(timeout);
  refuseReleaseForToken(toSignal);
  if (claimedByTokens(toWaitFor) && checked !== 0 || ownedByToken(toWaitFor)) throw deadlock(toWaitFor);
  noteRelease(toSignal);
  const result = signalAndWait(toSignal, toWaitFor, checked);
  noteReleased(toSignal);
  return result.status !== 'timeout' && noteTaken(toWaitFor) ? { ...result, status: 'abandoned' } : result;
}

function signalAndWait(toSignal: Waitable, toWaitFor: Waitable, timeout: number): WaitResult {
  try {
    return waitResult(kernel.signalAndWait(toSignal.handle, toWaitFor.handle, timeout), [toWaitFor], false, toSignal);
  } catch (error) {
    noteNotReleased(toSignal);
    throw error;
  }
}

interface Checked {
  readonly handles: readonly Handle[];
  readonly mutexes: readonly Waitable[];
}

const NO_MUTEXES: readonly Waitable[] = [];

/** `undefined` if there is an object of another copy of the library among them. */
function checkObjects(objects: readonly Waitable[], maximum: number): Checked | undefined {
  if (!Array.isArray(objects)) throw typeError('objects', 'an array of objects to wait for', objects);
  if (objects.length === 0 || objects.length > maximum) {
    throw rangeError('objects.length', maximum === Infinity ? 'at least 1' : `from 1 to ${maximum}, the most that the system waits for at once`, objects.length);
  }
  const handles: Handle[] = [];
  let anyMutex = false;
  for (const object of objects as readonly Waitable[]) {
    const handle = openHandleOf(object);
    if (handle === 0) {
      if (ownCopy(object) !== object) return undefined;
      checkWaitable(object, `objects[${handles.length}]`);
    }
    handles.push(handle);
    anyMutex ||= object.kind === 'mutex';
  }
  return { handles, mutexes: anyMutex ? objects.filter(({ kind }) => kind === 'mutex') : NO_MUTEXES };
}

/** The result for the caller, whose objects others have stood in for. */
function asGiven(objects: readonly Waitable[], result: WaitResult): WaitResult {
  return result.object === undefined ? result : { ...result, object: objects[result.index] };
}

/** For a message: with the lengths checked there is a first one. */
function first(objects: readonly Waitable[]): Waitable {
  return checkWaitable(objects[0], 'objects[0]');
}

/** Windows refuses duplicates with a bare "invalid parameter", and Wine takes them and waits for ever. */
function refuseDuplicates(objects: readonly Waitable[]): void {
  const known = new Map<unknown, number>();
  const foreign: number[] = [];
  objects.forEach((object, index) => {
    const identity = identityOf(object);
    if (identity === undefined) {
      foreign.push(index);
      return;
    }
    const earlier = known.get(identity);
    if (earlier !== undefined) throw duplicate(earlier, index);
    known.set(identity, index);
  });
  for (const index of foreign) {
    objects.forEach((other, at) => {
      const object = objects[index];
      if (at !== index && object !== undefined && kernel.sameObject(object.handle, other.handle)) throw duplicate(Math.min(at, index), Math.max(at, index));
    });
  }
}

function duplicate(earlier: number, later: number): TypeError {
  return valueError(`objects must hold each object once; given: the same object as objects[${earlier}] and objects[${later}]`);
}
