import { describe, expect, test } from 'vitest';
import { Event, fromHandle, Mutex, Process, Semaphore, Timer, waitAllSync, type Waitable } from 'waitable';
import { HELPER32, PEER_KINDS, startActor, useActor } from '../support/actor.js';
import { expectResult } from '../support/expect-result.js';
import { expectThrow } from '../support/expect-throw.js';
import { uniqueName } from '../support/names.js';
import { PATIENCE } from '../support/patience.js';
import { MAXIMUM_OBJECTS } from '../support/rows.js';

describe('rule 8: waitAll', () => {
  test('takes all of them, whatever their order', () => {
    using mutex = Mutex.create();
    using semaphore = Semaphore.create(undefined, { initialCount: 2, maximumCount: 2 });
    using event = Event.create(undefined, { initialState: true });
    expectResult(waitAllSync([semaphore, event, mutex], 0), { status: 'signaled', index: 0, object: undefined });
    expect(semaphore.release()).toBe(1);
    expect(event.waitSync(0).status).toBe('timeout');
    event.set();
    expect(waitAllSync([event, mutex, semaphore], 0).status).toBe('signaled');
    mutex.release();
    mutex.release();
    expect(() => mutex.release()).toThrow('own');
  });

  test('takes none of them when one is missing', () => {
    using mutex = Mutex.create();
    using semaphore = Semaphore.create(undefined, { initialCount: 1, maximumCount: 1 });
    using event = Event.create(undefined, { initialState: true });
    using unset = Event.create();
    for (const timeout of [0, 20]) {
      for (const objects of [[unset, mutex, semaphore, event], [mutex, semaphore, event, unset]]) {
        expectResult(waitAllSync(objects, timeout), { status: 'timeout', index: -1, object: undefined });
      }
    }
    expect(() => mutex.release()).toThrow('own');
    expect(() => semaphore.release()).toThrow('maximum');
    expect(event.waitSync(0).status).toBe('signaled');
  });

  test(`takes ${MAXIMUM_OBJECTS} objects at most`, () => {
    const semaphores = Array.from({ length: MAXIMUM_OBJECTS }, () => Semaphore.create(undefined, { initialCount: 1, maximumCount: 1 }));
    expect(waitAllSync(semaphores, 0).status).toBe('signaled');
    for (const semaphore of semaphores.slice(0, -1)) expect(semaphore.release()).toBe(0);
    expect(waitAllSync(semaphores, 0).status).toBe('timeout');
    for (const semaphore of semaphores) semaphore.close();
  });

  test('says abandoned when any of them was, and takes all all the same', async () => {
    const names = [uniqueName(), uniqueName()] as const;
    using event = Event.create(undefined, { initialState: true });
    using free = Mutex.create(names[0]);
    using orphan = Mutex.create(names[1]);
    const owner = await startActor(HELPER32);
    await (await owner.open('mutex', names[1])).hold();
    await owner.peer.kill();
    expectResult(waitAllSync([event, free, orphan], PATIENCE), { status: 'abandoned', index: 0, object: undefined });
    free.release();
    orphan.release();
    expect(event.waitSync(0).status).toBe('timeout');
    expect(orphan.waitSync(0).status).toBe('signaled');
    orphan.release();
  });

  describe.each(PEER_KINDS)('that pends in a peer of kind %s', peerKind => {
    const actor = useActor(peerKind);

    test('holds nothing meanwhile: its parts can be taken and given back at any time', async () => {
      const names = { mutex: uniqueName(), semaphore: uniqueName(), event: uniqueName() };
      using mutex = Mutex.create(names.mutex);
      using semaphore = Semaphore.create(names.semaphore, { initialCount: 1, maximumCount: 1 });
      using event = Event.create(names.event);
      const remotes = [await actor().open('mutex', names.mutex), await actor().open('semaphore', names.semaphore), await actor().open('event', names.event)];
      const [theirs] = remotes;
      const pending = actor().waitAll(remotes);

      // On Linux it may have the next turn of the only one that it lacked, until it sees that it lacks another.
      for (let round = 0; round < 300; round++) {
        expect(mutex.waitSync(PATIENCE).status).toBe('signaled');
        expect(semaphore.waitSync(PATIENCE).status).toBe('signaled');
        // The event comes and goes while a part is missing: it must still be there.
        event.set();
        expect(event.waitSync(PATIENCE).status).toBe('signaled');
        expect(semaphore.release()).toBe(0);
        event.set();
        expect(event.waitSync(PATIENCE).status).toBe('signaled');
        mutex.release();
        expect(semaphore.waitSync(PATIENCE).status).toBe('signaled');
        event.set();
        expect(event.waitSync(PATIENCE).status).toBe('signaled');
        expect(semaphore.release()).toBe(0);
      }

      event.set();
      expect(await pending).toEqual({ status: 'signaled', index: 0 });
      expect([mutex.waitSync(0).status, semaphore.waitSync(0).status, event.waitSync(0).status]).toEqual(['timeout', 'timeout', 'timeout']);
      await theirs?.release();
      expect(mutex.waitSync(0).status).toBe('signaled');
      mutex.release();
    });

    test('does not keep another wait for all from its own set of objects', async () => {
      const names = { shared: uniqueName(), missing: uniqueName() };
      using shared = Semaphore.create(names.shared, { initialCount: 1, maximumCount: 1 });
      using missing = Event.create(names.missing);
      using own = Event.create(undefined, { manualReset: true, initialState: true });
      const remotes = [await actor().open('semaphore', names.shared), await actor().open('event', names.missing)];
      const pending = actor().waitAll(remotes);
      for (let round = 0; round < 100; round++) {
        expect(waitAllSync([shared, own], 0).status).toBe('signaled');
        expect(shared.release()).toBe(0);
      }
      missing.set();
      expect(await pending).toMatchObject({ status: 'signaled' });
    });

    test('leaves all to others when it times out', async () => {
      const names = { mutex: uniqueName(), event: uniqueName() };
      using mutex = Mutex.create(names.mutex);
      using unset = Event.create(names.event);
      const remotes = [await actor().open('mutex', names.mutex), await actor().open('event', names.event)];
      expect(await actor().waitAll(remotes, 20)).toEqual({ status: 'timeout', index: -1 });
      unset.set();
      expect(waitAllSync([mutex, unset], 0).status).toBe('signaled');
      mutex.release();
    });
  });
});

describe('rule 9: the same object twice in one waitAll is refused', () => {
  function expectRefusal(objects: readonly Waitable[], earlier: number, later: number): void {
    expectThrow(() => waitAllSync(objects, 0), TypeError, { code: 'ERR_INVALID_ARG_VALUE', mentions: [`objects[${earlier}]`, `objects[${later}]`, 'once'] });
  }

  test('as the same instance, named or not, and takes nothing', () => {
    using semaphore = Semaphore.create(undefined, { initialCount: 2, maximumCount: 2 });
    using named = Mutex.create(uniqueName());
    using event = Event.create(undefined, { initialState: true });
    expectRefusal([semaphore, semaphore], 0, 1);
    expectRefusal([event, named, semaphore, named], 1, 3);
    expect(event.waitSync(0).status).toBe('signaled');
    expect(() => semaphore.release()).toThrow('maximum');
    expect(() => named.release()).toThrow('own');
  });

  test('as two instances of one name, with and without the prefix Local\\', () => {
    const name = uniqueName();
    using event = Event.create(name, { manualReset: true, initialState: true });
    using same = Event.open(name);
    using prefixed = Event.open(`Local\\${name}`);
    expectRefusal([event, same], 0, 1);
    expectRefusal([event, prefixed], 0, 1);
    expectRefusal([prefixed, same], 0, 1);
  });

  test('as two instances of one name of the machine', () => {
    const name = `Global\\${uniqueName()}`;
    using timer = Timer.create(name);
    using same = Timer.open(name);
    expectRefusal([timer, same], 0, 1);
  });

  test('as an instance made from a handle of another, or two of them', () => {
    using semaphore = Semaphore.create(undefined, { initialCount: 2, maximumCount: 2 });
    using unset = Event.create();
    using borrowed = fromHandle(Semaphore, semaphore.handle);
    using again = fromHandle(Semaphore, borrowed.handle);
    expectRefusal([semaphore, unset, borrowed], 0, 2);
    expectRefusal([unset, borrowed, again], 1, 2);
    expect(() => semaphore.release()).toThrow('maximum');
  });

  test('as one process', () => {
    using first = Process.open(process.pid);
    using second = Process.open(process.pid);
    expectRefusal([first, second], 0, 1);
  });

  test('while objects that are only alike are not', () => {
    using first = Event.create(undefined, { initialState: true });
    using second = Event.create(undefined, { initialState: true });
    using borrowed = fromHandle(Event, second.handle);
    expect(waitAllSync([first, borrowed], 0).status).toBe('signaled');
    expect(second.waitSync(0).status).toBe('timeout');
  });
});
