import { Event, waitAll, waitAllSync, type Mutex } from 'waitable';
import { TAKEN, TALLY } from '../board.js';
import type { RoleContext } from './role-context.js';
import type { Keys } from './roles.js';

/** Between two waits, in ms: a hog has the lock again by then. */
const PAUSE = 1;

/** Waits for the lock; gives what lets it go. */
type Way = (self: RoleContext, lock: Mutex, set: Event) => Promise<() => void>;

/** By the number of the key `way`. */
const WAYS: readonly Way[] = [
  async (self, lock) => {
    const held = await self.waitAsync(timeout => lock.acquire({ timeout }));
    return () => held.release();
  },
  (self, lock) => {
    self.wait(timeout => lock.waitSync(timeout));
    return Promise.resolve(() => lock.release());
  },
  async (self, lock, set) => {
    const { locks } = await self.waitAsync(timeout => waitAll([lock, set], { timeout }));
    return () => locks.forEach(held => held.release());
  },
  (self, lock, set) => {
    self.wait(timeout => waitAllSync([lock, set], timeout));
    return Promise.resolve(() => lock.release());
  },
];

/** The role `waiter` of PROTOCOL.md: waits beside hogs, and counts how often they pass it by. */
export async function waiter(self: RoleContext, keys: Keys): Promise<void> {
  const { board } = self;
  const lock = keys.mutex('lock');
  const set = keys.event('set');
  const never = keys.event('never');
  const entry = keys.integer('entry');
  const bound = keys.integer('bound');
  const take = WAYS[keys.integer('way')];
  if (take === undefined) throw new RangeError(`way must be from 0 to ${WAYS.length - 1}`);
  await startWaitThreads();
  do {
    const before = board.load(TAKEN + entry);
    const letGo = await take(self, lock, set);
    const passed = board.load(TAKEN + entry) - before;
    board.raise(TALLY + entry, passed);
    if (passed > bound) self.violate('starved');
    self.progress();
    self.letsGo();
    letGo();
    await never.wait({ timeout: PAUSE });
  } while (!self.stopping);
}

/** The first asynchronous waits of a thread take as long as many holds: their wait threads have to start. */
async function startWaitThreads(): Promise<void> {
  using one = Event.create(undefined, { manualReset: true });
  using other = Event.create(undefined, { manualReset: true });
  const waits = [one.wait(), waitAll([one, other])];
  one.set();
  other.set();
  await Promise.all(waits);
}
