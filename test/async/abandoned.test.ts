import { describe, expect, test } from 'vitest';
import { Event, Mutex, waitAll, waitAny } from 'waitable';
import { HELPER32, PEER_KINDS, startActor } from '../support/actor.js';
import { uniqueName } from '../support/names.js';
import { expectPending, PATIENT } from './support.js';

describe.each(PEER_KINDS)('rule 5: a mutex whose owner, a peer of kind %s, is killed while it holds', kind => {
  test('comes to a pending acquire with lock.abandoned, once', async () => {
    const name = uniqueName();
    using mutex = Mutex.create(name);
    const owner = await startActor(kind);
    await (await owner.open('mutex', name)).hold();
    const acquired = mutex.acquire(PATIENT);
    await expectPending(acquired);

    await owner.peer.kill();

    const lock = await acquired;
    expect(lock).toMatchObject({ held: true, abandoned: true });
    lock.release();
    using next = await mutex.acquire();
    expect(next.abandoned).toBe(false);
  });

  test('comes to whoever tries first when nobody waited', async () => {
    const names = [uniqueName(), uniqueName(), uniqueName(), uniqueName()] as const;
    using first = Mutex.create(names[0]);
    using second = Mutex.create(names[1]);
    using third = Mutex.create(names[2]);
    using fourth = Mutex.create(names[3]);
    const owner = await startActor(kind);
    for (const name of names) await (await owner.open('mutex', name)).wait();
    await owner.peer.kill();

    expect(await first.acquire(PATIENT)).toMatchObject({ abandoned: true });
    expect(await second.wait(PATIENT)).toMatchObject({ status: 'abandoned', index: 0, object: second, locks: [{ abandoned: true }] });
    using never = Event.create();
    expect(await waitAny([never, third], PATIENT)).toMatchObject({ status: 'abandoned', index: 1, object: third, locks: [{ abandoned: true }] });
    expect(await waitAll([fourth], PATIENT)).toMatchObject({ status: 'abandoned', index: 0, object: undefined, locks: [{ abandoned: true }] });
  });
});

describe('rule 5: an abandoned mutex', () => {
  test('is seen as abandoned by exactly one of many waiters, here and in another process', async () => {
    const name = uniqueName();
    using one = Mutex.create(name);
    using other = Mutex.open(name);
    const owner = await startActor(HELPER32);
    const remoteWaiter = await startActor('node');
    await (await owner.open('mutex', name)).hold();

    const here = Array.from({ length: 10 }, async (_, index) => {
      using lock = await (index % 2 === 0 ? one : other).acquire(PATIENT);
      return lock.abandoned;
    });
    const any = waitAny([one], PATIENT).then(({ status, locks: [lock] }) => {
      lock?.release();
      return status === 'abandoned';
    });
    const all = waitAll([other], PATIENT).then(({ status, locks: [lock] }) => {
      lock?.release();
      return status === 'abandoned';
    });
    const remote = await remoteWaiter.open('mutex', name);
    const there = remote.wait();
    const released = remote.release();
    await expectPending(...here, any, all, there);

    await owner.peer.kill();

    const abandoned = await Promise.all([...here, any, all, there.then(({ status }) => status === 'abandoned')]);
    await released;
    expect(abandoned.filter(Boolean)).toHaveLength(1);
  });

  test('is seen through runExclusive', async () => {
    const name = uniqueName();
    using mutex = Mutex.create(name);
    const owner = await startActor(HELPER32);
    await (await owner.open('mutex', name)).hold();
    const run = mutex.runExclusive(lock => lock.abandoned, PATIENT);
    await owner.peer.kill();
    expect(await run).toBe(true);
    expect(await mutex.runExclusive(lock => lock.abandoned)).toBe(false);
  });

  test('makes a whole waitAll abandoned', async () => {
    const name = uniqueName();
    using mutex = Mutex.create(name);
    using free = Mutex.create();
    const owner = await startActor(HELPER32);
    await (await owner.open('mutex', name)).hold();
    const all = waitAll([free, mutex], PATIENT);
    await expectPending(all);
    await owner.peer.kill();
    const { status, locks } = await all;
    expect({ status, abandoned: locks.map(({ abandoned }) => abandoned) }).toEqual({ status: 'abandoned', abandoned: [true, true] });
    for (const lock of locks) lock.release();
  });
});
