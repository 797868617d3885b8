import { describe, expect, test } from 'vitest';
import { Event, Mutex, Semaphore, Timer, waitAnySync } from 'waitable';
import { HELPER32, HELPER64, PEER_KINDS, startActor, useActor } from '../support/actor.js';
import { expectResult } from '../support/expect-result.js';
import { uniqueName } from '../support/names.js';
import { PATIENCE } from '../support/patience.js';
import { MAXIMUM_OBJECTS } from '../support/rows.js';

describe('rule 8: waitAny', () => {
  test('takes exactly one of several signalled objects, the first in order', () => {
    using unset = Event.create();
    using semaphore = Semaphore.create(undefined, { initialCount: 1, maximumCount: 1 });
    using event = Event.create(undefined, { initialState: true });
    using mutex = Mutex.create();
    const objects = [unset, semaphore, event, mutex];
    expectResult(waitAnySync(objects, 0), { status: 'signaled', index: 1, object: semaphore });
    expectResult(waitAnySync(objects, 0), { status: 'signaled', index: 2, object: event });
    expectResult(waitAnySync(objects, 0), { status: 'signaled', index: 3, object: mutex });
    mutex.release();
    unset.set();
    expectResult(waitAnySync(objects), { status: 'signaled', index: 0, object: unset });
  });

  test('gives the index in the order of this call', () => {
    using first = Event.create(undefined, { manualReset: true, initialState: true });
    using second = Event.create(undefined, { manualReset: true, initialState: true });
    expectResult(waitAnySync([first, second], 0), { status: 'signaled', index: 0, object: first });
    expectResult(waitAnySync([second, first], 0), { status: 'signaled', index: 0, object: second });
    first.reset();
    expectResult(waitAnySync([first, second], 0), { status: 'signaled', index: 1, object: second });
  });

  test(`takes ${MAXIMUM_OBJECTS} objects at most, and the last of them as well`, () => {
    const events = Array.from({ length: MAXIMUM_OBJECTS }, () => Event.create());
    expect(waitAnySync(events, 0).status).toBe('timeout');
    for (const index of [MAXIMUM_OBJECTS - 1, 31, 0]) {
      events[index]?.set();
      expectResult(waitAnySync(events, 0), { status: 'signaled', index, object: events[index] });
    }
    for (const event of events) event.close();
  });

  test(`takes each of ${MAXIMUM_OBJECTS} signalled objects once, in order`, () => {
    const semaphores = Array.from({ length: MAXIMUM_OBJECTS }, () => Semaphore.create(undefined, { initialCount: 1, maximumCount: 1 }));
    const indices = semaphores.map(() => waitAnySync(semaphores, 0).index);
    expect(indices).toEqual(semaphores.map((_semaphore, index) => index));
    expect(waitAnySync(semaphores, 0).status).toBe('timeout');
    for (const semaphore of semaphores) semaphore.close();
  });

  test('tells which of them was abandoned', async () => {
    const name = uniqueName();
    using unset = Event.create();
    using mutex = Mutex.create(name);
    const owner = await startActor(HELPER32);
    await (await owner.open('mutex', name)).hold();
    await owner.peer.kill();
    expectResult(waitAnySync([unset, mutex], PATIENCE), { status: 'abandoned', index: 1, object: mutex });
    mutex.release();
    expectResult(waitAnySync([mutex], 0), { status: 'signaled', index: 0, object: mutex });
    mutex.release();
  });

  test('leaves an abandoned mutex abandoned when it takes an earlier object', async () => {
    const name = uniqueName();
    using event = Event.create(undefined, { initialState: true });
    using mutex = Mutex.create(name);
    const owner = await startActor(HELPER64);
    await (await owner.open('mutex', name)).hold();
    await owner.peer.kill();
    expect(waitAnySync([event, mutex], 0)).toMatchObject({ status: 'signaled', index: 0 });
    expect(waitAnySync([event, mutex], PATIENCE)).toMatchObject({ status: 'abandoned', index: 1 });
    mutex.release();
  });

  test('takes a mutex again that this thread owns', () => {
    using unset = Event.create();
    using mutex = Mutex.create(undefined, { initiallyOwned: true });
    expect(waitAnySync([unset, mutex], 0).index).toBe(1);
    mutex.release();
    mutex.release();
  });

  describe.each(PEER_KINDS)('that pends in a peer of kind %s', peerKind => {
    const actor = useActor(peerKind);

    test('takes the one object that becomes signalled, and holds none before', async () => {
      const names = { mutex: uniqueName(), semaphore: uniqueName(), event: uniqueName() };
      using mutex = Mutex.create(names.mutex, { initiallyOwned: true });
      using semaphore = Semaphore.create(names.semaphore, { initialCount: 0, maximumCount: 1 });
      using event = Event.create(names.event);
      const remotes = [await actor().open('mutex', names.mutex), await actor().open('semaphore', names.semaphore), await actor().open('event', names.event)];
      const [theirs] = remotes;

      for (let round = 0; round < 5; round++) {
        const won: number[] = [];
        for (const signal of [() => mutex.release(), () => semaphore.release(), () => event.set()]) {
          const pending = actor().waitAny(remotes);
          signal();
          won.push((await pending).index);
          expect(semaphore.waitSync(0).status).toBe('timeout');
          expect(event.waitSync(0).status).toBe('timeout');
          if (won.length === 1) {
            await theirs?.release();
            expect(mutex.waitSync(0).status).toBe('signaled');
          }
        }
        expect(won).toEqual([0, 1, 2]);
      }
      mutex.release();
    });
  });
});

describe('rule 10: a wait that times out takes nothing', () => {
  test.each([0, 1, 20])('after %d ms', timeout => {
    using mutex = Mutex.create();
    using semaphore = Semaphore.create(undefined, { initialCount: 0, maximumCount: 1 });
    using event = Event.create();
    using timer = Timer.create();
    for (const object of [semaphore, event, timer]) {
      expectResult(object.waitSync(timeout), { status: 'timeout', index: -1, object: undefined });
    }
    expectResult(waitAnySync([semaphore, event, timer], timeout), { status: 'timeout', index: -1, object: undefined });
    expect(semaphore.release()).toBe(0);
    event.set();
    expect(event.waitSync(0).status).toBe('signaled');
    expect(() => mutex.release()).toThrow('own');
  });
});
