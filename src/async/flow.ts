import { AsyncLocalStorage } from 'node:async_hooks';
import type { Turnstile } from '../registry.js';
import type { MutexLock } from './locks.js';

/** What an asynchronous flow holds by `runExclusive`, innermost first. */
interface Holding {
  readonly turnstile: Turnstile;
  readonly lock: MutexLock;
  /** Those that are over are left out when the next one begins: a run that starts its successor from inside would have all that went before it behind itself. */
  outer: Holding | undefined;
}

const flow = new AsyncLocalStorage<Holding>();

/** Runs `body` as a flow that holds the mutex. */
export function runHolding<Result>(turnstile: Turnstile, lock: MutexLock, body: () => Result): Result {
  const outer = firstHeld(flow.getStore());
  for (let holding = outer; holding !== undefined; holding = holding.outer) holding.outer = firstHeld(holding.outer);
  return flow.run({ turnstile, lock, outer }, body);
}

function firstHeld(holding: Holding | undefined): Holding | undefined {
  let held = holding;
  while (held?.lock.held === false) held = held.outer;
  return held;
}

/** Whether the flow that asks holds the mutex already: it would wait for itself. */
export function flowHolds(turnstile: Turnstile): boolean {
  for (let holding = flow.getStore(); holding !== undefined; holding = holding.outer) {
    if (holding.turnstile === turnstile && holding.lock.held) return true;
  }
  return false;
}
