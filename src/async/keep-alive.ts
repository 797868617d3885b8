import { startInterval } from '../kernel/runtime.js';

/** The longest that a timer takes, in ms. */
const PERIOD = 0x7fffffff;

let pending = 0;
let timer: NodeJS.Timeout | undefined;

/*
 * What keeps the event loop alive is the waits that pend and nothing else: whether a wait thread serves them or they are queued behind code of this thread. Neither wait threads
 * nor signals do: the timer of `AbortSignal.timeout` lets a process end before its time has come.
 */

/** A wait begins to pend; `waitOver` follows. */
export function waitPends(): void {
  if (pending++ > 0) return;
  if (timer === undefined) timer = startInterval(() => undefined, PERIOD);
  else timer.ref();
}

export function waitOver(): void {
  if (--pending === 0) timer?.unref();
}
