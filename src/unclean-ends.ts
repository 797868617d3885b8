import { systemError } from './errors.js';
import type { ObjectKind } from './kernel/kernel.js';
import { kernel } from './kernel/select.js';

/*
 * Mutexes made with `remember: true`. The kernel tells of an owner's death only those who have the mutex open. A mark, which outlives all of them, says that the mutex is owned: it is made after the kernel has
 * given the mutex and before anybody is told, and removed before the kernel is given it back. So whoever takes the mutex and finds a mark follows an owner that has ended without a release. Only the owner of the mutex
 * makes or removes its mark, so that nobody removes another one's.
 *
 * | the owner ends                                      | mark        | the next one is told | which is |
 * |-----------------------------------------------------|-------------|----------------------|----------|
 * | after the kernel has given the mutex, before the mark | as it was | what the mark says   | right: it was told nothing, and has done nothing |
 * | after the mark, before it is told                    | there       | `abandoned`          | on the safe side |
 * | while it owns the mutex                              | there       | `abandoned`          | right |
 * | after the removal, before the kernel has the mutex   | none        | `abandoned` by the kernel, if somebody else has the mutex open; else nothing | right: it has called `release` |
 * | after that                                           | none        | nothing              | right |
 *
 * One that has been told `abandoned` and ends without a release leaves the mark as it found it. A removal that fails leaves the mark too, and the next one is told of an end that was clean.
 */

interface Subject {
  readonly kind: ObjectKind;
  readonly name?: string | undefined;
}

/**
 * The calling thread, or a wait thread for it, has taken the mutex: makes the mark.
 *
 * @param mark - The mutex's canonical name.
 * @param giveBack - Gives the mutex back when that fails.
 * @returns Whether the owner before ended without a release.
 */
export function markOwned(mark: string, subject: Subject, giveBack: () => void): boolean {
  const found = kernel.markOwned(mark);
  if (found !== undefined) return found;
  const error = systemError(kernel.failure, subject);
  giveBack();
  throw error;
}

/** It is about to be given back. */
export function unmarkOwned(mark: string): void {
  kernel.unmarkOwned(mark);
}
