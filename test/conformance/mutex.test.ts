import { describe, expect, test } from 'vitest';
import { Mutex, NotOwnerError, waitAllSync, waitAnySync } from 'waitable';
import { HELPER32, PEER_KINDS, startActor, useActor, useActors } from '../support/actor.js';
import { expectResult } from '../support/expect-result.js';
import { expectThrow } from '../support/expect-throw.js';
import { uniqueName } from '../support/names.js';
import { PATIENCE } from '../support/patience.js';

describe('rule 5: a mutex', () => {
  test('is free when it is created, and owned with initiallyOwned', () => {
    using free = Mutex.create();
    using owned = Mutex.create(undefined, { initiallyOwned: true });
    expect(() => free.release()).toThrow(NotOwnerError);
    owned.release();
    expect(() => owned.release()).toThrow(NotOwnerError);
  });

  test('says signaled, with itself as the object, when it is taken', () => {
    using mutex = Mutex.create();
    expectResult(mutex.waitSync(), { status: 'signaled', index: 0, object: mutex });
    mutex.release();
  });

  test('is owned by the thread, through whatever instance it was taken', () => {
    const name = uniqueName();
    using one = Mutex.create(name);
    using other = Mutex.open(name);
    expect(one.waitSync(0).status).toBe('signaled');
    other.release();
    expect(() => one.release()).toThrow(NotOwnerError);
  });

  describe.each(PEER_KINDS)('shared with a peer of kind %s', peerKind => {
    const actor = useActor(peerKind);

    test('keeps the other out until it has been released as often as taken', async () => {
      const name = uniqueName();
      using mutex = Mutex.create(name, { initiallyOwned: true });
      const remote = await actor().open('mutex', name);
      mutex.waitSync();
      waitAnySync([mutex]);
      waitAllSync([mutex]);
      for (let taken = 4; taken > 0; taken--) {
        expect(await remote.wait(0)).toEqual({ status: 'timeout', index: -1 });
        mutex.release();
      }
      expect(await remote.wait(0)).toEqual({ status: 'signaled', index: 0 });
      await remote.release();
    });

    test('is recursive for the other as well', async () => {
      const name = uniqueName();
      using mutex = Mutex.create(name);
      const remote = await actor().createMutex(name);
      await remote.wait(0);
      await actor().waitAll([remote], 0);
      await remote.release();
      expect(mutex.waitSync(0).status).toBe('timeout');
      await remote.release();
      expect(mutex.waitSync(0).status).toBe('signaled');
      mutex.release();
    });

    test('is released by its owner alone, and a refused release changes nothing', async () => {
      const name = uniqueName();
      using mutex = Mutex.create(name);
      const remote = await actor().open('mutex', name);
      await remote.wait(0);
      expectThrow(() => mutex.release(), NotOwnerError, { code: 'ERROR_NOT_OWNER', errno: 288, syscall: 'ReleaseMutex', objectName: name, mentions: [name, 'own'] });
      expect(mutex.waitSync(0).status).toBe('timeout');
      await remote.release();
      await expect(remote.release()).rejects.toMatchObject({ errno: 288 });

      mutex.waitSync(0);
      await expect(remote.release()).rejects.toMatchObject({ errno: 288 });
      expect(await remote.wait(0)).toMatchObject({ status: 'timeout' });
      mutex.release();
    });

    test('stays owned when its owner closes it', async () => {
      const name = uniqueName();
      using mutex = Mutex.create(name, { initiallyOwned: true });
      const remote = await actor().open('mutex', name);
      Mutex.open(name).close();
      expect(await remote.wait(0)).toMatchObject({ status: 'timeout' });
      mutex.release();

      const second = await actor().open('mutex', name);
      await remote.wait(0);
      await remote.close();
      expect(mutex.waitSync(0).status).toBe('timeout');
      await second.release();
      expect(mutex.waitSync(0).status).toBe('signaled');
      mutex.release();
    });

    test('wakes a wait that pends, here and there, by turns', async () => {
      const name = uniqueName();
      using mutex = Mutex.create(name, { initiallyOwned: true });
      const remote = await actor().open('mutex', name);
      for (let turn = 0; turn < 10; turn++) {
        const theirs = remote.wait();
        mutex.release();
        expect(await theirs).toEqual({ status: 'signaled', index: 0 });
        const released = remote.release();
        await actor().hasLeft();
        expect(mutex.waitSync(PATIENCE).status).toBe('signaled');
        await released;
      }
      mutex.release();
    });
  });
});

describe('rule 5: an abandoned mutex', () => {
  describe.each(PEER_KINDS)('of a peer of kind %s', peerKind => {
    test.each([
      { end: 'has ended in order', act: 'exit' },
      { end: 'has ended from inside at once', act: 'die' },
      { end: 'was killed', act: 'kill' },
    ] as const)('passes on when its owner $end, once, however often it was taken and through whatever wait', async ({ act }) => {
      const names = [uniqueName(), uniqueName(), uniqueName()] as const;
      using alone = Mutex.create(names[0]);
      using amongAny = Mutex.create(names[1]);
      using amongAll = Mutex.create(names[2]);
      using free = Mutex.create();
      const owner = await startActor(peerKind);
      for (const name of names) {
        const remote = await owner.createMutex(name);
        await remote.wait(0);
        await remote.wait(0);
      }

      await owner.peer[act]();

      expectResult(alone.waitSync(PATIENCE), { status: 'abandoned', index: 0, object: alone });
      expectResult(waitAnySync([amongAny, free], PATIENCE), { status: 'abandoned', index: 0, object: amongAny });
      expectResult(waitAllSync([free, amongAll], PATIENCE), { status: 'abandoned', index: 0, object: undefined });
      for (const mutex of [alone, amongAny, amongAll]) {
        mutex.release(); // however often it was taken before, it was taken once since
        expect(() => mutex.release()).toThrow(NotOwnerError);
        expect(mutex.waitSync(0).status).toBe('signaled');
        mutex.release();
      }
      free.release();
    });
  });

  describe('with waiters of every kind', () => {
    const waiters = useActors(PEER_KINDS);

    test.each(PEER_KINDS)('is passed on as abandoned to exactly one of them when its owner, a peer of kind %s that holds it for ever, is killed', async ownerKind => {
      const name = uniqueName();
      using mutex = Mutex.create(name);
      const owner = await startActor(ownerKind);
      const held = await owner.open('mutex', name);
      expect(await held.hold()).toEqual({ status: 'signaled', index: 0 });
      const outcomes = waiters().map(async waiter => {
        const remote = await waiter.open('mutex', name);
        const result = remote.wait();
        await remote.release();
        return (await result).status;
      });

      await owner.peer.kill();

      const statuses = await Promise.all(outcomes);
      expect(statuses.sort()).toEqual(['abandoned', ...Array<string>(PEER_KINDS.length - 1).fill('signaled')]);
      expect(mutex.waitSync(0).status).toBe('signaled');
      mutex.release();
    });
  });

  test('can be abandoned again and again', async () => {
    const name = uniqueName();
    using mutex = Mutex.create(name);
    for (let owner = 0; owner < 5; owner++) {
      const actor = await startActor(HELPER32);
      const remote = await actor.open('mutex', name);
      expect(await remote.hold()).toMatchObject({ status: owner === 0 ? 'signaled' : 'abandoned' });
      await actor.peer.kill();
    }
    expect(mutex.waitSync(PATIENCE).status).toBe('abandoned');
    mutex.release();
  });
});
