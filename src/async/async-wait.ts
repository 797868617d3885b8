import { DeadlockError, describe } from '../errors.js';
import { ERROR_POSSIBLE_DEADLOCK } from '../kernel/status.js';
import { flowHolds } from './flow.js';
import { Limits, type WaitOptions } from './limits.js';
import type { Lock } from './locks.js';
import { outcomeOf, TIMED_OUT, tryTargets } from './taking.js';
import type { Target } from './target.js';
import { WaitRequest, type Conclude } from './wait-request.js';

/**
 * Waits for any of the targets, or for all, without blocking. Everything that is wrong rejects the promise.
 *
 * No async functions on the way: each would add its frame and promise to every wait that pends.
 */
export function waitAsync<Result>(targets: readonly Target[], all: boolean, options: WaitOptions | undefined, conclude: Conclude<Result>): Promise<Result> {
  try {
    const limits = new Limits(options);
    limits.signal?.throwIfAborted();
    // The first try costs no other thread.
    const win = tryTargets(targets, all, limits.timeout === 0);
    if (win !== undefined) return Promise.resolve(conclude(outcomeOf(win, targets, all), targets, all));
    if (limits.timeout === 0) return Promise.resolve(conclude(TIMED_OUT, targets, all));
    refuseWaitForOneself(targets, all);
    return new WaitRequest(targets, all, limits, conclude).promise;
  } catch (error) {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- an abort's reason may be anything
    return Promise.reject(error);
  }
}

/** Takes one target if it is free, and nobody in this thread waits for it. */
export function tryTake(target: Target): Lock | undefined {
  const targets = [target];
  const win = tryTargets(targets, false, true);
  return win && outcomeOf(win, targets, false).locks[0];
}

/** A flow that holds a mutex and asks for it again would wait for itself. */
function refuseWaitForOneself(targets: readonly Target[], all: boolean): void {
  const held = targets.filter(({ turnstile }) => flowHolds(turnstile));
  const [first] = held;
  if (first === undefined || (!all && held.length < targets.length)) return;
  throw new DeadlockError(`this asynchronous flow holds the ${describe(first)} already, and would wait for itself`, { errno: ERROR_POSSIBLE_DEADLOCK, objectName: first.name });
}
