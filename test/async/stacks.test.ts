import { describe, expect, test } from 'vitest';
import { ClosedError, Event, Mutex, Semaphore, TimeoutError, waitAll, waitAny } from 'waitable';
import { untyped } from '../support/expect-throw.js';
import { STACKS_SHOW_ASYNC_CALLERS } from '../support/rows.js';
import { PATIENT } from './support.js';

const SOON = { timeout: 1 };

/* The test runner maps stacks to the sources, and leaves out the word `async` of most. */

/** What a promise rejects with, for a caller whose name is to be found in the stack. */
async function callerOf(wait: () => Promise<unknown>): Promise<Error> {
  try {
    await wait();
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
  throw new Error('it did not reject');
}

describe.runIf(STACKS_SHOW_ASYNC_CALLERS)('the stack of a wait that fails after it has pended shows who waited', () => {
  test('when the time is up', async () => {
    using mutex = Mutex.create(undefined, { initiallyOwned: true });
    using semaphore = Semaphore.create(undefined, { initialCount: 0, maximumCount: 1 });
    for (const wait of [() => mutex.acquire(SOON), () => semaphore.acquire(SOON), () => mutex.runExclusive(() => 0, SOON)]) {
      const error = await callerOf(wait);
      expect(error).toBeInstanceOf(TimeoutError);
      expect(error.stack).toMatch(/^TimeoutError: the unnamed \w+ (was not free|had no permit) in time\n[^]*at (?:async )?callerOf/);
    }
    mutex.release();
  });

  test('when the time is up behind a lock of the same thread', async () => {
    using mutex = Mutex.create();
    const lock = await mutex.acquire();
    expect((await callerOf(() => mutex.acquire(SOON))).stack).toMatch(/at (?:async )?callerOf/);
    lock.release();
  });

  test('when the object is closed, and its cause shows who closed it', async () => {
    for (const begin of [(event: Event) => event.wait(PATIENT), (event: Event) => waitAny([event], PATIENT), (event: Event) => waitAll([event], PATIENT)]) {
      const event = Event.create();
      const failed = callerOf(() => begin(event));
      (function closer() { event.close(); })();
      const error = await failed;
      expect(error).toBeInstanceOf(ClosedError);
      expect(error.stack).toMatch(/^ClosedError: [^\n]*\n[^]*at (?:async )?callerOf/);
      expect((error.cause as Error).stack).toMatch(/closed here\n[^]*at closer/);
    }
  });

  test('through Promise.all too', async () => {
    using semaphore = Semaphore.create(undefined, { initialCount: 0, maximumCount: 1 });
    expect((await callerOf(() => Promise.all([semaphore.acquire(SOON), semaphore.acquire(PATIENT).catch(() => 0)]).finally(() => semaphore.close()))).stack).toMatch(/TimeoutError/);
    using another = Semaphore.create(undefined, { initialCount: 0, maximumCount: 1 });
    expect((await callerOf(() => Promise.all([another.acquire(SOON)]))).stack).toMatch(/at async Promise\.all[^]*at (?:async )?callerOf/);
  });

  test('as far as Error.stackTraceLimit goes', async () => {
    using semaphore = Semaphore.create(undefined, { initialCount: 0, maximumCount: 1 });
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      expect((await callerOf(() => semaphore.acquire(SOON))).stack).toBe('TimeoutError: the unnamed semaphore had no permit in time');
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  });
});

test('the stack of a wait that fails at once shows who waited', async () => {
  using mutex = Mutex.create(undefined, { initiallyOwned: true });
  const closed = Mutex.create();
  closed.close();
  for (const wait of [() => mutex.acquire({ timeout: 0 }), () => closed.acquire(), () => mutex.acquire(untyped(5)), () => waitAny([closed])]) {
    expect((await callerOf(wait)).stack).toMatch(/at (?:async )?callerOf/);
  }
  mutex.release();
});

test('the reason of an abort is left as it is', async () => {
  using event = Event.create();
  const reason = new Error('mine');
  const { stack } = reason;
  const controller = new AbortController();
  const failed = callerOf(() => event.wait({ signal: controller.signal }));
  controller.abort(reason);
  expect(await failed).toBe(reason);
  expect(reason.stack).toBe(stack);
});
