import { describe, expect, test } from 'vitest';
import { Event, LimitExceededError, Mutex, NotOwnerError, Process, Semaphore, signalAndWaitSync, Timer } from 'waitable';
import { HELPER64, PEER_KINDS, startActor, useActor } from '../support/actor.js';
import { expectResult } from '../support/expect-result.js';
import { expectThrow, untyped } from '../support/expect-throw.js';
import { uniqueName } from '../support/names.js';
import { PATIENCE } from '../support/patience.js';
import { underWine } from '../support/rows.js';

describe('signalAndWait', () => {
  test('releases a mutex once, gives a semaphore one permit, sets an event', () => {
    using go = Event.create(undefined, { manualReset: true, initialState: true });
    using mutex = Mutex.create(undefined, { initiallyOwned: true });
    using semaphore = Semaphore.create(undefined, { initialCount: 0, maximumCount: 5 });
    using event = Event.create();
    mutex.waitSync(0);
    for (const object of [mutex, semaphore, event]) {
      expectResult(signalAndWaitSync(object, go, 0), { status: 'signaled', index: 0, object: go });
    }
    mutex.release();
    expect(() => mutex.release()).toThrow(NotOwnerError);
    expect(semaphore.release()).toBe(1);
    expect(event.waitSync(0).status).toBe('signaled');
  });

  test('waits for any kind of object, and takes it', () => {
    using event = Event.create(undefined, { manualReset: true });
    using semaphore = Semaphore.create(undefined, { initialCount: 1, maximumCount: 1 });
    using mutex = Mutex.create();
    using timer = Timer.create();
    timer.set(0);
    for (const object of [semaphore, mutex, timer]) {
      expectResult(signalAndWaitSync(event, object, PATIENCE), { status: 'signaled', index: 0, object });
    }
    expect(semaphore.release()).toBe(0);
    mutex.release();
    using self = Process.open(process.pid);
    expectResult(signalAndWaitSync(event, self, 0), { status: 'timeout', index: -1, object: undefined });
  });

  test('may wait for what it signals', () => {
    using event = Event.create();
    expect(signalAndWaitSync(event, event, 0).status).toBe('signaled');
    expect(event.waitSync(0).status).toBe('timeout');
  });

  test('has signalled also when the wait times out', () => {
    using semaphore = Semaphore.create(undefined, { initialCount: 0, maximumCount: 2 });
    using unset = Event.create();
    expect(signalAndWaitSync(semaphore, unset, 0).status).toBe('timeout');
    expect(signalAndWaitSync(semaphore, unset, 0).status).toBe('timeout');
    expect(semaphore.waitSync(0).status).toBe('signaled');
    expect(semaphore.waitSync(0).status).toBe('signaled');
  });

  test('tells that what it waited for was abandoned', async () => {
    const name = uniqueName();
    using event = Event.create();
    using mutex = Mutex.create(name);
    const owner = await startActor(HELPER64);
    await (await owner.open('mutex', name)).hold();
    await owner.peer.kill();
    expectResult(signalAndWaitSync(event, mutex, PATIENCE), { status: 'abandoned', index: 0, object: mutex });
    mutex.release();
  });

  describe.each(PEER_KINDS)('with a peer of kind %s', peerKind => {
    const actor = useActor(peerKind);

    test('hands a mutex over', async () => {
      const names = { mutex: uniqueName('mutex'), event: uniqueName('event') };
      using mutex = Mutex.create(names.mutex);
      using event = Event.create(names.event);
      const remote = await actor().open('mutex', names.mutex);
      for (let turn = 0; turn < 10; turn++) {
        expect(mutex.waitSync(0).status).toBe('signaled');
        const taken = remote.wait();
        expect(signalAndWaitSync(mutex, event, 0).status).toBe('timeout');
        expect(await taken).toEqual({ status: 'signaled', index: 0 });
        expect(mutex.waitSync(0).status).toBe('timeout');
        await remote.release();
      }
    });

    // Wine signals a second time when input or output of this thread completes while it waits.
    test.skipIf(underWine)('waits for the other side after it has let a mutex go', async () => {
      const names = { mutex: uniqueName('mutex'), event: uniqueName('event') };
      using mutex = Mutex.create(names.mutex);
      using event = Event.create(names.event);
      const remote = await actor().open('event', names.event);
      for (let turn = 0; turn < 10; turn++) {
        expect(mutex.waitSync(0).status).toBe('signaled');
        const set = remote.set();
        await actor().hasLeft();
        expect(signalAndWaitSync(mutex, event, PATIENCE).status).toBe('signaled');
        await set;
        expect(() => mutex.release()).toThrow(NotOwnerError);
      }
    });
  });

  test('refuses to release a mutex that this thread does not own, and waits for nothing', async () => {
    const name = uniqueName();
    using mutex = Mutex.create(name);
    using event = Event.create(undefined, { initialState: true });
    const owner = await startActor('thread');
    const remote = await owner.open('mutex', name);
    await remote.wait(0);
    expectThrow(() => signalAndWaitSync(mutex, event), NotOwnerError, { code: 'ERROR_NOT_OWNER', errno: 288, syscall: 'SignalObjectAndWait', objectName: name });
    expect(event.waitSync(0).status).toBe('signaled');
    expect(mutex.waitSync(0).status).toBe('timeout');
    await remote.release();
  });

  test('refuses to raise a semaphore above its maximum, and waits for nothing', () => {
    const name = uniqueName();
    using semaphore = Semaphore.create(name, { initialCount: 1, maximumCount: 1 });
    using event = Event.create(undefined, { initialState: true });
    expectThrow(() => signalAndWaitSync(semaphore, event), LimitExceededError, { errno: 298, syscall: 'SignalObjectAndWait', objectName: name });
    expect(event.waitSync(0).status).toBe('signaled');
    expect(semaphore.waitSync(0).status).toBe('signaled');
    expect(semaphore.waitSync(0).status).toBe('timeout');
  });

  test('refuses to signal what cannot be signalled', () => {
    using event = Event.create(undefined, { initialState: true });
    using timer = Timer.create();
    using self = Process.open(process.pid);
    for (const object of [timer, self, {}, null, undefined, 7]) {
      expectThrow(() => signalAndWaitSync(untyped(object), event), TypeError, { code: 'ERR_INVALID_ARG_TYPE', mentions: ['toSignal', 'Mutex, Semaphore'] });
    }
    for (const object of [{}, null, undefined, 7]) {
      expectThrow(() => signalAndWaitSync(event, untyped(object)), TypeError, { code: 'ERR_INVALID_ARG_TYPE', mentions: ['toWaitFor'] });
    }
    expect(event.waitSync(0).status).toBe('signaled');
  });
});
