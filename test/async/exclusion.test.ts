import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fromHandle, Mutex, waitAll, waitAny, type MutexLock } from 'waitable';
import { HELPER32, useActor } from '../support/actor.js';
import { duplicate } from '../support/foreign.js';
import { uniqueName } from '../support/names.js';
import { useCopy } from './copy.js';
import { acquireThroughWaitThread, Belongings, expectPending, PATIENT, turnOfLoop } from './support.js';

const copy = useCopy();

/** Two instances of one mutex. */
const PAIRS = [
  { pair: 'one instance twice', open: (first: Mutex) => first },
  { pair: 'two instances by name', open: (first: Mutex) => Mutex.open(first.name ?? '') },
  { pair: 'x and Local\\x', open: (first: Mutex) => Mutex.open(`Local\\${first.name}`) },
  { pair: 'a borrowed handle', open: (first: Mutex) => fromHandle(Mutex, first.handle) },
  { pair: 'an adopted duplicate', open: (first: Mutex) => fromHandle(Mutex, duplicate(first.handle), { adopt: true }) },
  { pair: 'another copy of the library', open: (first: Mutex) => copy().Mutex.open(first.name ?? '') },
] as const;

/** Who owns the mutex in the kernel while a token holds it. */
const OWNERS = [
  { owner: 'this thread', take: (mutex: Mutex) => mutex.acquire(PATIENT) },
  { owner: 'a wait thread', take: acquireThroughWaitThread },
] as const;

describe.each(PAIRS)('rule 12: through $pair', ({ open }) => {
  let one: Mutex;
  let other: Mutex;
  beforeEach(() => {
    one = Mutex.create(uniqueName());
    other = open(one);
  });
  afterEach(() => {
    one.close();
    other.close();
  });

  test.each(OWNERS)('a token that owns by $owner keeps every other taker of its thread out', async ({ take }) => {
    for (const [mine, theirs] of [[one, other], [other, one]] as const) {
      const lock = await take(mine);
      expect(theirs.tryAcquire()).toBeUndefined();
      expect(mine.tryAcquire()).toBeUndefined();
      expect((await theirs.wait({ timeout: 0 })).status).toBe('timeout');
      expect((await waitAny([theirs], { timeout: 0 })).status).toBe('timeout');
      expect((await waitAll([theirs], { timeout: 0 })).status).toBe('timeout');

      const waits = [theirs.acquire(PATIENT), waitAny([theirs], PATIENT), waitAll([theirs], PATIENT), mine.acquire(PATIENT)];
      await expectPending(...waits);
      lock.release();
      for (const wait of waits) {
        void wait.then(won => (won instanceof Object && 'locks' in won ? won.locks[0] : won)?.release());
      }
      await Promise.all(waits);
    }
  });

  test('acquire is served first come, first served, one at a time', async () => {
    let inside = 0;
    const order: number[] = [];
    const flows = Array.from({ length: 40 }, async (_, index) => {
      using lock = await (index % 2 === 0 ? one : other).acquire(PATIENT);
      expect([lock.held, ++inside]).toEqual([true, 1]);
      order.push(index);
      if (index % 3 === 0) await turnOfLoop();
      inside--;
    });
    await Promise.all(flows);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });

  test('whoever comes later does not pass by those who wait, though the mutex be free', async () => {
    const lock = await one.acquire();
    const waiting = other.acquire(PATIENT);
    lock.release();
    expect(one.tryAcquire()).toBeUndefined();
    (await waiting).release();
    one.tryAcquire()?.release();
  });
});

describe('rule 12', () => {
  const actor = useActor(HELPER32);

  test('holds for an instance from a handle that was there before the one by name', async () => {
    const name = uniqueName();
    using made = Mutex.create(name);
    using foreign = fromHandle(Mutex, made.handle);
    using lock = await foreign.acquire();
    using named = Mutex.open(name);
    expect(named.tryAcquire()).toBeUndefined();
    expect(made.tryAcquire()).toBeUndefined();
    lock.release();
    using again = named.tryAcquire();
    expect(again?.held).toBe(true);
    expect(foreign.tryAcquire()).toBeUndefined();
  });

  test('different mutexes do not wait for each other', async () => {
    using belongings = new Belongings();
    const locks: MutexLock[] = [];
    for (let index = 0; index < 20; index++) locks.push(belongings.keep(await acquireThroughWaitThread(belongings.keep(Mutex.create()))));
    expect(locks.every(({ held }) => held)).toBe(true);
  });

  test('the whole queue is served in order while another process has the mutex in between', async () => {
    const name = uniqueName();
    using mutex = Mutex.create(name);
    const remote = await actor().open('mutex', name);
    await remote.wait();
    const order: number[] = [];
    const flows = Array.from({ length: 20 }, async (_, index) => {
      (await mutex.acquire(PATIENT)).release();
      order.push(index);
    });
    await expectPending(...flows);
    await remote.release();
    // At whatever place it comes in, the rest of the queue waits for its release.
    const between = remote.wait().then(async ({ status }) => {
      await remote.release();
      return status;
    });
    await Promise.all(flows);
    expect(await between).toBe('signaled');
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });

  test('a mutex that was closed while this thread owned it is a new one when it is created anew', () => {
    const name = uniqueName();
    Mutex.create(name, { initiallyOwned: true }).close();
    using fresh = Mutex.create(name);
    expect(fresh.createdNew).toBe(true);
    using lock = fresh.tryAcquire();
    expect(lock?.held).toBe(true);
  });

  test('a mutex that was closed while this thread owned it, and whose name another process has made anew, is had in every way', async () => {
    const name = uniqueName();
    const old = Mutex.create(name);
    old.waitSync(0);
    old.close();
    const remote = await actor().createMutex(name);
    expect(remote.createdNew).toBe(true);
    using anew = Mutex.open(name);
    anew.tryAcquire()?.release();
    (await anew.acquire(PATIENT)).release();
    expect(anew.waitSync(0).status).toBe('signaled');
    anew.release();
  });

  test('a mutex that was closed while this thread owned it stays owned while another process has it open', async () => {
    const name = uniqueName();
    const old = Mutex.create(name);
    const remote = await actor().open('mutex', name);
    old.waitSync(0);
    old.waitSync(0);
    old.close();
    expect((await remote.wait(0)).status).toBe('timeout');
    using again = Mutex.open(name);
    expect(again.tryAcquire()).toBeUndefined();
    again.release();
    expect(again.tryAcquire()).toBeUndefined();
    again.release();
    using lock = again.tryAcquire();
    expect(lock?.held).toBe(true);
  });

  test('what other code of this thread has taken by a handle of its own is owned by this thread from the first use on', () => {
    const name = uniqueName();
    const foreign = Mutex.create(name, { initiallyOwned: true });
    using mutex = Mutex.open(name);
    foreign.close();
    expect(mutex.tryAcquire()).toBeUndefined();
    mutex.release();
    using lock = mutex.tryAcquire();
    expect(lock?.held).toBe(true);
  });
});
