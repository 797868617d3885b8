import { describe, expect, test } from 'vitest';
import { Event, Mutex, snapshot, SyncError, waitAll, waitAny } from 'waitable';
import { uniqueName } from '../support/names.js';
import { acquireThroughWaitThread, Belongings, expectPending, PATIENT, reasonOf, roundTrip, watchWaitThreads } from './support.js';
import { WAIT_THREADS_OWN } from '../support/rows.js';

describe('when a wait thread dies', () => {
  test('what waits in it rejects, and later waits go on in another', async () => {
    const { workers } = watchWaitThreads();
    using event = Event.create();
    using other = Event.create();
    using belongings = new Belongings();
    const many = Array.from({ length: 100 }, () => belongings.keep(Event.create()));
    const reasons = [event.wait(), event.wait(PATIENT), waitAny([other, event]), waitAny(many), waitAll([event, other])].map(reasonOf);
    await expectPending(...reasons);
    for (const worker of workers) await worker.terminate();
    for (const reason of reasons) expect(await reason).toMatchObject({ constructor: SyncError, message: expect.stringContaining('the wait thread has ended') as string });
    expect(snapshot().waits).toEqual([]);
    await roundTrip();
    event.set();
    expect((await event.wait(PATIENT)).status).toBe('signaled');
  });

  test.runIf(WAIT_THREADS_OWN)('a lock that it owned is lost: its release says so, and the next owner sees it abandoned', async () => {
    const { workers } = watchWaitThreads();
    const name = uniqueName();
    using mutex = Mutex.create(name);
    using other = Mutex.open(name);
    const lock = await acquireThroughWaitThread(mutex);
    for (const worker of workers) await worker.terminate();
    expect(() => lock.release()).toThrow(/is lost/);
    expect(lock.held).toBe(false);
    lock[Symbol.dispose]();
    using next = await other.acquire(PATIENT);
    expect(next.abandoned).toBe(true);
  });

  test.skipIf(WAIT_THREADS_OWN)('a lock that was won through it is held still, by the thread that asked for it', async () => {
    const { workers } = watchWaitThreads();
    const name = uniqueName();
    using mutex = Mutex.create(name);
    using other = Mutex.open(name);
    const lock = await acquireThroughWaitThread(mutex);
    for (const worker of workers) await worker.terminate();
    expect(lock.held).toBe(true);
    const next = other.acquire(PATIENT);
    await expectPending(next);
    lock.release();
    expect((await next).abandoned).toBe(false);
  });

  test.runIf(WAIT_THREADS_OWN)('whoever was in the queue behind that lock is served after it', async () => {
    const { workers } = watchWaitThreads();
    using mutex = Mutex.create();
    const lock = await acquireThroughWaitThread(mutex);
    const second = mutex.acquire(PATIENT);
    const third = mutex.acquire(PATIENT);
    await expectPending(second, third);
    for (const worker of workers) await worker.terminate();
    await expectPending(second, third); // the holder may believe still that it is alone
    expect(() => lock.release()).toThrow(/is lost/);
    const next = await second;
    expect(next.abandoned).toBe(true);
    next.release();
    expect((await third).abandoned).toBe(false);
  });

  test.runIf(WAIT_THREADS_OWN)('a closed mutex with a lost lock takes no harm', async () => {
    const { workers } = watchWaitThreads();
    const mutex = Mutex.create();
    const lock = await acquireThroughWaitThread(mutex);
    for (const worker of workers) await worker.terminate();
    mutex.close();
    expect(lock.held).toBe(false);
  });
});
