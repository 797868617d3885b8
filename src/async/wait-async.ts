import { closedError, DeadlockError, describe } from '../errors.js';
import { ERROR_POSSIBLE_DEADLOCK } from '../kernel/status.js';
import { reasonOf } from './aborts.js';
import { flowHolds } from './flow.js';
import type { WaitOptions } from '../contract.js';
import { Limits, UNLIMITED } from './wait-limits.js';
import { TIMED_OUT, tryTargets } from './try-take.js';
import type { Target } from './target.js';
import { WaitRequest, type Conclude } from './wait-request.js';

/**
 * Waits for any of the targets, or for all, without blocking. Everything that is wrong rejects the promise.
 *
 * No async functions on the way: each would add its frame and promise to every wait that pends.
 */
export function waitAsync<Result>(targets: readonly Target[], all: boolean, options: WaitOptions | undefined, conclude: Conclude<Result>): Promise<Result> {
  try {
    const limits = options === undefined ? UNLIMITED : limitsOf(options, targets);
    // The first try costs no other thread.
    const outcome = tryTargets(targets, all, limits.timeout === 0);
    if (outcome !== undefined) return Promise.resolve(conclude(outcome, targets, all));
    if (limits.timeout === 0) return Promise.resolve(conclude(TIMED_OUT, targets, all));
    refuseWaitForOneself(targets, all);
    return new WaitRequest(targets, all, limits, conclude).promise;
  } catch (error) {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- an abort's reason may be anything
    return Promise.reject(error);
  }
}

function limitsOf(options: WaitOptions, targets: readonly Target[]): Limits {
  const limits = new Limits(options);
  if (limits.signal?.aborted === true) throw reasonOf(limits.signal);
  // A getter of the options may have closed them: the system may have given the value of the handle to something else by now.
  for (const target of targets) if (!target.owned.open) throw closedError(target);
  return limits;
}

/** A flow that holds a mutex and asks for it again would wait for itself. */
function refuseWaitForOneself(targets: readonly Target[], all: boolean): void {
  const held = targets.filter(({ objectState }) => flowHolds(objectState));
  const [first] = held;
  if (first === undefined || (!all && held.length < targets.length)) return;
  const what = `this asynchronous flow holds the ${describe(first)} already by runExclusive, and would wait for itself`;
  throw new DeadlockError(`${what}; work that the run starts and does not await is to be started outside of it`, { errno: ERROR_POSSIBLE_DEADLOCK, objectName: first.name });
}
