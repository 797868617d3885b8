/** What contenders do to objects: the words that the record, the checker and the report share. */

/** In the order of their codes in a record, from 1. */
export const VERBS = [
  'wait', 'wait-any', 'wait-all', 'release', 'set', 'reset', 'signal-and-wait',
  'wait-async', 'wait-any-async', 'wait-all-async', 'release-lock', // of asynchronous code
  'set-timer', 'cancel', // of timers
] as const;
export type Verb = (typeof VERBS)[number];

export type Kind = 'mutex' | 'semaphore' | 'event' | 'timer';

/** The outcomes of waits, as Win32 has them; the first two plus an index. */
export const TAKEN = 0;
export const ABANDONED = 128;
export const TIMEOUT = 258;
/** Outcomes that are errors are their numbers below zero. */
export const NOT_OWNER = -288;
export const TOO_MANY_POSTS = -298;
export const ABORTED = -995;
/** Of a synchronous wait for what asynchronous code of the same thread owns. */
export const DEADLOCK = -1131;
/** Of what gives nothing back. */
export const DONE = 0;

/** Added to the argument of an asynchronous wait that a signal aborts after so many ms, instead of a timeout. */
export const ABORT = 128;

/** What is asked for. */
export interface Request {
  readonly verb: Verb;
  /** In the order given; each is the number of an object of the history. Of two that are signalled and waited for, the first is signalled. */
  readonly objects: readonly number[];
  /** The timeout of a wait in ms, which may be one to an abort (`ABORT`); the count of a semaphore's release; in how many ms a timer is due; else 0. */
  readonly argument: number;
}

/** What one contender did, or was about to do when it died. */
export interface Operation extends Omit<Request, 'verb'> {
  /** `death`: by whoever was killed between two operations. */
  readonly verb: Verb | 'death';
  readonly contender: number;
  /** In ns, of a clock that all contenders share. */
  readonly called: number;
  /** The same; of who died, when it was known to be dead. */
  readonly returned: number;
  /** `undefined`: the contender died in it, so that it may have taken effect or not. */
  readonly outcome: number | undefined;
}

/** By the code of the contender that owns what it takes, across what else the thread does, and not by the thread. */
export function isAsynchronous(verb: Operation['verb']): boolean {
  return verb === 'wait-async' || verb === 'wait-any-async' || verb === 'wait-all-async' || verb === 'release-lock';
}

export function isForAll(verb: Operation['verb']): boolean {
  return verb === 'wait-all' || verb === 'wait-all-async';
}

/** What an operation waits for; nothing, if it does not wait. */
export function waitedFor({ verb, objects }: Pick<Operation, 'verb' | 'objects'>): readonly number[] {
  switch (verb) {
    case 'wait': case 'wait-any': case 'wait-all':
    case 'wait-async': case 'wait-any-async': case 'wait-all-async': return objects;
    case 'signal-and-wait': return objects.slice(1);
    default: return [];
  }
}

export function isWait(operation: Pick<Operation, 'verb' | 'objects'>): boolean {
  return waitedFor(operation).length > 0;
}

/** What a wait with this outcome has taken. */
export function takenBy(operation: Pick<Operation, 'verb' | 'objects'>, outcome: number): readonly number[] {
  const objects = waitedFor(operation);
  if (outcome < 0 || outcome === TIMEOUT) return [];
  return isForAll(operation.verb) ? objects : objects.slice(outcome % ABANDONED, (outcome % ABANDONED) + 1);
}

/** An object as it was made. */
export type Specification =
  | { readonly kind: 'mutex' }
  | { readonly kind: 'semaphore'; readonly initialCount: number; readonly maximumCount: number }
  | { readonly kind: 'event'; readonly manualReset: boolean; readonly initialState: boolean }
  | { readonly kind: 'timer'; readonly manualReset: boolean };

/**
 * How far a kernel's operations are atomic.
 *
 * - `atomic`: each happens at one instant. A wait for any takes the lowest index that is signalled at that instant; one that timed out found none signalled at one instant. So it is where one
 *   lock guards all objects: in Windows, whose dispatcher has one, and in wineserver, which is one thread.
 * - `stepwise`: a wait for any looks at its objects one after the other, in order, and takes the first that it finds signalled; each look is an instant of its own. So it is in the Linux kernel of this
 *   library, where objects are independent words of memory: an object of lower index that is set after the look at it is not taken. And an object that is reserved for a waiter, which has been in
 *   its wait for more than a millisecond, counts as taken for all others (see `src/kernel/linux/objects/shared-object.ts`). All else is atomic there too, waits for all included.
 *
 * What times out may have found its objects taken at any instant of the wait, and not just at its end.
 */
export type Strictness = 'atomic' | 'stepwise';
