import { checkTimeout, rangeError, typeError, valueError } from './arguments.js';
import { Event } from './event.js';
import type { Handle } from './kernel/kernel.js';
import { kernel } from './kernel/select.js';
import { Mutex } from './mutex.js';
import { Semaphore } from './semaphore.js';
import { checkWaitable, identityOf, waitResult, type Waitable, type WaitResult } from './waitable.js';

/**
 * Waits until one of the objects is signalled, and takes exactly that one: the first in order, if several are. Blocks the thread meanwhile.
 *
 * @param objects - From 1 to 64 open objects, of any kinds.
 * @param timeout - As for `waitSync`.
 * @throws RangeError, TypeError, ClosedError, AccessDeniedError. Nothing is taken then.
 * @see {@link https://learn.microsoft.com/windows/win32/api/synchapi/nf-synchapi-waitformultipleobjects | WaitForMultipleObjects}
 */
export function waitAnySync(objects: readonly Waitable[], timeout?: number): WaitResult {
  const handles = checkedHandles(objects);
  return waitResult(kernel.waitMany(handles, false, checkTimeout(timeout)), objects, false, first(objects));
}

/**
 * Waits until all of the objects are signalled at the same time, and takes them together: while it waits it holds none of them. Blocks the thread meanwhile.
 *
 * The result is `'abandoned'` if any of them is a mutex whose last owner died.
 *
 * @param objects - From 1 to 64 open objects, of any kinds, each of them once.
 * @param timeout - As for `waitSync`.
 * @throws RangeError, TypeError (also for the same object twice, even through two handles), ClosedError, AccessDeniedError. Nothing is taken then.
 * @see {@link https://learn.microsoft.com/windows/win32/api/synchapi/nf-synchapi-waitformultipleobjects | WaitForMultipleObjects}
 */
export function waitAllSync(objects: readonly Waitable[], timeout?: number): WaitResult {
  const handles = checkedHandles(objects);
  refuseDuplicates(objects);
  return waitResult(kernel.waitMany(handles, true, checkTimeout(timeout)), objects, true, first(objects));
}

/**
 * Signals one object (releases a mutex, gives one permit to a semaphore, sets an event) and waits for another, in one step: this thread waits
 * already when others see the signal. Blocks the thread meanwhile.
 *
 * @param timeout - As for `waitSync`, for the wait alone: the signal is given at once.
 * @throws NotOwnerError, LimitExceededError, AccessDeniedError, ClosedError, RangeError, TypeError. Nothing is signalled then.
 * @see {@link https://learn.microsoft.com/windows/win32/api/synchapi/nf-synchapi-signalobjectandwait | SignalObjectAndWait}
 */
export function signalAndWaitSync(toSignal: Mutex | Semaphore | Event, toWaitFor: Waitable, timeout?: number): WaitResult {
  checkWaitable(toSignal, 'toSignal');
  if (!(toSignal instanceof Mutex || toSignal instanceof Semaphore || toSignal instanceof Event)) {
    throw typeError('toSignal', 'a Mutex, Semaphore or Event', toSignal);
  }
  checkWaitable(toWaitFor, 'toWaitFor');
  return waitResult(kernel.signalAndWait(toSignal.handle, toWaitFor.handle, checkTimeout(timeout)), [toWaitFor], false, toSignal);
}

function checkedHandles(objects: readonly Waitable[]): Handle[] {
  if (!Array.isArray(objects)) throw typeError('objects', 'an array of objects to wait for', objects);
  const maximum = kernel.maximumWaitObjects;
  if (objects.length === 0 || objects.length > maximum) throw rangeError('objects.length', `from 1 to ${maximum}, the most that the system waits for at once`, objects.length);
  const handles: Handle[] = [];
  for (let index = 0; index < objects.length; index++) handles.push(checkWaitable(objects[index], `objects[${index}]`).handle);
  return handles;
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
