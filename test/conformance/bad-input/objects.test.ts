import { describe, expect, test } from 'vitest';
import { Event, Mutex, MutexLock, Permit, Process, Semaphore, Timer, Waitable } from 'waitable';
import { SharedMemory } from 'waitable/bitness';
import { expectThrow, untyped } from '../../support/expect-throw.js';
import { KINDS } from '../../support/kinds.js';
import { uniqueName } from '../../support/names.js';
import { PATIENCE } from '../../support/patience.js';

const MAXIMUM = 0x7fffffff;
const NOT_INTEGERS = [NaN, Infinity, -Infinity, 1.5, -1, 2 ** 31, 2 ** 53];
const NOT_NUMBERS = [undefined, null, '1', 1n, true];

describe('a semaphore', () => {
  test.each([...NOT_INTEGERS, 0])('is not created with a maximum of %s', maximumCount => {
    const name = uniqueName();
    expectThrow(() => Semaphore.create(name, { initialCount: 0, maximumCount }), RangeError, { code: 'ERR_OUT_OF_RANGE', mentions: ['maximumCount', maximumCount, `from 1 to ${MAXIMUM}`] });
    expect(Semaphore.tryOpen(name)).toBeUndefined();
  });

  test.each(NOT_INTEGERS)('is not created with an initial count of %s', initialCount => {
    const name = uniqueName();
    expectThrow(() => Semaphore.create(name, { initialCount, maximumCount: 5 }), RangeError, { code: 'ERR_OUT_OF_RANGE', mentions: ['initialCount', initialCount, 'from 0 to 5'] });
    expect(Semaphore.tryOpen(name)).toBeUndefined();
  });

  test.each(NOT_NUMBERS)('is not created with counts that are no numbers: %s', count => {
    expectThrow(() => Semaphore.create(undefined, { initialCount: untyped(count), maximumCount: 1 }), TypeError, { code: 'ERR_INVALID_ARG_TYPE', mentions: ['initialCount', String(count)] });
    expectThrow(() => Semaphore.create(undefined, { initialCount: 1, maximumCount: untyped(count) }), TypeError, { code: 'ERR_INVALID_ARG_TYPE', mentions: ['maximumCount', String(count)] });
  });

  test('is not created with a maximum below its initial count', () => {
    expectThrow(() => Semaphore.create(undefined, { initialCount: 3, maximumCount: 2 }), RangeError, { code: 'ERR_OUT_OF_RANGE', mentions: ['initialCount', 3, 'from 0 to 2'] });
  });

  test('is not created without options', () => {
    expectThrow(() => Semaphore.create(undefined, untyped(undefined)), TypeError, { code: 'ERR_INVALID_ARG_TYPE', mentions: ['maximumCount'] });
  });

  test.each([...NOT_INTEGERS, 0, -0])('is not released by %s', count => {
    using semaphore = Semaphore.create(undefined, { initialCount: 2, maximumCount: 5 });
    expectThrow(() => semaphore.release(count), RangeError, { code: 'ERR_OUT_OF_RANGE', mentions: ['count', count, `from 1 to ${MAXIMUM}`] });
    expect(semaphore.release()).toBe(2);
  });

  test.each(NOT_NUMBERS.slice(1))('is not released by %s, which is no number', count => {
    using semaphore = Semaphore.create(undefined, { initialCount: 2, maximumCount: 5 });
    expectThrow(() => semaphore.release(untyped(count)), TypeError, { code: 'ERR_INVALID_ARG_TYPE', mentions: ['count', String(count)] });
    expect(semaphore.release()).toBe(2);
  });
});

describe('a timer', () => {
  const LATEST = 900_000_000_000;

  test.each([NaN, Infinity, LATEST + 0.5, LATEST + 1])('is not set to be due in %s ms', due => {
    using timer = Timer.create();
    expectThrow(() => timer.set(due), RangeError, { code: 'ERR_OUT_OF_RANGE', mentions: ['due', due, `from 0 to ${LATEST}`] });
    expect(timer.waitSync(0).status).toBe('timeout');
  });

  test.each([-Infinity, -1, -0.5, 0.5])('is due in %s ms as in any other time, and at once if that is below 0', due => {
    using timer = Timer.create();
    timer.set(due);
    expect(timer.waitSync(PATIENCE).status).toBe('signaled');
  });

  test.each([undefined, null, '5', 5n, {}])('is not set to be due at %s', due => {
    using timer = Timer.create();
    expectThrow(() => timer.set(untyped(due)), TypeError, { code: 'ERR_INVALID_ARG_TYPE', mentions: ['due', 'Date'] });
  });

  test('is not set to an invalid date', () => {
    using timer = Timer.create();
    expectThrow(() => timer.set(new Date(NaN)), RangeError, { code: 'ERR_OUT_OF_RANGE', mentions: ['due', 'valid Date', 'NaN'] });
  });

  test.each(NOT_INTEGERS)('has no period of %s ms, and stays as set as it was', period => {
    using timer = Timer.create(undefined, { manualReset: true });
    timer.set(0);
    timer.waitSync();
    expectThrow(() => timer.set(LATEST, { period }), RangeError, { code: 'ERR_OUT_OF_RANGE', mentions: ['period', period, `from 0 to ${MAXIMUM}`] });
    expect(timer.waitSync(0).status).toBe('signaled');
  });

  test.each([null, '5', true])('has no period of %s, which is no number', period => {
    using timer = Timer.create();
    expectThrow(() => timer.set(0, { period: untyped(period) }), TypeError, { code: 'ERR_INVALID_ARG_TYPE', mentions: ['period'] });
  });
});

describe('a process id', () => {
  test.each([0, -4, NaN, 1.5, 2 ** 32, Infinity])('is not %s', id => {
    for (const open of [() => Process.open(id), () => Process.tryOpen(id)]) {
      expectThrow(open, RangeError, { code: 'ERR_OUT_OF_RANGE', mentions: ['processId', id, 'from 1 to 4294967295'] });
    }
  });

  test.each(NOT_NUMBERS)('is not %s, which is no number', id => {
    expectThrow(() => Process.open(untyped(id)), TypeError, { code: 'ERR_INVALID_ARG_TYPE', mentions: ['processId', String(id)] });
  });
});

describe('options', () => {
  test.each([null, 7, 'manualReset', true])('are no %s', options => {
    const name = uniqueName();
    using mutex = Mutex.create(name);
    const refused = { code: 'ERR_INVALID_ARG_TYPE', mentions: ['options', 'object', String(options)] };
    for (const create of [
      () => Mutex.create(undefined, untyped(options)),
      () => Semaphore.create(undefined, untyped(options)),
      () => Event.create(undefined, untyped(options)),
      () => Timer.create(undefined, untyped(options)),
    ]) expectThrow(create, TypeError, refused);
    for (const { open, tryOpen } of KINDS) {
      expectThrow(() => open(name, untyped(options)), TypeError, refused);
      expectThrow(() => tryOpen(name, untyped(options)), TypeError, refused);
    }
    expect(mutex.closed).toBe(false);
  });

  test.each([null, 0, 1, 'true', {}])('are true or false, not %s', value => {
    const name = uniqueName();
    const wrong = (argument: string) => ({ code: 'ERR_INVALID_ARG_TYPE', mentions: [argument, 'true or false'] });
    expectThrow(() => Mutex.create(name, { initiallyOwned: untyped(value) }), TypeError, wrong('initiallyOwned'));
    expectThrow(() => Event.create(name, { manualReset: untyped(value) }), TypeError, wrong('manualReset'));
    expectThrow(() => Event.create(name, { initialState: untyped(value) }), TypeError, wrong('initialState'));
    expectThrow(() => Timer.create(name, { manualReset: untyped(value) }), TypeError, wrong('manualReset'));
    for (const { tryOpen } of KINDS) expect(tryOpen(name)).toBeUndefined();
  });
});

describe('a constructor', () => {
  test.each([Mutex, Semaphore, Event, Timer, Process, Waitable, MutexLock, Permit, SharedMemory])('is not for callers: %s', Class => {
    for (const argument of [undefined, null, 'name', { owned: 4 }]) {
      expectThrow(() => Reflect.construct(Class, [argument]) as unknown, TypeError, { code: 'ERR_ILLEGAL_CONSTRUCTOR', mentions: [Class.name] });
    }
  });
});
