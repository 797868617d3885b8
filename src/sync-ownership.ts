import { DeadlockError, describe, NotOwnerError } from './errors.js';
import { ERROR_NOT_OWNER, ERROR_POSSIBLE_DEADLOCK } from './kernel/status.js';
import { OwnedHandle } from './owned-handle.js';
import { targetOf, type Waitable } from './waitable.js';

/*
 * Synchronous waits beside asynchronous owners of the same mutex in the same thread. To the kernel they would be one owner, and it would let both in; or the owner is a wait
 * thread, and the blocked thread could never tell it to release.
 */

/** Whether a token of this thread owns the mutex. */
export function ownedByToken(object: Waitable): boolean {
  return object.kind === 'mutex' && targetOf(object).turnstile.owner !== 0;
}

/** Whether, if this thread blocks for it, nobody could let the mutex go: a token owns it, or pends, and may win it, while the code that would release it cannot run. */
export function claimedByTokens(object: Waitable): boolean {
  if (object.kind !== 'mutex') return false;
  const { owner, waiting } = targetOf(object).turnstile;
  return owner !== 0 || waiting > 0;
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

/** Only its token may release what a token owns; the kernel would let the thread do it. */
export function refuseReleaseForToken(object: Waitable): void {
  if (!ownedByToken(object) || targetOf(object).turnstile.syncDepth > 0) return;
  throw new NotOwnerError(`the ${describe(object)} is held by a MutexLock, which alone can release it`, { errno: ERROR_NOT_OWNER, objectName: object.name });
}

/** Counts that this thread has released what a synchronous wait took; foreign code may have taken it, uncounted. */
export function noteReleased(object: Waitable): void {
  if (object.kind !== 'mutex') return;
  const { turnstile } = targetOf(object);
  if (turnstile.syncDepth > 0) turnstile.syncDepth--;
  if (turnstile.syncDepth === 0) OwnedHandle.closeReleased();
}
