import { AsyncLocalStorage } from 'node:async_hooks';
import { registry, type FlowHolding, type ObjectState } from '../registry.js';
import type { MutexLock } from './locks.js';

class Holding implements FlowHolding {
  readonly key: number;
  readonly #lock: MutexLock;
  outer: FlowHolding | undefined;

  constructor({ key }: ObjectState, lock: MutexLock, outer: FlowHolding | undefined) {
    this.key = key;
    this.#lock = lock;
    this.outer = outer;
  }

  held(): boolean {
    return this.#lock.held;
  }
}

/** Runs `body` as a flow that holds the mutex. */
export function runHolding<Result>(objectState: ObjectState, lock: MutexLock, body: () => Result): Result {
  const flow = registry.flow ??= new AsyncLocalStorage<FlowHolding>();
  const outer = firstHeld(flow.getStore());
  for (let holding = outer; holding !== undefined; holding = holding.outer) holding.outer = firstHeld(holding.outer);
  return flow.run(new Holding(objectState, lock, outer), body);
}

function firstHeld(holding: FlowHolding | undefined): FlowHolding | undefined {
  let held = holding;
  while (held?.held() === false) held = held.outer;
  return held;
}

/** Whether the flow that asks holds the mutex already: it would wait for itself. */
export function flowHolds({ key }: ObjectState): boolean {
  for (let holding = registry.flow?.getStore(); holding !== undefined; holding = holding.outer) {
    if (holding.key === key && holding.held()) return true;
  }
  return false;
}
