import type { MessagePort } from 'node:worker_threads';
import type { Failure, Handle } from '../../kernel/kernel.js';

/**
 * What the threads that use the library and their wait threads say to each other. Commands and events go through message ports; what has to be seen without a
 * message is in the control words.
 */

export interface Watch {
  /** Which kernel object, as the client numbers them: two handles of one object have the same key. */
  readonly key: number;
  readonly handle: Handle;
  /** Whether the thread that takes it owns it. */
  readonly owning: boolean;
}

export type Command =
  | { readonly op: 'wait'; readonly id: number; readonly watches: readonly Watch[] }
  /** Answered by `won`, `ready` or `cancelled`, whichever is true. */
  | { readonly op: 'cancel'; readonly id: number }
  /** Of a mutex that this thread took. The outcome is in the control words. */
  | { readonly op: 'release'; readonly key: number; readonly handle: Handle }
  | { readonly op: 'quit' };

/** What one message to a wait thread is. */
export type Commands = readonly Command[];

export type Reply =
  /** `index` is that of the watch taken, 0 for all of them. */
  | { readonly id: number; readonly outcome: 'won'; readonly index: number; readonly abandoned: boolean }
  /** Where the caller takes (see `Kernel.takenBy`): what it waits for is signalled, and it may try. The thread has forgotten the request. */
  | { readonly id: number; readonly outcome: 'ready' }
  | { readonly id: number; readonly outcome: 'cancelled' }
  | { readonly id: number; readonly outcome: 'failed'; readonly failure: Failure };

/** What a wait thread is started with. */
export interface WaitThreadData {
  /** Where commands come and replies go. The thread's own `parentPort` would do in Node alone: Deno takes no message from it but in the event loop. */
  readonly port: MessagePort;
  readonly control: SharedArrayBuffer;
  /** An event that ends the thread's wait; its first handle in every wait for any. */
  readonly wake: Handle;
  /** Whether the thread waits for all of one request, and is woken by interruption, instead of for any of many, woken by the event. */
  readonly all: boolean;
  /** `Kernel.settings` of the thread that it waits for. */
  readonly settings: unknown;
}

/*
 * The control words, 32 bits each.
 *
 * SLEEPING  How the thread sleeps, or is about to: IN_KERNEL on objects, ON_WORD on this word when it has none to wait for (which both sides do without the
 *           system's help), else AWAKE. The thread sets it, then looks for commands, then sleeps; the client posts a command, then swaps AWAKE in, and wakes the thread
 *           if it found another value, in the way for that. Whatever the interleaving, either the thread sees the command or the client sees that it sleeps, so no
 *           command is slept through; and many commands in a row cost one wake.
 * THREAD    the thread's own handle, for its interruption; set before SLEEPING is for the first time.
 * PROCESSED    how many commands the thread has processed, wrapping around; the client sleeps on it where a command has to be done when a call returns.
 * ERRNO     why the last release failed, or 0; written before PROCESSED.
 * CANCELS   how many requests the client has cancelled. It counts here before it gives up the turns that were asked for, and the thread looks here after it has
 *           asked for one: so one of the two finds what is kept for a wait that is over.
 */
export const SLEEPING = 0;
export const AWAKE = 0;
export const IN_KERNEL = 1;
export const ON_WORD = 2;
export const THREAD = 1;
export const PROCESSED = 2;
export const ERRNO = 3;
export const CANCELS = 4;
export const CONTROL_BYTES = 20;
