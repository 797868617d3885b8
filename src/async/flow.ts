import { AsyncLocalStorage } from 'node:async_hooks';
import type { Turnstile } from '../registry.js';
import type { MutexLock } from './locks.js';

/** What an asynchronous flow holds by `runExclusive`, innermost first. */
interface Holding {
  readonly turnstile: Turnstile;
  readonly lock: MutexLock;
  readonly outer: Holding | undefined;
}

const flow = new AsyncLocalStorage<Holding>();

/** Runs `body` as a flow that holds the mutex. */
export function runHolding<Result>(turnstile: Turnstile, lock: MutexLock, body: () => Result): Result {
  return flow.run({ turnstile, lock, outer: flow.getStore() }, body);
}

/** Whether the flow that asks holds the mutex already: it would wait for itself. */
export function flowHolds(turnstile: Turnstile): boolean {
  for (let holding = flow.getStore(); holding !== undefined; holding = holding.outer) {
    if (holding.turnstile === turnstile && holding.lock.held) return true;
  }
  return false;
}
