import { describe, expect, test } from 'vitest';
import { DeadlockError, Event, fromHandle, Mutex, NotOwnerError, signalAndWaitSync, waitAll, waitAllSync, waitAny, waitAnySync } from 'waitable';
import { HELPER32, startActor } from '../support/actor.js';
import { expectThrow } from '../support/expect-throw.js';
import { uniqueName } from '../support/names.js';
import { ALONE, useCopy } from './copy.js';
import { acquireThroughWaitThread, expectPending, PATIENT, turnOfLoop } from './support.js';

/** What mutexes of several copies let happen. */
async function contend(mutexes: readonly Mutex[], acquires: number): Promise<{ most: number; order: readonly number[] }> {
  let inside = 0;
  let most = 0;
  const order: number[] = [];
  await Promise.all(Array.from({ length: acquires }, async (_, index) => {
    using lock = await mutexes[index % mutexes.length]?.acquire(PATIENT);
    most = Math.max(most, ++inside);
    order.push(index);
    if (index % 3 === 0) await turnOfLoop();
    inside--;
    expect(lock?.held).toBe(true);
  }));
  return { most, order };
}

describe('rule 12: between two copies of the library in one thread', () => {
  const copy = useCopy();

  test('never are two inside, and all are served in the order in which they asked', async () => {
    const name = uniqueName();
    using one = Mutex.create(name);
    using other = copy().Mutex.create(name);
    expect(other.createdNew).toBe(false);
    const { most, order } = await contend([one, other, other, one], 1000);
    expect(most).toBe(1);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });

  test('a token of one is refused to synchronous waits of the other, and not released by it', async () => {
    const name = uniqueName();
    using one = Mutex.create(name);
    using other = copy().Mutex.create(name);
    for (const [mine, theirs, Deadlock, NotOwner] of [[one, other, copy().DeadlockError, copy().NotOwnerError], [other, one, DeadlockError, NotOwnerError]] as const) {
      for (const take of [(mutex: Mutex) => mutex.acquire(), acquireThroughWaitThread]) {
        using lock = await take(mine);
        expect(theirs.waitSync(0).status).toBe('timeout');
        expectThrow(() => theirs.waitSync(), Deadlock, { code: 'ERROR_POSSIBLE_DEADLOCK' });
        expectThrow(() => theirs.release(), NotOwner, { code: 'ERROR_NOT_OWNER' });
        expect(lock.held).toBe(true);
      }
    }
  });

  test('what one owns synchronously the other may take again and release, and its tokens are refused', () => {
    const name = uniqueName();
    using one = Mutex.create(name);
    using other = copy().Mutex.create(name);
    expect(one.waitSync(0).status).toBe('signaled');
    expect(other.tryAcquire()).toBeUndefined();
    expect(other.waitSync(0).status).toBe('signaled');
    one.release();
    expect(one.tryAcquire()).toBeUndefined();
    other.release();
    using lock = one.tryAcquire();
    expect(lock?.held).toBe(true);
    expect(other.tryAcquire()).toBeUndefined();
  });

  test.each([
    { maker: 'one', made: () => Mutex.create(), borrow: (handle: number) => copy().fromHandle(copy().Mutex, handle) },
    { maker: 'the other', made: () => copy().Mutex.create(), borrow: (handle: number) => fromHandle(Mutex, handle) },
  ])('an unnamed mutex of $maker is one for both, whichever uses it first', ({ made, borrow }) => {
    for (const order of [(pair: readonly Mutex[]) => pair, (pair: readonly Mutex[]) => pair.toReversed()]) {
      using maker = made();
      using borrower = borrow(maker.handle);
      const [first, second] = order([maker, borrower]);
      using lock = first?.tryAcquire();
      expect(lock?.held).toBe(true);
      expect(second?.tryAcquire()).toBeUndefined();
    }
  });

  test('a handle that belongs to one is not adopted by the other', () => {
    using mutex = Mutex.create();
    expect(() => copy().fromHandle(copy().Mutex, mutex.handle, { adopt: true })).toThrow(/must not belong to this library already/);
  });

  test('the death of an owner in another process is told to exactly one', async () => {
    const name = uniqueName();
    using one = Mutex.create(name);
    using other = copy().Mutex.create(name);
    const owner = await startActor(HELPER32);
    await (await owner.open('mutex', name)).wait();
    const waits = Array.from({ length: 20 }, async (_, index) => {
      using lock = await (index % 2 === 0 ? other : one).acquire(PATIENT);
      return lock.abandoned;
    });
    await owner.peer.kill();
    expect(await Promise.all(waits)).toEqual([true, ...Array<boolean>(19).fill(false)]);
  });

  test('waits of one take objects of the other, and their results name what was passed', async () => {
    const { Event: OtherEvent, Semaphore: OtherSemaphore, Mutex: OtherMutex } = copy();
    using mine = Event.create();
    using event = OtherEvent.create(undefined, { manualReset: true });
    using semaphore = OtherSemaphore.create(undefined, { initialCount: 1, maximumCount: 1 });
    using mutex = OtherMutex.create();
    expect(waitAnySync([mine, semaphore], 0)).toMatchObject({ status: 'signaled', index: 1, object: semaphore });
    const pending = waitAny([mine, event, semaphore], PATIENT);
    await expectPending(pending);
    event.set();
    expect((await pending).object).toBe(event);
    const won = await waitAll([mutex, event], PATIENT);
    expect(won.locks.map(({ held }) => held)).toEqual([true]);
    expect(mutex.tryAcquire()).toBeUndefined();
    expect(waitAnySync([mutex], 0).status).toBe('timeout');
    won.locks[0]?.release();
    expect(waitAllSync([mutex, event], 0).status).toBe('signaled');
    expect(mutex.tryAcquire()).toBeUndefined();
    mutex.release();
    expect(signalAndWaitSync(semaphore, event, 0)).toMatchObject({ status: 'signaled', object: event });
    expect(() => waitAllSync([event, mine, event], 0)).toThrow(/once/);
    event.close();
    expect(() => waitAnySync([event], 0)).toThrow(/closed/);
  });

  test('a run of one inside a run of the other gets a DeadlockError until the lock is released', async () => {
    const name = uniqueName();
    using one = Mutex.create(name);
    using other = copy().Mutex.create(name);
    using between = copy().Mutex.create();
    using event = Event.create();
    const pairs = [[one, other, copy().DeadlockError], [other, one, DeadlockError]] as const;
    for (const [outside, inside, Deadlock] of pairs) {
      await outside.runExclusive(async lock => {
        await between.runExclusive(async () => {
          await turnOfLoop();
          await expect(inside.runExclusive(() => expect.unreachable())).rejects.toBeInstanceOf(Deadlock);
          await expect(inside.acquire()).rejects.toMatchObject({ code: 'ERROR_POSSIBLE_DEADLOCK', errno: 1131 });
          await expect(waitAll([inside, event])).rejects.toBeInstanceOf(DeadlockError);
          await expect(outside.acquire()).rejects.toMatchObject({ code: 'ERROR_POSSIBLE_DEADLOCK' });
        });
        lock.release();
        expect(await inside.runExclusive(() => 'ran', PATIENT)).toBe('ran');
      });
      expect(await inside.runExclusive(() => 'ran')).toBe('ran');
    }
  });

  test('a close ends a wait of another copy', async () => {
    using mine = Event.create();
    const event = copy().Event.create();
    const pending = waitAny([mine, event], PATIENT);
    await expectPending(pending);
    event.close();
    await expect(pending).rejects.toThrow(/closed/);
  });

  test('what one closes, the other goes on with', async () => {
    const name = uniqueName();
    const one = Mutex.create(name);
    using other = copy().Mutex.create(name);
    const lock = await other.acquire();
    const pending = one.acquire(PATIENT);
    one.close();
    await expect(pending).rejects.toThrow(/closed/);
    expect(lock.held).toBe(true);
    using again = Mutex.open(name);
    expect(again.tryAcquire()).toBeUndefined();
    lock.release();
    again.tryAcquire()?.release();
  });
});

describe('negative control: two copies that share nothing', () => {
  const copy = useCopy(ALONE);
  const blind = useCopy({ ...ALONE, 'value === OF_TOKEN || this.#belongsToToken': 'false' });

  test('are both inside, where the kernel does not know tokens', () => {
    const name = uniqueName();
    using one = Mutex.create(name);
    using other = blind().Mutex.create(name);
    // Before the thread owns it: each copy asks the kernel for that when it first uses a mutex.
    other.tryAcquire()?.release();
    using lock = one.tryAcquire();
    expect([lock?.held, other.tryAcquire()?.held]).toEqual([true, true]);
  });

  test.runIf(process.platform === 'linux')('are kept apart on Linux by the mark of the token alone', async () => {
    const name = uniqueName();
    using one = Mutex.create(name);
    using other = copy().Mutex.create(name);
    for (const [mine, theirs] of [[one, other], [other, one]] as const) {
      using lock = mine.tryAcquire();
      expect(lock?.held).toBe(true);
      expect(theirs.tryAcquire()).toBeUndefined();
      expect(theirs.waitSync(0).status).toBe('timeout');
    }
    expect((await contend([one, other], 1000)).most).toBe(1);
  });
});
