import { DeadlockError, describe } from './errors.js';
import { ERROR_POSSIBLE_DEADLOCK } from './kernel/status.js';
import { targetOf, type Waitable } from './waitable.js';

/*
 * Synchronous waits beside asynchronous owners of the same mutex in the same thread. To the kernel they would be one owner, and it would let both in; or the owner is a wait
 * thread, and the blocked thread could never tell it to release.
 */

/** Whether a token of this thread owns the mutex. */
export function ownedByToken(object: Waitable): boolean {
  return object.kind === 'mutex' && targetOf(object).turnstile.owner !== undefined;
}

/** Whether, if this thread blocks for it, nobody could let the mutex go: a token owns it, or pends, and may win it, while the code that would release it cannot run. */
export function claimedByTokens(object: Waitable): boolean {
  if (object.kind !== 'mutex') return false;
  const { owner, waiting } = targetOf(object).turnstile;
  return owner !== undefined || waiting > 0;
}

export function deadlock(object: Waitable): DeadlockError {
  return new DeadlockError(
    `a synchronous wait for the ${describe(object)} would block the thread whose own asynchronous code holds it or waits for it: use acquire()`,
    { errno: ERROR_POSSIBLE_DEADLOCK, objectName: object.name },
  );
}

/** Counts that a synchronous wait of this thread has taken the object. */
export function noteTaken(object: Waitable): void {
  if (object.kind === 'mutex') targetOf(object).turnstile.syncDepth++;
}
