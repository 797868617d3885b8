import { setImmediate, setTimeout as delay } from 'node:timers/promises';
import { TimeoutError, type Mutex, type Semaphore, type WaitOptions } from 'waitable';
import { Random } from '../../util/random.js';
import { COUNTER, HOLDERS, TAKEN } from '../board.js';
import type { RoleContext } from './role-context.js';
import { checkedCount, LOCK, swallow, type Keys } from './roles.js';

/** The longest that a hurried flow waits, in ms. */
const PATIENCE = 20;

/** The faults of this role. */
export const THREADS_OWNERSHIP = 1;
export const TIMEOUT_TAKES = 2;
export const SWALLOWED_ABANDONMENT = 3;

/** One of these operations of a flow asks for a permit instead of the lock. */
const EVERY_FOURTH = 4;

/** How a flow gets the lock; `release` gives it back. */
type Take = (lock: Mutex, options: WaitOptions) => Promise<{ readonly abandoned: boolean; release(): void }>;

/**
 * The role `flows` of PROTOCOL.md: many asynchronous flows of one thread, which hold the lock across an `await`. They keep the same count as `count`, so that both can contend for
 * one lock.
 */
export async function flows(self: RoleContext, keys: Keys): Promise<void> {
  const lock = keys.mutex('lock');
  const permits = keys.integer('semaphore') < 0 ? undefined : keys.semaphore('semaphore');
  const maximum = keys.integer('maximum');
  const hurried = keys.integer('hurried') === 1;
  const seeds = new Random(keys.integer('seed'));
  const take = self.broken === THREADS_OWNERSHIP ? takeNaively : takeLock;
  const flow = async (number: number) => {
    const hurry = hurried ? new Random(seeds.seed()) : undefined;
    for (let operation = number; !self.stopping; operation++) {
      try {
        if (permits !== undefined && operation % EVERY_FOURTH === 0) await usePermit(self, permits, maximum, hurry);
        else await count(self, lock, take, hurry);
      } catch (error) {
        if (!isOutOfPatience(error)) throw error;
        if (!hurried) self.violate('stuck');
        if (self.broken === TIMEOUT_TAKES) permits?.waitSync(0);
      }
    }
  };
  await Promise.all(Array.from({ length: keys.integer('flows') }, (_, number) => flow(number)));
}

async function count(self: RoleContext, lock: Mutex, take: Take, hurry: Random | undefined): Promise<void> {
  const { held, began, ended } = await timed(self, limits => take(lock, limits), hurry);
  if (held.abandoned) self.abandoned();
  else self.tookOver(LOCK, began, ended);
  const before = checkedCount(self, held.abandoned && !(self.broken === SWALLOWED_ABANDONMENT && swallow(self)));
  self.spin();
  await setImmediate(); // ownership has to survive this
  self.board.write(COUNTER, before + 1);
  self.spin();
  self.progress();
  self.letsGo(LOCK, ended);
  held.release();
}

async function usePermit(self: RoleContext, permits: Semaphore, maximum: number, hurry: Random | undefined): Promise<void> {
  const { held: permit, ended } = await timed(self, limits => permits.acquire(limits), hurry);
  self.board.add(TAKEN, 1);
  if (self.board.add(HOLDERS, 1) > maximum) self.violate('over');
  await setImmediate();
  self.board.add(HOLDERS, -1);
  self.letsGo(undefined, ended);
  permit.release();
}

const takeLock: Take = (lock, limits) => lock.acquire(limits);

/** The fault of a thread's ownership taken for a flow's. The kernel lets the thread in again, and with it every other flow. */
const takeNaively: Take = async lock => {
  for (;;) {
    const { status } = lock.waitSync(0);
    if (status !== 'timeout') return { abandoned: status === 'abandoned', release: () => lock.release() };
    await delay(1);
  }
};

async function timed<Held>(self: RoleContext, take: (limits: WaitOptions) => Promise<Held>, hurry: Random | undefined): Promise<{ held: Held; began: number; ended: number }> {
  const began = self.now();
  const held = await take(hurry === undefined ? { timeout: self.patience } : limitsOf(hurry, self.patience));
  const ended = self.now();
  self.waited(ended - began);
  return { held, began, ended };
}

/** A time-out, an abort, both, or neither, within a time in which some waits succeed and some do not. */
function limitsOf(hurry: Random, patience: number): WaitOptions {
  const soon = () => hurry.below(PATIENCE);
  return {
    timeout: hurry.flip() ? soon() : patience,
    signal: hurry.flip() ? AbortSignal.timeout(soon()) : undefined,
  };
}

function isOutOfPatience(error: unknown): boolean {
  return error instanceof TimeoutError || (error instanceof DOMException && error.name === 'TimeoutError');
}
