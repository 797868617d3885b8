/** What a program is made of, and what becomes of each part of it. */

/** One space of names for all kinds; they differ by case, and `Local\` means the same as no prefix (contract, rules 1 and 4). */
export const NAMES = ['m', 'M', 's', 'e', 'Local\\m', 'Local\\s', 'Local\\e'] as const;
export type Name = (typeof NAMES)[number];

/** A slot in a generated program: below the length of this, the first handle of that name; above it, the last one. */
export const CHOICES = ['m', 's', 'e', 'M'] as const;

export const KINDS = ['mutex', 'semaphore', 'event'] as const;
export type Kind = (typeof KINDS)[number];

/** An object as a create asks for it. */
export type Initial =
  | { readonly kind: 'mutex'; readonly initiallyOwned: boolean }
  | { readonly kind: 'semaphore'; readonly initialCount: number; readonly maximumCount: number }
  | { readonly kind: 'event'; readonly manualReset: boolean; readonly initialState: boolean };

export interface Wait {
  readonly verb: 'wait' | 'waitAny' | 'waitAll';
  readonly slots: readonly number[];
  /** Else its timeout is 0. */
  readonly blocking: boolean;
}

/** How an actor ends: from outside, from inside at once, from inside in order. */
export const ENDS = ['kill', 'die', 'exit'] as const;

/**
 * What an actor does. A slot is where it keeps a handle. In a generated program a slot is a choice (`CHOICES`) among the handles that the actor will
 * have by then; `resolve` puts the chosen one there.
 */
export type Action =
  | { readonly verb: 'create'; readonly slot: number; readonly name: Name; readonly initial: Initial }
  | { readonly verb: 'open'; readonly slot: number; readonly name: Name; readonly kind: Kind }
  | { readonly verb: 'close'; readonly slot: number }
  | Wait
  /** Releases a mutex, releases a semaphore `count` times, sets an event. */
  | { readonly verb: 'signal'; readonly slot: number; readonly count: number }
  | { readonly verb: 'reset'; readonly slot: number }
  | { readonly verb: 'signalAndWait'; readonly slot: number; readonly awaited: number }
  /** `owner`: only if it owns a mutex then. A new life takes longer to start than all the rest of a program, and these deaths tell most. */
  | { readonly verb: 'end'; readonly how: (typeof ENDS)[number]; readonly owner: boolean };

/** Who acts: an index into the cast. */
export interface Step {
  readonly actor: number;
  readonly action: Action;
}

export type Program = readonly Step[];

/** The thread that runs the tests, another thread of its process, another process. */
export const CAST = ['main', 'thread', 'process'] as const;
export type Part = (typeof CAST)[number];

export const MAIN = 0;

/** What became of an action, in words, so that outcomes are compared and shown as they are: a result, or an error's class and code. */
export type Outcome = string;

export const DONE: Outcome = 'done';
export const ENDED: Outcome = 'ended';
export const BLOCKED: Outcome = 'blocked';
export const TIMEOUT: Outcome = 'timeout';
export const NOT_FOUND: Outcome = 'NotFoundError ERROR_FILE_NOT_FOUND';
export const KIND_MISMATCH: Outcome = 'KindMismatchError ERR_KIND_MISMATCH';
export const NOT_OWNER: Outcome = 'NotOwnerError ERROR_NOT_OWNER';
export const LIMIT_EXCEEDED: Outcome = 'LimitExceededError ERROR_TOO_MANY_POSTS';
export const DUPLICATE: Outcome = 'TypeError ERR_INVALID_ARG_VALUE';

export function opened(createdNew: boolean): Outcome {
  return createdNew ? 'created' : 'opened';
}

export function previousCount(count: number): Outcome {
  return `previous count ${count}`;
}

export function won(status: 'signaled' | 'abandoned', index: number): Outcome {
  return `${status} ${index}`;
}
