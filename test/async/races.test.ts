import { afterEach, describe, expect, test, vi } from 'vitest';
import { AccessDeniedError, ClosedError, Event, Mutex, Semaphore, snapshot, TimeoutError, waitAny, type Permit } from 'waitable';
import { WaitThread } from '../../src/async/wait-thread/client.js';
import { PEER_KINDS, useActor } from '../support/actor.js';
import { uniqueName } from '../support/names.js';
import { Belongings, dice, drain, PATIENT, reasonOf, roundTrip, shuffle, turnOfLoop, watchWaitThreads } from './support.js';

/*
 * Two things at the same instant, many times, in orders that differ: whatever comes of each, the books must balance. What was given is what was won and what is
 * left in the object.
 */

const ROUNDS = 60;
const WAITS = 64;

/** The permits that waits have won; any other end than those allowed is thrown. */
async function won(waits: readonly Promise<Permit>[], allowed: (reason: unknown) => boolean): Promise<number> {
  let wins = 0;
  for (const result of await Promise.allSettled(waits)) {
    if (result.status === 'fulfilled') wins++;
    else if (!allowed(result.reason)) throw result.reason;
  }
  return wins;
}

function empty(name?: string): Semaphore {
  return Semaphore.create(name, { initialCount: 0, maximumCount: 0x7fffffff });
}

describe('rule 10: no signal is lost', () => {
  afterEach(() => expect(snapshot().waits).toEqual([]));

  test(`when an abort meets a win, ${ROUNDS * WAITS} times`, async () => {
    using permits = empty();
    const roll = dice(1);
    for (let round = 0; round < ROUNDS; round++) {
      const controllers = Array.from({ length: WAITS }, () => new AbortController());
      const wins = won(controllers.map(({ signal }) => permits.acquire({ signal })), reason => reason === 'aborted');
      await (round % 2 === 0 ? roundTrip() : turnOfLoop());
      const given = roll(WAITS);
      const acts = shuffle([
        ...controllers.slice(0, WAITS - roll(4)).map(controller => () => controller.abort('aborted')),
        ...Array.from({ length: given }, () => () => permits.release()),
      ], roll);
      for (const act of acts) {
        act();
        if (roll(32) === 0) await turnOfLoop();
      }
      for (const controller of controllers) controller.abort('aborted');
      expect(await wins + drain(permits)).toBe(given);
    }
  });

  describe.each(PEER_KINDS)('while a peer of kind %s gives the permits', kind => {
    const actor = useActor(kind);

    test('when an abort meets a win', async () => {
      const name = uniqueName();
      using permits = empty(name);
      const remote = await actor().open('semaphore', name);
      const roll = dice(2);
      for (let round = 0; round < 20; round++) {
        const controllers = Array.from({ length: 32 }, () => new AbortController());
        const wins = won(controllers.map(({ signal }) => permits.acquire({ signal })), reason => reason === 'aborted');
        const releases = Array.from({ length: 16 }, () => remote.release());
        for (const controller of shuffle(controllers, roll)) {
          if (roll(4) === 0) await turnOfLoop();
          controller.abort('aborted');
        }
        await Promise.all(releases);
        expect(await wins + drain(permits)).toBe(16);
      }
    });
  });

  test(`when a timeout meets a win, ${ROUNDS * WAITS} times`, async () => {
    using permits = empty();
    const roll = dice(3);
    for (let round = 0; round < ROUNDS; round++) {
      const wins = won(Array.from({ length: WAITS }, () => permits.acquire({ timeout: 1 + roll(3) })), reason => reason instanceof TimeoutError);
      let given = 0;
      for (let turn = roll(8); turn > 0; turn--) await turnOfLoop();
      while (given < WAITS / 2) {
        permits.release();
        given++;
        if (roll(8) === 0) await turnOfLoop();
      }
      expect(await wins + drain(permits)).toBe(given);
    }
  });

  test('when a close meets a win of a semaphore', async () => {
    const name = uniqueName();
    using permits = empty(name);
    const roll = dice(4);
    for (let round = 0; round < ROUNDS * 4; round++) {
      const instances = Array.from({ length: 8 }, () => Semaphore.open(name));
      const waits = instances.map(instance => instance.acquire());
      if (roll(2) === 0) await roundTrip();
      const given = roll(8);
      for (const act of shuffle([...instances.map(instance => () => instance.close()), ...Array.from({ length: given }, () => () => permits.release())], roll)) act();
      expect(await won(waits, reason => reason instanceof ClosedError) + drain(permits)).toBe(given);
    }
  });

  test('when a close meets a win of a mutex, which is free afterwards', async () => {
    const name = uniqueName();
    using mutex = Mutex.create(name);
    const roll = dice(5);
    for (let round = 0; round < ROUNDS * 4; round++) {
      mutex.waitSync(0);
      const instance = Mutex.open(name);
      const wait = instance.acquire();
      if (roll(2) === 0) await roundTrip();
      for (const act of shuffle([() => mutex.release(), () => instance.close()], roll)) act();
      const [outcome] = await Promise.allSettled([wait]);
      if (outcome.status === 'fulfilled') outcome.value[Symbol.dispose]();
      else expect(outcome.reason).toBeInstanceOf(ClosedError);
      (await mutex.acquire(PATIENT)).release();
    }
  });

  test.each([
    { where: 'of one wait thread', between: 0 },
    { where: 'of two wait threads', between: 70 },
  ])('when waitAny meets the signals of two of its objects, $where', async ({ between }) => {
    using belongings = new Belongings();
    const never = Array.from({ length: between }, () => belongings.keep(Event.create()));
    using permits = empty();
    using event = Event.create();
    using mutex = Mutex.create();
    const roll = dice(6);
    for (let round = 0; round < ROUNDS * 4; round++) {
      expect(mutex.waitSync(0).status).toBe('signaled'); // and so it was given back in the round before
      const any = waitAny([permits, ...never, event, mutex], PATIENT);
      if (roll(2) === 0) await roundTrip();
      const acts = [() => permits.release(), () => event.set(), () => mutex.release()];
      for (const act of shuffle(acts, roll)) act();
      const { index, object, locks } = await any;
      expect([0, between + 1, between + 2]).toContain(index);
      if (object === mutex) for (const lock of locks) lock.release();
      expect([drain(permits), event.waitSync(0).status]).toEqual([object === permits ? 0 : 1, object === event ? 'timeout' : 'signaled']);
    }
  });
});

test('those in line keep their order when others are quicker to take what was signalled, and nothing is lost', async () => {
  using event = Event.create();
  const roll = dice(11);
  const served: number[] = [];
  const waits = Array.from({ length: WAITS }, async (_, index) => {
    await event.wait(PATIENT);
    served.push(index);
  });
  let given = 0;
  while (given < WAITS) {
    event.set();
    if (roll(3) === 0) await turnOfLoop();
    if (roll(2) === 0 && event.waitSync(0).status === 'signaled') continue; // it was in nobody's hands yet
    given++;
    await vi.waitFor(() => expect(served).toHaveLength(given), { interval: 1, timeout: PATIENT.timeout });
  }
  await Promise.all(waits);
  expect(served).toEqual(served.toSorted((a, b) => a - b));
  expect(event.waitSync(0).status).toBe('timeout');
});

describe('a handle that may not be waited for', () => {
  test('rejects its own waits with AccessDeniedError, and those beside it lose nothing', async () => {
    const name = uniqueName();
    using event = Event.create(name);
    using denied = Event.open(name, { access: ['modifyState'] });
    using first = empty();
    using second = empty();
    const roll = dice(10);
    for (let round = 0; round < ROUNDS * 2; round++) {
      const served = event.wait(PATIENT);
      const refused = reasonOf(denied.wait()); // it gets as far as a wait thread, since the other one waits before it
      const any = waitAny([first, second], PATIENT);
      if (roll(2) === 0) await roundTrip();
      for (const act of shuffle([() => event.set(), () => first.release(), () => second.release()], roll)) act();
      expect((await served).status).toBe('signaled');
      expect(await refused).toMatchObject({ constructor: AccessDeniedError, objectName: name });
      const { object } = await any;
      expect([drain(first), drain(second)]).toEqual(object === first ? [0, 1] : [1, 0]);
    }
    expect(await reasonOf(denied.wait())).toBeInstanceOf(AccessDeniedError);
  });
});

describe('rule 12: a release', () => {
  const FLOWS = 16;
  const TURNS = 120;

  test(`hands over to the next in the queue, through two instances: ${FLOWS * TURNS} times, and nobody is ever in together`, async () => {
    const name = uniqueName();
    using one = Mutex.create(name);
    using other = Mutex.open(name);
    const roll = dice(7);
    let counter = 0;
    await Promise.all(Array.from({ length: FLOWS }, async () => {
      for (let turn = 0; turn < TURNS; turn++) {
        using lock = await (roll(2) === 0 ? one : other).acquire(PATIENT);
        const before = counter;
        if (roll(4) === 0) await turnOfLoop();
        counter = before + 1;
        expect(lock.abandoned).toBe(false);
      }
    }));
    expect(counter).toBe(FLOWS * TURNS);
  });

  test('meets an abort of the next in the queue, and the one after comes in', async () => {
    using mutex = Mutex.create();
    const roll = dice(8);
    for (let round = 0; round < ROUNDS * 4; round++) {
      const holder = await mutex.acquire(PATIENT);
      const controller = new AbortController();
      const next = mutex.acquire({ signal: controller.signal });
      const last = mutex.acquire(PATIENT);
      if (roll(2) === 0) await roundTrip();
      for (const act of shuffle([() => holder.release(), () => controller.abort('aborted')], roll)) act();
      const [outcome] = await Promise.allSettled([next]);
      if (outcome.status === 'fulfilled') outcome.value.release();
      else expect(outcome.reason).toBe('aborted');
      (await last).release();
    }
  });
});

describe('a wait thread that has nothing to do', () => {
  test('ends, and a new command at the same instant is served by it or by the next', async () => {
    const { workers } = watchWaitThreads();
    using permits = empty();
    using mutex = Mutex.create();
    const roll = dice(9);
    for (let round = 0; round < 24; round++) {
      await roundTrip();
      const waits: Promise<Disposable>[] = [];
      const acts = [
        () => WaitThread.endIdle(),
        () => waits.push(permits.acquire()),
        () => permits.release(),
        () => WaitThread.endIdle(),
      ];
      for (const act of shuffle(acts, roll)) {
        act();
        if (roll(3) === 0) await turnOfLoop();
      }
      for (const wait of waits) await wait;
      const first = await mutex.acquire();
      const second = mutex.acquire();
      first.release();
      WaitThread.endIdle(); // not while it owns a mutex for somebody
      (await second).release();
    }
    expect(workers.size).toBeGreaterThan(2);
    expect(drain(permits)).toBe(0);
  });

  test('is not ended while it owns a mutex', async () => {
    const { workers } = watchWaitThreads();
    using mutex = Mutex.create();
    const first = await mutex.acquire();
    const second = mutex.acquire();
    first.release();
    const lock = await second;
    await turnOfLoop();
    WaitThread.endIdle();
    const [owner] = [...workers].filter(worker => worker.threadId > 0);
    expect(owner).toBeDefined();
    lock.release();
    expect(mutex.waitSync(0).status).toBe('signaled');
    mutex.release();
  });
});
