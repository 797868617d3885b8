import { describe, expect, test } from 'vitest';
import { ClosedError, Event, Mutex, MutexLock, Permit, Process, Semaphore, TimeoutError, Timer, waitAll, waitAny, type Waitable } from 'waitable';
import { untyped } from '../support/expect-throw.js';
import { uniqueName } from '../support/names.js';
import { PATIENT, expectPending, startProcess } from './support.js';

/** Each kind, not free, with the act that lets one wait succeed, and what the wait owns then. */
const KINDS = [
  { kind: 'mutex', make: () => signallable(Mutex.create(undefined, { initiallyOwned: true }), mutex => mutex.release()), Token: MutexLock },
  { kind: 'semaphore', make: () => signallable(Semaphore.create(undefined, { initialCount: 0, maximumCount: 1 }), semaphore => semaphore.release()), Token: Permit },
  { kind: 'event', make: () => signallable(Event.create(), event => event.set()), Token: undefined },
  { kind: 'timer', make: () => signallable(Timer.create(), timer => timer.set(0)), Token: undefined },
] as const;

function signallable<Kind extends Waitable>(object: Kind, signal: (object: Kind) => unknown) {
  return { object, signal: () => void signal(object), [Symbol.dispose]: () => object.close() };
}

describe.each(KINDS)('an asynchronous wait for a $kind', ({ make, Token }) => {
  test('succeeds when it is signalled, and says so as waitSync does', async () => {
    using made = make();
    const { object, signal } = made;
    const wait = object.wait(PATIENT);
    await expectPending(wait);
    signal();
    const { locks, ...result } = await wait;
    expect(result).toEqual({ status: 'signaled', index: 0, object });
    expect(locks.map(lock => lock.constructor)).toEqual(Token === undefined ? [] : [Token]);
  });

  test('succeeds too when it was signalled before', async () => {
    using made = make();
    made.signal();
    const { status, index, locks } = await made.object.wait(PATIENT);
    expect({ status, index, locks: locks.length }).toEqual({ status: 'signaled', index: 0, locks: Token === undefined ? 0 : 1 });
  });

  test('with timeout 0 only tries', async () => {
    using made = make();
    expect(await made.object.wait({ timeout: 0 })).toEqual({ status: 'timeout', index: -1, object: undefined, locks: [] });
  });

  test('times out, and takes nothing then', async () => {
    using made = make();
    const { object, signal } = made;
    expect(await object.wait({ timeout: 1 })).toEqual({ status: 'timeout', index: -1, object: undefined, locks: [] });
    signal();
    expect((await object.wait(PATIENT)).status).toBe('signaled');
  });

  test('is served through waitAny, with its index, and through waitAll', async () => {
    using never = Event.create();
    using one = make();
    const any = waitAny([never, one.object], PATIENT);
    one.signal();
    const { locks, ...result } = await any;
    expect(result).toEqual({ status: 'signaled', index: 1, object: one.object });
    expect(locks).toHaveLength(Token === undefined ? 0 : 1);

    using other = make();
    using ready = Event.create(undefined, { manualReset: true });
    const all = waitAll([ready, other.object], PATIENT);
    other.signal();
    await expectPending(all);
    ready.set();
    const { locks: allLocks, ...allResult } = await all;
    expect(allResult).toEqual({ status: 'signaled', index: 0, object: undefined });
    expect(allLocks.map(lock => lock.constructor)).toEqual(Token === undefined ? [] : [Token]);
  });

  test('of a closed one is refused with ClosedError', async () => {
    const { object } = make();
    object.close();
    await expect(object.wait()).rejects.toBeInstanceOf(ClosedError);
    await expect(waitAny([object])).rejects.toBeInstanceOf(ClosedError);
    await expect(waitAll([object])).rejects.toBeInstanceOf(ClosedError);
  });

  test('ends with ClosedError when it is closed meanwhile', async () => {
    const { object } = make();
    using other = Event.create();
    const waits = [object.wait(), object.wait(PATIENT), waitAny([other, object]), waitAll([other, object])];
    await expectPending(...waits);
    object.close();
    for (const wait of waits) await expect(wait).rejects.toBeInstanceOf(ClosedError);
  });
});

test('an asynchronous wait for a process succeeds when that process has ended, for all who wait and at once for who comes later', async () => {
  const companion = startProcess('life', [uniqueName(), 'own', 'natural']);
  const pid = Number(await companion.line());
  using ending = Process.open(pid);
  const waits = [ending.wait(PATIENT), ending.wait(PATIENT)];
  await expectPending(...waits);
  companion.tell('go');
  for (const wait of waits) expect((await wait).status).toBe('signaled');
  expect(await ending.wait({ timeout: 0 })).toEqual({ status: 'signaled', index: 0, object: ending, locks: [] });
});

describe('rule 7: an event', () => {
  test('of auto-reset releases exactly one pending wait for each set', async () => {
    using event = Event.create();
    const order: number[] = [];
    const waits = [0, 1, 2].map(async index => {
      await event.wait(PATIENT);
      order.push(index);
    });
    for (let sets = 1; sets <= 3; sets++) {
      event.set();
      await waits[sets - 1];
      await expectPending(...waits.slice(sets));
    }
    expect(order).toEqual([0, 1, 2]);
    expect(event.waitSync(0).status).toBe('timeout');
  });

  test('of manual reset releases all pending waits, until it is reset', async () => {
    using event = Event.create(undefined, { manualReset: true });
    const waits = Array.from({ length: 10 }, () => event.wait(PATIENT));
    event.set();
    for (const wait of waits) expect((await wait).status).toBe('signaled');
    event.reset();
    expect((await event.wait({ timeout: 0 })).status).toBe('timeout');
  });
});

describe('rule 8', () => {
  test('waitAny takes exactly one, the lowest index that is signalled', async () => {
    using first = Semaphore.create(undefined, { initialCount: 0, maximumCount: 1 });
    using second = Semaphore.create(undefined, { initialCount: 1, maximumCount: 1 });
    using third = Semaphore.create(undefined, { initialCount: 1, maximumCount: 1 });
    const { index, object } = await waitAny([first, second, third]);
    expect({ index, object }).toEqual({ index: 1, object: second });
    expect([second, third].map(each => each.waitSync(0).status)).toEqual(['timeout', 'signaled']);
  });

  test('waitAll takes all or none, and holds nothing while it pends', async () => {
    using mutex = Mutex.create();
    using permits = Semaphore.create(undefined, { initialCount: 1, maximumCount: 1 });
    using event = Event.create();
    const all = waitAll([mutex, permits, event], PATIENT);
    await expectPending(all);
    expect(mutex.waitSync(0).status).toBe('signaled');
    mutex.release();
    expect(permits.waitSync(0).status).toBe('signaled');
    event.set();
    await expectPending(all);
    permits.release();
    const { locks } = await all;
    expect(locks.map(lock => lock.constructor)).toEqual([MutexLock, Permit]);
    expect([mutex.tryAcquire(), permits.tryAcquire()]).toEqual([undefined, undefined]);
    for (const lock of locks) lock.release();
    using lock = mutex.tryAcquire();
    expect(lock?.held).toBe(true);
  });

  test('waitAll that times out has taken nothing', async () => {
    using free = Semaphore.create(undefined, { initialCount: 1, maximumCount: 1 });
    using never = Event.create();
    expect((await waitAll([free, never], { timeout: 1 })).status).toBe('timeout');
    expect(free.waitSync(0).status).toBe('signaled');
  });

  test('waitAll of what is free at once succeeds', async () => {
    using mutex = Mutex.create();
    using permits = Semaphore.create(undefined, { initialCount: 1, maximumCount: 1 });
    const { status, locks } = await waitAll([permits, mutex], { timeout: 0 });
    expect(status).toBe('signaled');
    for (const lock of locks) lock.release();
  });
});

test('rule 9: the same object twice in one waitAll is refused, and in one waitAny allowed', async () => {
  const name = uniqueName();
  using event = Event.create(name);
  using again = Event.open(`Local\\${name}`);
  await expect(waitAll([event, again])).rejects.toThrow('each object once');
  const any = waitAny([event, again], PATIENT);
  event.set();
  expect((await any).index).toBe(0);
  expect(event.waitSync(0).status).toBe('timeout');
});

test.each([0.001, 1.5, -0, -0.5, -1, -1e300, -Infinity])('timeout: %d is a number of ms as any other, and 0 if it is below', async timeout => {
  using permits = Semaphore.create(undefined, { initialCount: 5, maximumCount: 5 });
  using mutex = Mutex.create();
  (await mutex.acquire({ timeout })).release();
  for (const wait of [permits.wait({ timeout }), waitAny([permits], { timeout }), waitAll([permits], { timeout })]) expect((await wait).status).toBe('signaled');
  for (const taken of [await permits.acquire({ timeout }), await permits.acquire({ timeout })]) expect(taken.held).toBe(true);
  await expect(permits.acquire({ timeout })).rejects.toBeInstanceOf(TimeoutError);
});

test.each([
  { given: 'timeout: NaN', options: { timeout: NaN }, refused: RangeError },
  { given: 'timeout: 2 ** 32', options: { timeout: 2 ** 32 }, refused: RangeError },
  { given: 'timeout: "1"', options: { timeout: '1' }, refused: TypeError },
  { given: 'signal: {}', options: { signal: {} }, refused: TypeError },
  { given: 'a misspelt option', options: { timout: 5 }, refused: TypeError },
  { given: 'an abort signal for options', options: AbortSignal.abort(), refused: TypeError },
  { given: 'a number for options', options: 5, refused: TypeError },
  { given: 'null for options', options: null, refused: TypeError },
])('$given is refused with $refused.name by a rejection, and nothing is taken', async ({ options, refused }) => {
  using permits = Semaphore.create(undefined, { initialCount: 1, maximumCount: 1 });
  using mutex = Mutex.create();
  for (const wait of [permits.wait(untyped(options)), permits.acquire(untyped(options)), mutex.acquire(untyped(options)), waitAny([permits], untyped(options)), waitAll([permits], untyped(options))]) {
    await expect(wait).rejects.toBeInstanceOf(refused);
  }
  expect(permits.waitSync(0).status).toBe('signaled');
});
