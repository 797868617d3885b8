import { giveBackOne } from './async/try-take.js';
import { DeadlockError, describe, NotOwnerError } from './errors.js';
import { kernel } from './kernel/select.js';
import { ERROR_NOT_OWNER, ERROR_POSSIBLE_DEADLOCK } from './kernel/status.js';
import { OwnedHandle } from './owned-handle.js';
import type { ObjectState } from './registry.js';
import { markOwned, unmarkOwned } from './unclean-ends.js';
import { targetOf, type Waitable } from './waitable.js';

/*
 * Synchronous waits beside asynchronous owners of the same mutex in the same thread. To the kernel they would be one owner, and it would let both in; or the owner is a wait
 * thread, and the blocked thread could never tell it to release.
 */

/** Whether a token of this thread owns the mutex. */
export function ownedByToken(object: Waitable): boolean {
  return object.kind === 'mutex' && targetOf(object).objectState.owner !== 0;
}

/** Whether, if this thread blocks for it, nobody could let the mutex go: a token owns it, or pends, and may win it, while the code that would release it cannot run. */
export function claimedByTokens(object: Waitable): boolean {
  if (object.kind !== 'mutex') return false;
  const { owner, waiting } = targetOf(object).objectState;
  return owner !== 0 || waiting > 0;
}

export function deadlock(object: Waitable): DeadlockError {
  return new DeadlockError(
    `a synchronous wait for the ${describe(object)} would block the thread whose own asynchronous code holds it or waits for it: use acquire()`,
    { errno: ERROR_POSSIBLE_DEADLOCK, objectName: object.name },
  );
}

/** The marks of mutexes that this thread owns synchronously, by whichever of its handles. */
const marks = new Map<ObjectState, string>();

/**
 * Counts that a synchronous wait of this thread has taken the object. If the object cannot be remembered, it is given back.
 *
 * @returns Whether the mutex remembers that its owner before ended without a release.
 */
export function noteTaken(object: Waitable): boolean {
  if (object.kind !== 'mutex') return false;
  const { objectState, mark } = targetOf(object);
  objectState.syncDepth++;
  return mark !== undefined && remember(mark, objectState, object);
}

/** The same for all that one wait has taken: of a failure nothing is left. */
export function noteAllTaken(objects: readonly Waitable[]): boolean {
  let unclean = false;
  objects.forEach((object, index) => {
    try {
      if (noteTaken(object)) unclean = true;
    } catch (error) {
      for (const before of objects.slice(0, index)) {
        noteRelease(before);
        noteReleased(before);
      }
      for (const other of objects) if (other !== object) giveBackOne(targetOf(other), undefined);
      throw error;
    }
  });
  return unclean;
}

function remember(mark: string, objectState: ObjectState, object: Waitable): boolean {
  // Taken once more. The kernel knows: foreign code may have released it meanwhile.
  if (marks.has(objectState) && (kernel.ownedDepth(object.handle) ?? 0) > 1) return false;
  const found = markOwned(mark, object, () => {
    giveBackOne(targetOf(object), undefined);
    noteReleased(object);
  });
  marks.set(objectState, mark);
  return found;
}

/** This thread is about to release the mutex: with the last release goes the mark. What foreign code does to the mutex is not counted, so the kernel is asked. */
export function noteRelease(object: Waitable): void {
  if (marks.size > 0) noteReleaseOfMarked(object);
}

function noteReleaseOfMarked(object: Waitable): void {
  if (object.kind !== 'mutex') return;
  const { objectState } = targetOf(object);
  const mark = marks.get(objectState);
  if (mark === undefined || objectState.syncDepth !== 1 || kernel.ownedDepth(object.handle) !== 1) return;
  marks.delete(objectState);
  unmarkOwned(mark);
}

/** The release has failed after all. */
export function noteNotReleased(object: Waitable): void {
  if (object.kind !== 'mutex') return;
  const { objectState, mark } = targetOf(object);
  if (mark !== undefined && objectState.syncDepth > 0) remember(mark, objectState, object);
}

/** Only its token may release what a token owns; the kernel would let the thread do it. */
export function refuseReleaseForToken(object: Waitable): void {
  if (ownedByToken(object) && targetOf(object).objectState.syncDepth === 0) throw heldByLock(object);
}

function heldByLock(object: Waitable): NotOwnerError {
  return new NotOwnerError(`the ${describe(object)} is held by a MutexLock, which alone can release it`, { errno: ERROR_NOT_OWNER, objectName: object.name });
}

/** Counts that this thread has released what a synchronous wait took; foreign code may have taken it, uncounted. */
export function noteReleased(object: Waitable): void {
  if (object.kind !== 'mutex') return;
  const { objectState } = targetOf(object);
  const depth = objectState.syncDepth - 1;
  objectState.syncDepth = depth > 0 ? depth : 0;
  if (depth <= 0) OwnedHandle.closeReleased();
}
