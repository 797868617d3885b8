import { describe, expect, test, vi } from 'vitest';
import { ClosedError, Mutex, NotOwnerError, Permit, Semaphore, snapshot, waitAll, waitAny, type Lock } from 'waitable';
import { kernel } from '../../src/kernel/select.js';
import { expectThrow } from '../support/expect-throw.js';
import { uniqueName } from '../support/names.js';
import { PATIENCE } from '../support/patience.js';
import { acquireThroughWaitThread, Belongings, collectGarbage, expectPending, PATIENT, turnOfLoop } from './support.js';

/** Every way to a lock. */
const TOKENS = [
  { token: 'a MutexLock by tryAcquire', take: (mutex: Mutex) => Promise.resolve(mutex.tryAcquire()) },
  { token: 'a MutexLock by acquire', take: (mutex: Mutex) => mutex.acquire() },
  { token: 'a MutexLock by wait', take: async (mutex: Mutex) => (await mutex.wait()).locks[0] },
  { token: 'a MutexLock by waitAny', take: async (mutex: Mutex) => (await waitAny([mutex])).locks[0] },
  { token: 'a MutexLock by waitAll', take: async (mutex: Mutex) => (await waitAll([mutex])).locks[0] },
  { token: 'a MutexLock through a wait thread', take: acquireThroughWaitThread },
  { token: 'a MutexLock through a wait thread for all', take: async (mutex: Mutex) => {
    using first = await mutex.acquire();
    const all = waitAll([mutex], PATIENT);
    first.release();
    return (await all).locks[0];
  } },
] as const;

function freeInTheKernel(mutex: Mutex): boolean {
  if (mutex.waitSync(0).status === 'timeout') return false;
  mutex.release();
  return true;
}

function present(lock: Lock | undefined): Lock {
  if (lock === undefined) throw new Error('nothing was taken');
  return lock;
}

describe.each(TOKENS)('$token', ({ take }) => {
  test('is held until release, which gives the mutex back at once', async () => {
    using mutex = Mutex.create();
    const lock = present(await take(mutex));
    expect(lock).toMatchObject({ held: true, abandoned: false });
    expect(freeInTheKernel(mutex)).toBe(false);
    lock.release();
    expect(lock.held).toBe(false);
    expect(freeInTheKernel(mutex)).toBe(true);
  });

  test('is released once: again is a NotOwnerError, disposal then does nothing', async () => {
    const name = uniqueName();
    using mutex = Mutex.create(name);
    const lock = present(await take(mutex));
    lock.release();
    using next = await mutex.acquire();
    expectThrow(() => lock.release(), NotOwnerError, { code: 'ERROR_NOT_OWNER', errno: 288, objectName: name, mentions: [name, 'released already'] });
    lock[Symbol.dispose]();
    await lock[Symbol.asyncDispose]();
    expect(next.held).toBe(true);
    expect(freeInTheKernel(mutex)).toBe(false);
  });

  test('is given back by using and await using, also when the block throws', async () => {
    using mutex = Mutex.create();
    {
      using lock = await take(mutex);
      expect(lock?.held).toBe(true);
      expect(freeInTheKernel(mutex)).toBe(false);
    }
    expect(freeInTheKernel(mutex)).toBe(true);
    {
      await using lock = await take(mutex);
      expect(lock?.held).toBe(true);
      expect(freeInTheKernel(mutex)).toBe(false);
    }
    expect(freeInTheKernel(mutex)).toBe(true);
    const failing = async () => {
      using lock = await take(mutex);
      throw new Error(`in the block, held: ${lock?.held}`);
    };
    await expect(failing()).rejects.toThrow('in the block, held: true');
    expect(freeInTheKernel(mutex)).toBe(true);
  });

  test('gives the mutex up when its object is closed; release is a ClosedError then, disposal does nothing', async () => {
    const name = uniqueName();
    using other = Mutex.create(name);
    const mutex = Mutex.open(name);
    const lock = present(await take(mutex));
    expect(freeInTheKernel(other)).toBe(false);
    mutex.close();
    expect(lock.held).toBe(false);
    expect(freeInTheKernel(other)).toBe(true);
    expectThrow(() => lock.release(), ClosedError, { objectName: name, mentions: [name] });
    lock[Symbol.dispose]();
    using next = other.tryAcquire();
    expect(next?.held).toBe(true);
  });

  test('rule 13: has its handle closed exactly once, whether it is released before or after close', async () => {
    const close = vi.spyOn(kernel, 'close');
    const closings = (handle: number) => close.mock.calls.filter(([closed]) => closed === handle).length;
    try {
      for (const releasedFirst of [true, false]) {
        close.mockClear();
        const mutex = Mutex.create();
        const { handle } = mutex;
        const lock = present(await take(mutex));
        if (releasedFirst) lock.release();
        mutex.close();
        lock[Symbol.dispose]();
        expect(closings(handle)).toBe(1);
      }
    } finally {
      close.mockRestore();
    }
  });
});

describe('a Permit', () => {
  test('gives one permit back, once', async () => {
    const name = uniqueName();
    using slots = Semaphore.create(name, { initialCount: 2, maximumCount: 2 });
    const one = await slots.acquire();
    using two = await slots.acquire();
    expect([one.abandoned, two.abandoned]).toEqual([false, false]);
    expect(slots.tryAcquire()).toBeUndefined();
    const third = slots.acquire(PATIENT);
    await expectPending(third);
    one.release();
    expectThrow(() => one.release(), NotOwnerError, { objectName: name });
    one[Symbol.dispose]();
    {
      await using permit = await third;
      expect(permit.held).toBe(true);
      expect(slots.tryAcquire()).toBeUndefined();
    }
    expect(slots.tryAcquire()?.held).toBe(true);
  });

  test('stays taken when its object is closed: a semaphore knows no owner', async () => {
    const name = uniqueName();
    using other = Semaphore.create(name, { initialCount: 1, maximumCount: 1 });
    const slots = Semaphore.open(name);
    const permit = await slots.acquire();
    slots.close();
    expect(permit.held).toBe(false);
    expect(() => permit.release()).toThrow(ClosedError);
    permit[Symbol.dispose]();
    expect(other.waitSync(0).status).toBe('timeout');
  });

  test('whose semaphore is full already is not given back twice: its release says so', async () => {
    using slots = Semaphore.create(undefined, { initialCount: 1, maximumCount: 1 });
    const permit = await slots.acquire();
    slots.release(); // somebody else's mistake
    expect(() => permit.release()).toThrow('exceed');
    expect(permit.held).toBe(false);
  });
});

test('locks of a waitAll are released one by one, in any order', async () => {
  using belongings = new Belongings();
  const objects = Array.from({ length: 5 }, () => belongings.keep(Mutex.create()));
  const blocker = await objects[2]?.acquire();
  const all = waitAll(objects, PATIENT);
  await expectPending(all);
  blocker?.release();
  const { locks } = await all;
  for (const index of [3, 0, 4, 1, 2]) {
    locks[index]?.release();
    expect(objects[index] && freeInTheKernel(objects[index])).toBe(true);
  }
});

test('rule 13: an object with pending waits and queued waits has its handle closed exactly once', async () => {
  const close = vi.spyOn(kernel, 'close');
  try {
    const mutex = Mutex.create(undefined, { initiallyOwned: true });
    const { handle } = mutex;
    const waits = Array.from({ length: 4 }, () => mutex.acquire());
    await expectPending(...waits);
    mutex.release();
    const lock = await waits[0];
    mutex.close();
    for (const wait of waits.slice(1)) await expect(wait).rejects.toBeInstanceOf(ClosedError);
    lock?.[Symbol.dispose]();
    expect(close.mock.calls.filter(([closed]) => closed === handle)).toHaveLength(1);
  } finally {
    close.mockRestore();
  }
});

describe('a permit that is consumed', () => {
  /** How the consumer takes what others release. */
  const WAYS = [
    { way: 'wait', consume: async (permits: Semaphore) => (await permits.wait()).locks[0] },
    { way: 'acquire', consume: (permits: Semaphore) => permits.acquire() },
    { way: 'tryAcquire', consume: (permits: Semaphore) => Promise.resolve(permits.tryAcquire()) },
    { way: 'waitAny', consume: async (permits: Semaphore) => (await waitAny([permits])).locks[0] },
    { way: 'waitAll', consume: async (permits: Semaphore) => (await waitAll([permits])).locks[0] },
  ] as const;

  test.each(WAYS)('by $way leaves no record behind once nobody refers to it', async ({ consume }) => {
    using permits = Semaphore.create(undefined, { initialCount: 0, maximumCount: 1 });
    const consumed = new Set<WeakRef<Permit>>();
    for (let count = 0; count < 2000; count++) {
      permits.release();
      const permit = await consume(permits);
      if (permit instanceof Permit) consumed.add(new WeakRef(permit));
    }
    expect(consumed.size).toBe(2000);
    await expect.poll(() => {
      collectGarbage();
      return [...consumed].filter(permit => permit.deref() !== undefined).length;
    }, { timeout: PATIENCE }).toBeLessThan(100);
    await expect.poll(() => {
      collectGarbage();
      return snapshot().holds.length;
    }, { timeout: PATIENCE }).toBeLessThan(100);
  });

  test('does not keep its semaphore from being collected', async () => {
    const name = uniqueName();
    expect((() => Semaphore.create(name, { initialCount: 1, maximumCount: 1 }).tryAcquire()?.held)()).toBe(true);
    await expect.poll(() => {
      collectGarbage();
      const found = Semaphore.tryOpen(name);
      found?.close();
      return found === undefined;
    }, { timeout: PATIENCE }).toBe(true);
  });

  test('is none as long as somebody refers to it: it is seen, however many there are, and can be given back', async () => {
    using permits = Semaphore.create(undefined, { initialCount: 500, maximumCount: 500 });
    const held = await Promise.all(Array.from({ length: 500 }, () => permits.acquire()));
    await turnOfLoop();
    collectGarbage();
    expect(snapshot().holds.length).toBe(500);
    for (const permit of held) permit.release();
    expect(snapshot().holds).toEqual([]);
    expect(permits.release.bind(permits)).toThrow('exceed');
  });
});
