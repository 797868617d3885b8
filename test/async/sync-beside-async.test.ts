import { describe, expect, test } from 'vitest';
import { DeadlockError, Event, Mutex, NotOwnerError, Semaphore, signalAndWaitSync, waitAllSync, waitAnySync } from 'waitable';
import { HELPER32, useActor } from '../support/actor.js';
import { expectThrow } from '../support/expect-throw.js';
import { uniqueName } from '../support/names.js';
import { acquireThroughWaitThread, expectPending, PATIENT } from './support.js';
import { PATIENCE } from '../support/patience.js';

const OWNERS = [
  { owner: 'this thread', take: (mutex: Mutex) => mutex.acquire(PATIENT) },
  { owner: 'a wait thread', take: acquireThroughWaitThread },
] as const;

describe.each(OWNERS)('rule 12: beside a token that owns the mutex by $owner', ({ take }) => {
  test('a synchronous wait that would block is a DeadlockError, through every instance, and one with timeout 0 times out', async () => {
    const name = uniqueName();
    using one = Mutex.create(name);
    using other = Mutex.open(`Local\\${name}`);
    using lock = await take(one);
    for (const mutex of [one, other]) {
      for (const timeout of [undefined, Infinity, 1, PATIENCE]) {
        expectThrow(() => mutex.waitSync(timeout), DeadlockError, { code: 'ERROR_POSSIBLE_DEADLOCK', errno: 1131, objectName: mutex.name, mentions: ['acquire()'] });
        expect(() => waitAnySync([mutex], timeout)).toThrow(DeadlockError);
        expect(() => waitAllSync([mutex], timeout)).toThrow(DeadlockError);
      }
      expect(mutex.waitSync(0).status).toBe('timeout');
      expect(waitAnySync([mutex], 0).status).toBe('timeout');
      expect(waitAllSync([mutex], 0).status).toBe('timeout');
    }
    lock.release();
    expect(other.waitSync(0).status).toBe('signaled');
    other.release();
  });

  test('waitAnySync takes another object, and gives its index', async () => {
    using mutex = Mutex.create();
    using free = Semaphore.create(undefined, { initialCount: 1, maximumCount: 1 });
    using lock = await take(mutex);
    expect(waitAnySync([mutex, free], PATIENCE)).toMatchObject({ status: 'signaled', index: 1, object: free });
    expect(waitAnySync([mutex, free], 0)).toMatchObject({ status: 'timeout', index: -1 });
    expect(waitAnySync([mutex, free], 1)).toMatchObject({ status: 'timeout', index: -1 });
    expect(lock.held).toBe(true);
  });

  test('waitAllSync takes nothing', async () => {
    using mutex = Mutex.create();
    using free = Semaphore.create(undefined, { initialCount: 1, maximumCount: 1 });
    using lock = await take(mutex);
    expect(waitAllSync([free, mutex], 0).status).toBe('timeout');
    expect(() => waitAllSync([free, mutex])).toThrow(DeadlockError);
    expect(free.waitSync(0).status).toBe('signaled');
    expect(lock.held).toBe(true);
  });

  test('release and signalAndWaitSync cannot give it away: NotOwnerError, and nothing is signalled', async () => {
    const name = uniqueName();
    using mutex = Mutex.create(name);
    using event = Event.create(undefined, { initialState: true });
    using lock = await take(mutex);
    expectThrow(() => mutex.release(), NotOwnerError, { code: 'ERROR_NOT_OWNER', errno: 288, objectName: name, mentions: ['MutexLock'] });
    expectThrow(() => signalAndWaitSync(mutex, event, 0), NotOwnerError, { objectName: name, mentions: ['MutexLock'] });
    expect(event.waitSync(0).status).toBe('signaled');
    lock.release();
    expect(lock.held).toBe(false);
  });

  test('signalAndWaitSync cannot wait for it: DeadlockError, and nothing is signalled', async () => {
    using mutex = Mutex.create();
    using event = Event.create();
    using lock = await take(mutex);
    for (const timeout of [undefined, 1, 0]) expect(() => signalAndWaitSync(event, mutex, timeout)).toThrow(DeadlockError);
    expect(event.waitSync(0).status).toBe('timeout');
    expect(lock.held).toBe(true);
  });
});

describe('rule 12: a mutex that this thread has taken synchronously', () => {
  test.each([
    { how: 'by initiallyOwned', open: (name: string) => Mutex.create(name, { initiallyOwned: true }) },
    { how: 'by waitSync', open: (name: string) => taken(name, mutex => mutex.waitSync()) },
    { how: 'by waitAnySync', open: (name: string) => taken(name, mutex => waitAnySync([mutex])) },
    { how: 'by waitAllSync', open: (name: string) => taken(name, mutex => waitAllSync([mutex])) },
    { how: 'by signalAndWaitSync', open: (name: string) => taken(name, mutex => {
      using event = Event.create();
      signalAndWaitSync(event, mutex);
    }) },
  ])('$how keeps acquire waiting until it is released as often as taken', async ({ open }) => {
    const name = uniqueName();
    using mutex = open(name);
    using other = Mutex.open(name);
    mutex.waitSync();
    expect(other.tryAcquire()).toBeUndefined();
    const acquired = other.acquire(PATIENT);
    await expectPending(acquired);
    mutex.release();
    await expectPending(acquired);
    other.release();
    const lock = await acquired;
    expect(() => mutex.waitSync()).toThrow(DeadlockError);
    lock.release();
  });

  test('may be given away by signalAndWaitSync, and taken again', () => {
    using mutex = Mutex.create(undefined, { initiallyOwned: true });
    using event = Event.create(undefined, { initialState: true });
    expect(signalAndWaitSync(mutex, event).status).toBe('signaled');
    using lock = mutex.tryAcquire();
    expect(lock?.held).toBe(true);
  });
});

describe('rule 12: while asynchronous code of this thread waits for a mutex', () => {
  const actor = useActor(HELPER32);

  test('a synchronous wait that could not succeed at once is a DeadlockError', async () => {
    const name = uniqueName();
    using mutex = Mutex.create(name);
    const remote = await actor().open('mutex', name);
    await remote.wait();
    const acquired = mutex.acquire(PATIENT);
    await expectPending(acquired);
    expect(() => mutex.waitSync()).toThrow(DeadlockError);
    expect(() => waitAnySync([mutex])).toThrow(DeadlockError);
    expect(() => waitAllSync([mutex])).toThrow(DeadlockError);
    expect(mutex.waitSync(0).status).toBe('timeout');
    await remote.release();
    (await acquired).release();
    expect(mutex.waitSync(PATIENCE).status).toBe('signaled');
    mutex.release();
  });

  test('a thread that owns it already may take it again', async () => {
    using mutex = Mutex.create(undefined, { initiallyOwned: true });
    const acquired = mutex.acquire(PATIENT);
    await expectPending(acquired);
    expect(mutex.waitSync(PATIENCE).status).toBe('signaled');
    mutex.release();
    mutex.release();
    (await acquired).release();
  });
});

function taken(name: string, take: (mutex: Mutex) => unknown): Mutex {
  const mutex = Mutex.create(name);
  take(mutex);
  return mutex;
}
