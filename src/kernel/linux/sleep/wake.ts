import { HEADER, KIND_MUTEX, MUTEX_WAITERS, OBJECT, OWNER } from '../file/layout.js';
import type { View } from '../file/view.js';

/*
 * A count that is odd while somebody may sleep on it. See "Sleeping" in `layout.ts`.
 */

/** Says that somebody is about to sleep; gives what the count has until they are to be woken. */
export function announceSleeper(words: Int32Array, place: number): number {
  return Atomics.or(words, place, 1) | 1;
}

/** Whether the caller is to wake those who sleep on it. */
export function claimSleepers(words: Int32Array, place: number): boolean {
  const count = Atomics.load(words, place);
  // If it has changed meanwhile, somebody else wakes them.
  return (count & 1) !== 0 && Atomics.compareExchange(words, place, count, (count + 1) | 0) === count;
}

/** Wakes whoever sleeps on an object of any kind, for a reason other than a signal. */
export function wakeEverybody(view: View, at: number): void {
  const { words, system } = view;
  const word = Atomics.load(words, at);
  // The word of a free mutex changes, for whoever is about to sleep on it because it was reserved.
  if (words[at + OBJECT.KIND] === KIND_MUTEX && word < 0 && (word & OWNER) === 0) Atomics.compareExchange(words, at, word, word & ~MUTEX_WAITERS);
  system.wake(view.addressOf(at * 4));
  if (claimSleepers(words, at + OBJECT.WAITERS)) system.wake(view.addressOf((at + OBJECT.WAITERS) * 4));
  signalSequence(view);
}

/** Tells those who sleep on many objects with one word, for want of futex_waitv. Whoever wakes the sleepers of an object calls it. */
export function signalSequence({ words, system, file }: View): void {
  if (claimSleepers(words, HEADER.SEQUENCE)) system.wake(file.address + HEADER.SEQUENCE * 4);
}
