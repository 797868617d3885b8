import { describe, expect, test } from 'vitest';
import { LimitExceededError, Semaphore } from 'waitable';
import { PEER_KINDS, startActor, useActor, useActors } from '../support/actor.js';
import { expectResult } from '../support/expect-result.js';
import { expectThrow } from '../support/expect-throw.js';
import { uniqueName } from '../support/names.js';

const MAXIMUM = 0x7fffffff;

/** How many permits are there; they are taken. */
function drain(semaphore: Semaphore): number {
  let permits = 0;
  while (semaphore.waitSync(0).status === 'signaled') permits++;
  return permits;
}

describe('rule 6: a semaphore', () => {
  test('gives each wait one permit, and then none', () => {
    using semaphore = Semaphore.create(undefined, { initialCount: 3, maximumCount: 3 });
    expectResult(semaphore.waitSync(0), { status: 'signaled', index: 0, object: semaphore });
    expect(drain(semaphore)).toBe(2);
    expectResult(semaphore.waitSync(0), { status: 'timeout', index: -1, object: undefined });
  });

  test('gives the previous count at each release', () => {
    using semaphore = Semaphore.create(undefined, { initialCount: 0, maximumCount: 10 });
    expect(semaphore.release()).toBe(0);
    expect(semaphore.release(2)).toBe(1);
    expect(semaphore.release(7)).toBe(3);
    expect(drain(semaphore)).toBe(10);
  });

  test.each([
    { initialCount: 0, maximumCount: 1, count: 2 },
    { initialCount: 1, maximumCount: 1, count: 1 },
    { initialCount: 2, maximumCount: 5, count: 4 },
    { initialCount: 2, maximumCount: 5, count: MAXIMUM },
    { initialCount: MAXIMUM, maximumCount: MAXIMUM, count: 1 },
    { initialCount: MAXIMUM, maximumCount: MAXIMUM, count: MAXIMUM },
  ])('with $initialCount of $maximumCount permits refuses $count more, and stays as it is', ({ initialCount, maximumCount, count }) => {
    const name = uniqueName();
    using semaphore = Semaphore.create(name, { initialCount, maximumCount });
    expectThrow(() => semaphore.release(count), LimitExceededError, { code: 'ERROR_TOO_MANY_POSTS', errno: 298, syscall: 'ReleaseSemaphore', objectName: name, mentions: [name, 'maximum'] });
    if (initialCount > 0) semaphore.waitSync(0);
    expect(semaphore.release()).toBe(Math.max(0, initialCount - 1));
  });

  test('can hold as many permits as there are positive 32-bit numbers', () => {
    using semaphore = Semaphore.create(undefined, { initialCount: 0, maximumCount: MAXIMUM });
    expect(semaphore.release(MAXIMUM)).toBe(0);
    expect(semaphore.waitSync(0).status).toBe('signaled');
    expect(semaphore.release()).toBe(MAXIMUM - 1);
  });

  describe.each(PEER_KINDS)('shared with a peer of kind %s', peerKind => {
    const actor = useActor(peerKind);

    test('has one count for both', async () => {
      const name = uniqueName();
      using semaphore = Semaphore.create(name, { initialCount: 2, maximumCount: 4 });
      const remote = await actor().open('semaphore', name);
      expect(await remote.wait(0)).toEqual({ status: 'signaled', index: 0 });
      expect(semaphore.release()).toBe(1);
      expect(await remote.release(2)).toBe(2);
      await expect(remote.release()).rejects.toMatchObject({ errno: 298 });
      expect(drain(semaphore)).toBe(4);
      expect(await remote.wait(0)).toMatchObject({ status: 'timeout' });
    });

    test('is released by whoever likes, taken or not', async () => {
      const name = uniqueName();
      using semaphore = Semaphore.create(name, { initialCount: 1, maximumCount: 1 });
      const remote = await actor().open('semaphore', name);
      semaphore.waitSync(0);
      const pending = remote.wait();
      expect(semaphore.release()).toBe(0);
      expect(await pending).toMatchObject({ status: 'signaled' });
      expect(semaphore.release()).toBe(0);
    });

    test('does not get its permits back when the peer is killed', async () => {
      const name = uniqueName();
      using semaphore = Semaphore.create(name, { initialCount: 2, maximumCount: 2 });
      const holder = await startActor(peerKind);
      const remote = await holder.open('semaphore', name);
      await remote.hold();
      await holder.peer.kill();
      expect(semaphore.release()).toBe(1);
    });
  });

  describe('with waiters of every kind', () => {
    const waiters = useActors(PEER_KINDS);

    test('lets each of them through for one permit, and keeps what is left', async () => {
      const name = uniqueName();
      using semaphore = Semaphore.create(name, { initialCount: 0, maximumCount: 100 });
      const pending = waiters().map(async waiter => {
        const remote = await waiter.open('semaphore', name);
        return remote.wait();
      });
      semaphore.release(PEER_KINDS.length + 3);
      for (const result of await Promise.all(pending)) expect(result).toEqual({ status: 'signaled', index: 0 });
      expect(drain(semaphore)).toBe(3);
    });
  });
});
