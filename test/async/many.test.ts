import { describe, expect, test } from 'vitest';
import { Event, Mutex, Semaphore, waitAll, waitAny } from 'waitable';
import { Belongings, drain, expectPending, PATIENT } from './support.js';
import { MAXIMUM_OBJECTS } from '../support/rows.js';

const PENDING = 10_000;

describe('rule 14: waitAny', () => {
  test.each([64, 65, 128, 129, 200, 1000])('takes exactly one of %i objects, wherever it stands', async count => {
    using belongings = new Belongings();
    const events = Array.from({ length: count }, () => belongings.keep(Event.create()));
    const places = [0, 1, 61, 62, 63, count >> 1, count - 2, count - 1];
    for (const place of places) {
      const any = waitAny(events, PATIENT);
      await expectPending(any);
      events[place]?.set();
      expect(await any).toMatchObject({ status: 'signaled', index: place, object: events[place] });
      expect(events[place]?.waitSync(0).status).toBe('timeout');
    }
  });

  test('of 200 objects, 100 of them signalled before, takes the lowest of those alone', async () => {
    using belongings = new Belongings();
    const events = Array.from({ length: 200 }, (_, index) => belongings.keep(Event.create(undefined, { initialState: index >= 100 })));
    expect((await waitAny(events)).index).toBe(100);
    expect(events.filter(event => event.waitSync(0).status === 'signaled')).toHaveLength(99);
  });

  test('of 200 objects times out, is aborted and ends with a close, and takes nothing then', async () => {
    using belongings = new Belongings();
    const permits = Array.from({ length: 200 }, () => belongings.keep(Semaphore.create(undefined, { initialCount: 0, maximumCount: 1 })));
    expect((await waitAny(permits, { timeout: 1 })).status).toBe('timeout');
    const controller = new AbortController();
    const aborted = waitAny(permits, { signal: controller.signal });
    await expectPending(aborted);
    controller.abort('aborted');
    await expect(aborted).rejects.toBe('aborted');
    const closed = waitAny(permits, PATIENT);
    permits.pop()?.close();
    await expect(closed).rejects.toMatchObject({ name: 'ClosedError' });
    for (const semaphore of permits) semaphore.release();
    expect(permits.every(semaphore => drain(semaphore) === 1)).toBe(true);
  });

  test('of 200 mutexes gives the lock of one', async () => {
    using belongings = new Belongings();
    const mutexes = Array.from({ length: 200 }, () => belongings.keep(Mutex.create(undefined, { initiallyOwned: true })));
    const any = waitAny(mutexes, PATIENT);
    await expectPending(any);
    mutexes[150]?.release();
    const { index, locks } = await any;
    expect([index, locks.length]).toEqual([150, 1]);
    expect(mutexes[150]?.tryAcquire()).toBeUndefined();
    locks[0]?.release();
    for (const [at, mutex] of mutexes.entries()) if (at !== 150) mutex.release();
  });
});

describe('rule 14: waitAll', () => {
  test(`takes ${MAXIMUM_OBJECTS} objects`, async () => {
    using belongings = new Belongings();
    const events = Array.from({ length: MAXIMUM_OBJECTS }, () => belongings.keep(Event.create()));
    const all = waitAll(events, PATIENT);
    for (const event of events.slice(1)) event.set();
    await expectPending(all);
    events[0]?.set();
    expect((await all).status).toBe('signaled');
    expect(events.every(event => event.waitSync(0).status === 'timeout')).toBe(true);
  });

  test('of one more is refused, with the limit and the number given in the message', async () => {
    using belongings = new Belongings();
    const events = Array.from({ length: MAXIMUM_OBJECTS + 1 }, () => belongings.keep(Event.create(undefined, { initialState: true })));
    await expect(waitAll(events)).rejects.toMatchObject({ name: 'RangeError', message: expect.stringMatching(new RegExp(`${MAXIMUM_OBJECTS}.*${MAXIMUM_OBJECTS + 1}`)) as string });
    expect(events.every(event => event.waitSync(0).status === 'signaled')).toBe(true);
  });

  test('runs beside many others, each with objects of its own', async () => {
    using belongings = new Belongings();
    const pairs = Array.from({ length: 12 }, () => [belongings.keep(Event.create()), belongings.keep(Event.create())] as const);
    const waits = pairs.map(pair => waitAll(pair, PATIENT));
    for (const [first] of pairs) first.set();
    await expectPending(...waits);
    for (const [, second] of pairs.toReversed()) second.set();
    for (const wait of waits) expect((await wait).status).toBe('signaled');
  });
});

describe(`${PENDING} pending waits`, () => {
  test('for one semaphore are each served once, in their order', async () => {
    using permits = Semaphore.create(undefined, { initialCount: 0, maximumCount: PENDING });
    const order: number[] = [];
    const waits = Array.from({ length: PENDING }, async (_, index) => {
      await permits.acquire();
      order.push(index);
    });
    permits.release(PENDING);
    await Promise.all(waits);
    expect(order).toEqual(Array.from({ length: PENDING }, (_, index) => index));
    expect(drain(permits)).toBe(0);
  });

  test('for one mutex are each served once, in their order', async () => {
    using mutex = Mutex.create();
    const first = await mutex.acquire();
    const order: number[] = [];
    const waits = Array.from({ length: PENDING }, async (_, index) => {
      using lock = await mutex.acquire();
      order.push(lock.held ? index : -1);
    });
    first.release();
    await Promise.all(waits);
    expect(order).toEqual(Array.from({ length: PENDING }, (_, index) => index));
  });

  test('for one auto-reset event are served one by each set, in their order', async () => {
    using event = Event.create();
    const order: number[] = [];
    const waits = Array.from({ length: PENDING }, async (_, index) => {
      await event.wait();
      order.push(index);
    });
    for (const [index, wait] of waits.entries()) {
      event.set();
      await wait;
      expect(order.length).toBe(index + 1);
    }
    expect(order).toEqual(Array.from({ length: PENDING }, (_, index) => index));
    expect(event.waitSync(0).status).toBe('timeout');
  });

  test('for one manual-reset event are all served by one set', async () => {
    using event = Event.create(undefined, { manualReset: true });
    const waits = Array.from({ length: PENDING }, () => event.wait());
    event.set();
    await Promise.all(waits);
  });

  test('for 500 semaphores are each served once', async () => {
    using belongings = new Belongings();
    const objects = Array.from({ length: 500 }, () => belongings.keep(Semaphore.create(undefined, { initialCount: 0, maximumCount: PENDING })));
    const each = PENDING / objects.length;
    const waits = objects.flatMap(semaphore => Array.from({ length: each }, () => semaphore.acquire()));
    for (const semaphore of objects) semaphore.release(each);
    await Promise.all(waits);
    expect(objects.map(drain).every(left => left === 0)).toBe(true);
  });
});
