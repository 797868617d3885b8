import { afterEach, describe, expect, test } from 'vitest';
import { Event, Mutex, NotFoundError, Semaphore, setWaitThread, snapshot, SyncError, waitAll, waitAny } from 'waitable';
import { PATIENT, reasonOf, roundTrip } from './support.js';

const real = new URL('../../workers/wait-thread.js', import.meta.url);

/** In this order: no wait thread runs yet. */
describe("when the wait thread's file", () => {
  afterEach(() => expect(snapshot().waits).toEqual([]));

  test('is not there, every wait that pends rejects and says what to set; one that need not wait succeeds', async () => {
    setWaitThread(new URL('no-such-file.js', import.meta.url));
    using event = Event.create();
    using busy = Mutex.create(undefined, { initiallyOwned: true });
    const waits = [event.wait(), busy.acquire(), busy.acquire(PATIENT), waitAny([event, busy]), waitAll([event, busy])];
    for (const reason of await Promise.all(waits.map(reasonOf))) {
      expect(reason).toMatchObject({
        constructor: NotFoundError,
        code: 'ERROR_FILE_NOT_FOUND',
        message: expect.stringMatching(/no-such-file.*setWaitThread.*WAITABLE_WAIT_THREAD/) as string,
      });
    }
    event.set();
    expect((await event.wait()).status).toBe('signaled');
    busy.release();
    using lock = busy.tryAcquire();
    expect(lock?.held).toBe(true);
  });

  test('fails, everything that waits rejects with its reason', async () => {
    setWaitThread(new URL('fixtures/broken-wait-thread.js', import.meta.url));
    using permits = Semaphore.create(undefined, { initialCount: 0, maximumCount: 1 });
    const waits = [permits.acquire(), permits.wait(PATIENT), waitAll([permits])];
    for (const reason of await Promise.all(waits.map(reasonOf))) {
      expect(reason).toMatchObject({ constructor: SyncError, message: expect.stringContaining('broken on purpose') as string });
    }
  });

  test('is named by a URL, waits work again', async () => {
    setWaitThread(real);
    await roundTrip();
    using permits = Semaphore.create(undefined, { initialCount: 0, maximumCount: 1 });
    const acquired = permits.acquire(PATIENT);
    permits.release();
    (await acquired).release();
  });
});
