import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { ClosedError, Event, Mutex, Semaphore, snapshot, TimeoutError, waitAll, waitAny } from 'waitable';
import { kernel } from '../../src/kernel/select.js';
import { uniqueName } from '../support/names.js';
import { ABORTS_CANNOT_BE_STOPPED } from '../support/rows.js';
import { expectPending, PATIENT, reasonOf, turnOfLoop } from './support.js';

/** Every way to wait for a semaphore without a permit, or a mutex that is not free. */
function waysToWait(): { way: string; start: (options: { signal?: AbortSignal; timeout?: number }) => Promise<unknown>; [Symbol.dispose](): void }[] {
  return [
    { way: 'wait', make: (empty: Semaphore) => (options: object) => empty.wait(options) },
    { way: 'Semaphore.acquire', make: (empty: Semaphore) => (options: object) => empty.acquire(options) },
    { way: 'Mutex.acquire', make: (_: Semaphore, busy: Mutex) => (options: object) => busy.acquire(options) },
    { way: 'Mutex.runExclusive', make: (_: Semaphore, busy: Mutex) => (options: object) => busy.runExclusive(() => 'ran', options) },
    { way: 'waitAny', make: (empty: Semaphore, busy: Mutex) => (options: object) => waitAny([busy, empty], options) },
    { way: 'waitAll', make: (empty: Semaphore, busy: Mutex) => (options: object) => waitAll([busy, empty], options) },
  ].map(({ way, make }) => {
    const empty = Semaphore.create(undefined, { initialCount: 0, maximumCount: 1 });
    const busy = Mutex.create(undefined, { initiallyOwned: true });
    return {
      way,
      start: make(empty, busy),
      [Symbol.dispose]: () => {
        busy.release();
        busy.close();
        empty.close();
      },
    };
  });
}

describe('rule 10: an abort', () => {
  test('before the wait rejects with its reason at once, and takes nothing, even if it could', async () => {
    using free = Semaphore.create(undefined, { initialCount: 1, maximumCount: 1 });
    const reason = new Error('no longer wanted');
    expect(await reasonOf(free.acquire({ signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(await reasonOf(free.acquire({ signal: AbortSignal.abort(), timeout: 0 }))).toMatchObject({ name: 'AbortError' });
    expect(free.waitSync(0).status).toBe('signaled');
    for (const each of waysToWait()) {
      using way = each;
      expect(await reasonOf(way.start({ signal: AbortSignal.abort(reason) }))).toBe(reason);
    }
    expect(snapshot().waits).toEqual([]);
  });

  test('while the wait pends rejects with its reason, whatever that is, and lets go of everything', async () => {
    for (const reason of [new Error('no longer wanted'), 'a string', undefined, null]) {
      for (const each of waysToWait()) {
        using way = each;
        const controller = new AbortController();
        const wait = way.start({ signal: controller.signal });
        await expectPending(wait);
        controller.abort(reason);
        const rejection = await reasonOf(wait);
        if (reason === undefined) expect(rejection).toMatchObject({ name: 'AbortError' });
        else expect(rejection).toBe(reason);
      }
    }
    expect(snapshot().waits).toEqual([]);
  });

  test('of one wait leaves the others in the queue, in their order', async () => {
    using mutex = Mutex.create();
    const first = await mutex.acquire();
    const controllers = Array.from({ length: 6 }, () => new AbortController());
    const served: number[] = [];
    const waits = controllers.map(async ({ signal }, index) => {
      (await mutex.acquire({ signal })).release();
      served.push(index);
    });
    await expectPending(...waits);
    for (const index of [0, 3, 4]) controllers[index]?.abort(index);
    for (const index of [0, 3, 4]) expect(await reasonOf(waits[index] ?? Promise.resolve())).toBe(index);
    first.release();
    await Promise.allSettled(waits);
    expect(served).toEqual([1, 2, 5]);
  });

  test('after the win changes nothing', async () => {
    using permits = Semaphore.create(undefined, { initialCount: 0, maximumCount: 2 });
    const controller = new AbortController();
    const wait = permits.acquire({ signal: controller.signal });
    permits.release();
    // Until the wait has taken the first: a wait thread may do so under this code, or else only this thread in a turn of its event loop.
    while (permits.release() > 0) {
      permits.waitSync(0);
      if (kernel.takenBy === 'caller') await turnOfLoop();
    }
    controller.abort();
    const permit = await wait;
    controller.abort();
    permit.release();
    expect(permits.release.bind(permits)).toThrow('exceed');
  });

  test('leaves no listener behind, and neither does a win', async () => {
    const { signal } = new AbortController();
    const add = vi.spyOn(signal, 'addEventListener');
    const remove = vi.spyOn(signal, 'removeEventListener');
    using event = Event.create();
    using busy = Mutex.create(undefined, { initiallyOwned: true });
    const wait = event.wait({ signal });
    const timedOut = reasonOf(busy.acquire({ signal, timeout: 1 }));
    event.set();
    await wait;
    await timedOut;
    busy.release();
    expect(add).toHaveBeenCalled();
    for (const [type, listener] of add.mock.calls) expect(remove.mock.calls.map(call => call.slice(0, 2))).toContainEqual([type, listener]);
  });
});

describe('rule 10: an abort at the very moment when the wait begins', () => {
  /** Each gives options whose signal aborts with `reason` at some instant within the call, and what is to be undone afterwards. */
  const INSTANTS: { at: string; arrange: (reason: Error) => { signal: AbortSignal } }[] = [
    {
      at: 'in a getter of the options',
      arrange: reason => {
        const controller = new AbortController();
        return {
          get signal() {
            controller.abort(reason);
            return controller.signal;
          },
        };
      },
    },
    {
      at: 'between the look at the signal and the listener',
      arrange: reason => {
        const controller = new AbortController();
        const { signal } = controller;
        const add = signal.addEventListener.bind(signal);
        signal.addEventListener = (...args: Parameters<typeof add>) => {
          controller.abort(reason);
          add(...args);
        };
        return { signal };
      },
    },
    {
      at: 'when the diagnostics channel tells that it begins',
      arrange: reason => {
        const controller = new AbortController();
        onStart(() => controller.abort(reason));
        return { signal: controller.signal };
      },
    },
    ...ABORTS_CANNOT_BE_STOPPED ? [{
      at: 'by a signal whose first listener stops the event',
      arrange: (reason: unknown) => {
        const controller = new AbortController();
        controller.signal.addEventListener('abort', event => event.stopImmediatePropagation());
        queueMicrotask(() => controller.abort(reason));
        return { signal: controller.signal };
      },
    }] : [],
    {
      at: 'in a microtask of the call',
      arrange: reason => {
        const controller = new AbortController();
        queueMicrotask(() => controller.abort(reason));
        return { signal: controller.signal };
      },
    },
  ];

  test.each(INSTANTS)('$at ends it, and leaves nothing behind', async ({ arrange }) => {
    for (const each of waysToWait()) {
      using way = each;
      const reason = new Error('no longer wanted');
      const timers = activeTimers();
      expect(await reasonOf(way.start(withTimeout(arrange(reason))))).toBe(reason);
      await expectNoMoreTimersThan(timers);
    }
    for (const each of waysToWait()) {
      using way = each;
      const reason = new Error('no longer wanted');
      const options = arrange(reason);
      expect(await reasonOf(way.start(options))).toBe(reason);
    }
    expect(snapshot().waits).toEqual([]);
  });

  test('and a listener that cannot be added rejects with its error, and leaves nothing behind', async () => {
    for (const each of waysToWait()) {
      using way = each;
      const { signal } = new AbortController();
      const reason = new Error('no listeners here');
      signal.addEventListener = () => {
        throw reason;
      };
      expect(await reasonOf(way.start({ signal, timeout: 1_000_000 }))).toBe(reason);
    }
    expect(snapshot().waits).toEqual([]);
  });
});

describe('a close at the very moment when the wait begins', () => {
  test.each(['semaphore', 'mutex'] as const)('in a getter of the options, rejects with ClosedError: the handle of the %s is not touched', async kind => {
    for (const many of [false, true]) {
      const object = kind === 'mutex' ? Mutex.create() : Semaphore.create(undefined, { initialCount: 1, maximumCount: 1 });
      using other = Event.create();
      const options = {
        get timeout() {
          object.close();
          return 1_000_000;
        },
      };
      expect(await reasonOf(many ? waitAny([other, object], options) : object.acquire(options))).toBeInstanceOf(ClosedError);
    }
    expect(snapshot()).toMatchObject({ waits: [], holds: [] });
  });

  test.each(['semaphore', 'mutex'] as const)('when the diagnostics channel tells that it begins, ends a wait for a %s, and nothing keeps the process alive', async kind => {
    const object = kind === 'mutex' ? Mutex.create(undefined, { initiallyOwned: true }) : Semaphore.create(undefined, { initialCount: 0, maximumCount: 1 });
    const timers = activeTimers();
    onStart(() => object.close());
    expect(await reasonOf(object.acquire({ timeout: 1_000_000 }))).toBeInstanceOf(ClosedError);
    await expectNoMoreTimersThan(timers);
    expect(snapshot()).toMatchObject({ waits: [], holds: [] });
  });
});

/** A getter stays one. */
function withTimeout(options: { signal: AbortSignal }): { signal: AbortSignal; timeout: number } {
  return Object.defineProperties({ timeout: 1_000_000 }, Object.getOwnPropertyDescriptors(options)) as { signal: AbortSignal; timeout: number };
}

/** Until the test is over. */
function onStart(action: () => void): void {
  subscribe('waitable:wait:start', action);
  onTestFinished(() => void unsubscribe('waitable:wait:start', action));
}

/** The test runner has timers too, but none that last. */
async function expectNoMoreTimersThan(count: number): Promise<void> {
  for (let turn = 0; turn < 1000 && activeTimers() > count; turn++) await turnOfLoop();
  expect(activeTimers()).toBeLessThanOrEqual(count);
}

/** Those that keep the process alive. */
function activeTimers(): number {
  return process.getActiveResourcesInfo().filter(kind => kind === 'Timeout').length;
}

describe('one signal for many waits', () => {
  test('ends them all, and is no reason for a warning', async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => warnings.push(warning);
    process.on('warning', note);
    const abort = new AbortController();
    using event = Event.create();
    const waits = Array.from({ length: 100 }, () => reasonOf(event.wait({ signal: abort.signal })));
    const another = event.wait({ signal: abort.signal, timeout: 0 });
    expect((await another).status).toBe('timeout');
    abort.abort('enough');
    expect(new Set(await Promise.all(waits))).toEqual(new Set(['enough']));
    await turnOfLoop();
    process.off('warning', note);
    expect(warnings).toEqual([]);
  });
});

describe('rule 10: a timeout', () => {
  test('of acquire is a TimeoutError with the name, of wait a status', async () => {
    const name = uniqueName();
    using empty = Semaphore.create(name, { initialCount: 0, maximumCount: 1 });
    using busy = Mutex.create(`${name} mutex`, { initiallyOwned: true });
    for (const timeout of [0, 1]) {
      expect(await reasonOf(empty.acquire({ timeout }))).toMatchObject({ constructor: TimeoutError, code: 'WAIT_TIMEOUT', errno: 258, objectName: name });
      expect(await reasonOf(busy.acquire({ timeout }))).toMatchObject({ constructor: TimeoutError, code: 'WAIT_TIMEOUT', objectName: `${name} mutex` });
      expect(await reasonOf(busy.runExclusive(() => expect.unreachable(), { timeout }))).toBeInstanceOf(TimeoutError);
      expect((await waitAny([empty, busy], { timeout })).status).toBe('timeout');
      expect((await waitAll([empty, busy], { timeout })).status).toBe('timeout');
    }
    busy.release();
  });

  test('in the queue for a mutex gives the place up', async () => {
    using mutex = Mutex.create();
    const first = await mutex.acquire();
    const second = mutex.acquire(PATIENT);
    const hasty = Array.from({ length: 20 }, () => reasonOf(mutex.acquire({ timeout: 1 })));
    const last = mutex.acquire(PATIENT);
    for (const reason of hasty) expect(await reason).toBeInstanceOf(TimeoutError);
    first.release();
    (await second).release();
    (await last).release();
    expect(mutex.waitSync(0).status).toBe('signaled');
    mutex.release();
  });

  test('never comes before its time', async () => {
    using event = Event.create();
    const early: number[] = [];
    for (let round = 0; round < 10; round++) {
      await Promise.all(Array.from({ length: 20 }, async (_, index) => {
        const timeout = 1 + index / 4;
        const start = process.hrtime.bigint();
        expect((await event.wait({ timeout })).status).toBe('timeout');
        const passed = Number(process.hrtime.bigint() - start) / 1e6;
        if (passed < timeout) early.push(timeout - passed);
      }));
    }
    expect(early).toEqual([]);
  });

  test('of Infinity, and of more than a Node timer can take, goes on waiting', async () => {
    using event = Event.create();
    const waits = [event.wait({ timeout: Infinity }), event.wait({ timeout: 0x80000000 }), event.wait({ timeout: 0xfffffffe })];
    await expectPending(...waits);
    for (const wait of waits) {
      event.set();
      expect((await wait).status).toBe('signaled');
    }
  });
});

test('rule 10: a poll learns that an event is set, also while an earlier wait for it is on its way', async () => {
  using event = Event.create(undefined, { manualReset: true });
  const earlier = event.wait();
  event.set();
  expect((await event.wait({ timeout: 0 })).status).toBe('signaled');
  expect((await earlier).status).toBe('signaled');
});
