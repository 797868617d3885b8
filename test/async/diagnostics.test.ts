import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, onTestFinished, test } from 'vitest';
import { channels, Event, Mutex, Semaphore, snapshot, waitAll } from 'waitable';
import { HELPER32, startActor } from '../support/actor.js';
import { uniqueName } from '../support/names.js';
import { expectPending, PATIENT, reasonOf } from './support.js';

const CHANNELS = { start: 'waitable:wait:start', win: 'waitable:wait:win', timeout: 'waitable:wait:timeout', abandoned: 'waitable:wait:abandoned', release: 'waitable:release' };

interface Heard {
  readonly channel: string;
  readonly message: object;
}

/** Listens to all channels until the test is over; messages about other objects, such as those of the tests' own helpers, are left out. */
function listen(...names: string[]): Heard[] {
  const heard: Heard[] = [];
  for (const name of Object.values(CHANNELS)) {
    const listener = (message: unknown) => {
      if (names.some(about => JSON.stringify(message).includes(JSON.stringify(about)))) heard.push({ channel: name, message: message as object });
    };
    subscribe(name, listener);
    onTestFinished(() => void unsubscribe(name, listener));
  }
  return heard;
}

/** Of one kind and name alone. */
function about<Entry extends object>(entries: readonly Entry[], name: string): Entry[] {
  return entries.filter(entry => JSON.stringify(entry).includes(JSON.stringify(name)));
}

describe('the diagnostics channels', () => {
  test('are exported under the names by which others subscribe', () => {
    expect(Object.fromEntries(Object.entries(channels).map(([key, { name }]) => [key, name]))).toEqual(CHANNELS);
  });

  test('tell start, win and release of one wait, with one id', async () => {
    const name = uniqueName();
    const heard = listen(name);
    using mutex = Mutex.create(name);
    const first = await mutex.acquire();
    expect(heard).toEqual([]); // it had not to wait
    const second = mutex.acquire();
    first.release();
    (await second).release();
    const objects = [{ kind: 'mutex', name }];
    const id = expect.any(Number) as number;
    const milliseconds = expect.any(Number) as number;
    expect(heard).toEqual([
      { channel: CHANNELS.start, message: { id, objects, all: false } },
      { channel: CHANNELS.release, message: { kind: 'mutex', name, abandoned: false, milliseconds } },
      { channel: CHANNELS.win, message: { id, objects, all: false } },
      { channel: CHANNELS.release, message: { kind: 'mutex', name, abandoned: false, milliseconds } },
    ]);
    expect(heard[0]?.message).toHaveProperty('id', (heard[2]?.message as { id?: number } | undefined)?.id);
  });

  test('tell of a win when the lock is held, and of a release when it is done, so that who is told may take or close the mutex', async () => {
    const name = uniqueName();
    using mutex = Mutex.create(name);
    const first = await mutex.acquire();
    const taken: unknown[] = [];
    const take = () => {
      taken.push(mutex.tryAcquire());
    };
    subscribe(CHANNELS.win, take);
    onTestFinished(() => void unsubscribe(CHANNELS.win, take));
    const second = mutex.acquire(PATIENT);
    first.release();
    const lock = await second;
    expect(taken).toEqual([undefined]);

    const close = () => mutex.close();
    subscribe(CHANNELS.release, close);
    onTestFinished(() => void unsubscribe(CHANNELS.release, close));
    lock.release();
    expect(mutex.closed).toBe(true);
    expect(snapshot().holds).toEqual([]);
    expect(Mutex.tryOpen(name)).toBeUndefined();
  });

  test('tell a timeout, and of an abort or an error nothing but the start', async () => {
    const name = uniqueName();
    const heard = listen(name);
    using event = Event.create(name);
    await event.wait({ timeout: 0 });
    expect(heard).toEqual([]);
    await event.wait({ timeout: 1 });
    expect(heard.splice(0).map(({ channel }) => channel)).toEqual([CHANNELS.start, CHANNELS.timeout]);
    const controller = new AbortController();
    const aborted = reasonOf(event.wait({ signal: controller.signal }));
    controller.abort();
    await aborted;
    expect(heard.map(({ channel }) => channel)).toEqual([CHANNELS.start]);
  });

  test('tell an abandoned mutex, and the release of a lock that was closed', async () => {
    const name = uniqueName();
    const heard = listen(name);
    const mutex = Mutex.create(name);
    const owner = await startActor(HELPER32);
    await (await owner.open('mutex', name)).hold();
    const acquired = mutex.acquire(PATIENT);
    await expectPending(acquired);
    await owner.peer.kill();
    await acquired;
    mutex.close();
    expect(heard.map(({ channel }) => channel)).toEqual([CHANNELS.start, CHANNELS.abandoned, CHANNELS.release]);
    expect(heard[2]?.message).toMatchObject({ kind: 'mutex', name, abandoned: true });
  });

  test('tell a waitAll as one wait for its objects in order', async () => {
    const name = uniqueName();
    const heard = listen(name);
    using event = Event.create(name);
    using permits = Semaphore.create(undefined, { initialCount: 1, maximumCount: 1 });
    const all = waitAll([permits, event], PATIENT);
    event.set();
    await all;
    expect(heard.map(({ channel }) => channel)).toEqual([CHANNELS.start, CHANNELS.win]);
    expect(heard[0]?.message).toMatchObject({ all: true, objects: [{ kind: 'semaphore', name: undefined }, { kind: 'event', name }] });
  });
});

describe('snapshot', () => {
  test('leaves out the permits of a semaphore that was closed, however many they are', async () => {
    const name = uniqueName();
    using other = Semaphore.create(name, { initialCount: 201, maximumCount: 201 });
    const slots = Semaphore.open(name);
    const permits: unknown[] = [await other.acquire()];
    for (let index = 0; index < 200; index++) permits.push(await slots.acquire());
    expect(about(snapshot().holds, name)).toHaveLength(201);
    slots.close();
    expect(about(snapshot().holds, name)).toHaveLength(1);
    expect(permits).toHaveLength(201);
  });

  test('shows what is held and what waits, and only as long as it does', async () => {
    const name = uniqueName();
    using mutex = Mutex.create(name);
    using slots = Semaphore.create(`${name} slots`, { initialCount: 1, maximumCount: 1 });
    const lock = await mutex.acquire();
    const permit = await slots.acquire();
    const queued = [mutex.acquire(PATIENT), mutex.acquire(PATIENT)];
    const all = waitAll([slots, mutex], PATIENT);
    await expectPending(...queued, all);

    const milliseconds = expect.any(Number) as number;
    const id = expect.any(Number) as number;
    const { holds, waits } = snapshot();
    expect(about(holds, name)).toEqual([{ kind: 'mutex', name, abandoned: false, milliseconds }]);
    expect(about(holds, `${name} slots`)).toEqual([{ kind: 'semaphore', name: `${name} slots`, abandoned: false, milliseconds }]);
    expect(about(waits, name)).toEqual([
      { id, objects: [{ kind: 'mutex', name }], all: false, milliseconds },
      { id, objects: [{ kind: 'mutex', name }], all: false, milliseconds },
      { id, objects: [{ kind: 'semaphore', name: `${name} slots` }, { kind: 'mutex', name }], all: true, milliseconds },
    ]);
    for (const entry of [...holds, ...waits]) expect(entry.milliseconds).toBeGreaterThanOrEqual(0);
    expect(new Set(waits.map(wait => wait.id)).size).toBe(waits.length);

    permit.release();
    lock.release();
    // Who is first, the waitAll or those in line, is the kernel's choice.
    await Promise.all([
      all.then(({ locks }) => {
        for (const each of locks) each.release();
      }),
      ...queued.map(async each => (await each).release()),
    ]);
    expect(about([...snapshot().holds, ...snapshot().waits], name)).toEqual([]);
  });
});
