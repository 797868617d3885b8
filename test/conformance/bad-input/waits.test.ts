import { describe, expect, test } from 'vitest';
import { Event, Mutex, Semaphore, signalAndWaitSync, waitAllSync, waitAnySync } from 'waitable';
import { expectThrow, untyped } from '../../support/expect-throw.js';
import { uniqueName } from '../../support/names.js';
import { MAXIMUM_OBJECTS } from '../../support/rows.js';

const LONGEST = 0xfffffffe;

describe('a bad timeout is refused, and nothing is signalled or taken', () => {
  function expectRefusal(timeout: unknown, Class: typeof RangeError | typeof TypeError, code: string): void {
    using event = Event.create(undefined, { initialState: true });
    using mutex = Mutex.create(undefined, { initiallyOwned: true });
    const refused = { code, mentions: ['timeout', String(timeout), '0', LONGEST, 'Infinity'] };
    expectThrow(() => event.waitSync(untyped(timeout)), Class, refused);
    expectThrow(() => waitAnySync([event], untyped(timeout)), Class, refused);
    expectThrow(() => waitAllSync([event], untyped(timeout)), Class, refused);
    expectThrow(() => signalAndWaitSync(mutex, event, untyped(timeout)), Class, refused);
    mutex.release();
    expect(event.waitSync(0).status).toBe('signaled');
  }

  test.each([NaN, LONGEST + 0.5, LONGEST + 1, 2 ** 32, 2 ** 53, 1e300])('as out of range: %s', timeout => {
    expectRefusal(timeout, RangeError, 'ERR_OUT_OF_RANGE');
  });

  test.each([null, true, '10', 10n])('as no number: %s', timeout => {
    expectRefusal(timeout, TypeError, 'ERR_INVALID_ARG_TYPE');
  });

  test.each([undefined, Infinity, 0, -0, 1, 0x7fffffff, 0x80000000, LONGEST, 1e-9, 0.5, 1.0001, LONGEST - 0.5, -1e-9, -0.5, -1, -1e300, -Infinity])('while %s is none', timeout => {
    using event = Event.create(undefined, { manualReset: true, initialState: true });
    expect(event.waitSync(timeout).status).toBe('signaled');
    expect(waitAnySync([event], timeout).status).toBe('signaled');
    expect(waitAllSync([event], timeout).status).toBe('signaled');
    expect(signalAndWaitSync(event, event, timeout).status).toBe('signaled');
  });
});

describe('what an asynchronous wait takes is refused by a blocking one, which tells what was meant', () => {
  test.each([
    { given: { timeout: 1000 }, hint: 'Did you mean the number alone, 1000?' },
    { given: { signal: new AbortController().signal }, hint: 'cannot be aborted' },
    { given: new AbortController().signal, hint: 'cannot be aborted' },
  ])('$hint', ({ given, hint }) => {
    using event = Event.create(undefined, { initialState: true });
    const refused = { code: 'ERR_INVALID_ARG_TYPE', mentions: ['timeout', hint] };
    for (const wait of [() => event.waitSync(untyped(given)), () => waitAnySync([event], untyped(given)), () => waitAllSync([event], untyped(given)), () => signalAndWaitSync(event, event, untyped(given))]) {
      expectThrow(wait, TypeError, refused);
    }
    expect(event.waitSync(0).status).toBe('signaled');
  });
});

test('a negative or broken timeout does not block: it polls, or waits for what its fraction is rounded up to', () => {
  using never = Event.create();
  for (const timeout of [-Infinity, -5, -0.1, 0.1]) {
    expect(never.waitSync(timeout).status).toBe('timeout');
    expect(waitAnySync([never], timeout).status).toBe('timeout');
    expect(waitAllSync([never], timeout).status).toBe('timeout');
  }
});

describe.each([['waitAnySync', waitAnySync], ['waitAllSync', waitAllSync]] as const)('%s', (_name, wait) => {
  test.each([0, MAXIMUM_OBJECTS + 1, MAXIMUM_OBJECTS + 2, 1000])('refuses %d objects, and takes none', count => {
    const objects = Array.from({ length: count }, () => Event.create(undefined, { initialState: true }));
    expectThrow(() => wait(objects, 0), RangeError, { code: 'ERR_OUT_OF_RANGE', mentions: ['objects.length', `given: ${count}`, `from 1 to ${MAXIMUM_OBJECTS}`] });
    for (const object of objects) {
      expect(object.waitSync(0).status).toBe('signaled');
      object.close();
    }
  });

  test.each([undefined, null, 'objects', 1, {}, new Set(), { length: 1 }])('refuses what is no array: %s', objects => {
    expectThrow(() => wait(untyped(objects), 0), TypeError, { code: 'ERR_INVALID_ARG_TYPE', mentions: ['objects', 'array'] });
  });

  test.each([undefined, null, 7, 'mutex', {}, { handle: 4, closed: false }])('refuses what is no object to wait for, and takes nothing: %s', stranger => {
    using event = Event.create(undefined, { initialState: true });
    expectThrow(() => wait([event, untyped(stranger)], 0), TypeError, { code: 'ERR_INVALID_ARG_TYPE', mentions: ['objects[1]', 'Mutex'] });
    expect(event.waitSync(0).status).toBe('signaled');
  });

  test('refuses a gap among the objects', () => {
    using event = Event.create(undefined, { initialState: true });
    expectThrow(() => wait(untyped([event, , event]), 0), TypeError, { mentions: ['objects[1]', 'undefined'] });
    expect(event.waitSync(0).status).toBe('signaled');
  });

  test('leaves a mutex and a semaphore as they were', () => {
    using mutex = Mutex.create(uniqueName());
    using semaphore = Semaphore.create(undefined, { initialCount: 1, maximumCount: 1 });
    expect(() => wait([mutex, semaphore], untyped('soon'))).toThrow(TypeError);
    expect(() => mutex.release()).toThrow('own');
    expect(() => semaphore.release()).toThrow('maximum');
  });
});
