import { describe, expect, test } from 'vitest';
import { Event, fromHandle, Mutex, Process, Semaphore, Timer, waitAll, waitAny } from 'waitable';
import { duplicateFrom, duplicateTo, launch, SharedMemory } from 'waitable/bitness';
import { expectThrow, untyped } from '../../support/expect-throw.js';
import { KINDS } from '../../support/kinds.js';
import { uniqueName } from '../../support/names.js';

/** Everything that takes options, with one of them misspelt. */
const calls: readonly (readonly [function_: string, misspelt: string, meant: string, call: (options: never, event: Event) => unknown])[] = [
  ['Mutex.create', 'initialyOwned', 'initiallyOwned', options => Mutex.create(undefined, options)],
  ['Semaphore.create', 'initialcount', 'initialCount', options => Semaphore.create(undefined, options)],
  ['Event.create', 'manualreset', 'manualReset', options => Event.create(undefined, options)],
  ['Timer.create', 'manaulReset', 'manualReset', options => Timer.create(undefined, options)],
  ['SharedMemory.create', 'inheritible', 'inheritable', options => SharedMemory.create(undefined, 8, options)],
  ['Timer.set', 'periods', 'period', options => { using timer = Timer.create(); timer.set(0, options); }],
  ['fromHandle', 'adpot', 'adopt', (options, event) => fromHandle(Event, event.handle, options)],
  ['launch', 'enviroment', 'env', options => launch([process.execPath, '--version'], options)],
  ['duplicateTo', 'acces', 'access', (options, event) => duplicateTo(process.pid, event, options)],
  ['duplicateFrom', 'inheritabel', 'inheritable', (options, event) => duplicateFrom(Event, process.pid, event.handle, options)],
];

describe('an option that is unknown is refused, before anything is done, by', () => {
  test.each(calls)('%s: %s', (_function, misspelt, meant, call) => {
    using event = Event.create();
    const mentions = [`unknown option '${misspelt}'`, meant];
    expectThrow(() => call(untyped({ [misspelt]: true }), event), TypeError, { code: 'ERR_INVALID_ARG_VALUE', mentions });
  });

  test('every kind\'s open and tryOpen', () => {
    for (const { create, open, tryOpen } of KINDS) {
      const name = uniqueName();
      const refused = { code: 'ERR_INVALID_ARG_VALUE', mentions: ["unknown option 'security'", 'access, inheritable'] };
      using object = create(name);
      expectThrow(() => open(name, untyped({ security: 'user' })), TypeError, refused);
      expectThrow(() => tryOpen(name, untyped({ security: 'user' })), TypeError, refused);
      expect(object.closed).toBe(false);
    }
  });

  test('every create, which makes nothing then', () => {
    for (const { create, tryOpen } of KINDS) {
      const name = uniqueName();
      expectThrow(() => create(name, untyped({ acess: ['synchronize'] })), TypeError, { mentions: ["did you mean 'access'?"] });
      expect(tryOpen(name)).toBeUndefined();
    }
  });
});

describe('what is no object of options is refused by', () => {
  test.each(calls)('%s', (_function, _misspelt, _meant, call) => {
    using event = Event.create();
    for (const given of [new Date(), [], new Map(), AbortSignal.abort(), () => 5]) expectThrow(() => call(untyped(given), event), TypeError, { code: 'ERR_INVALID_ARG_TYPE', mentions: ['options must be an object'] });
  });
});

describe('an option that is undefined is as absent for', () => {
  test('every function that has options', () => {
    const nothing = { access: undefined, inheritable: undefined };
    for (const { create, open, tryOpen } of KINDS) {
      const name = uniqueName();
      using object = create(name, { ...nothing, security: undefined });
      open(name, nothing).close();
      tryOpen(name, nothing)?.close();
      expect(object.createdNew).toBe(true);
    }
    using mutex = Mutex.create(undefined, { initiallyOwned: undefined });
    using timer = Timer.create(undefined, { manualReset: undefined });
    timer.set(900_000_000_000, { period: undefined });
    using event = Event.create(undefined, { manualReset: undefined, initialState: undefined });
    using own = fromHandle(Event, event.handle, { adopt: undefined, inheritable: undefined });
    for (const object of [mutex, timer, event, own]) expect(object.closed).toBe(false);
    expect(event.waitSync(0).status).toBe('timeout');
  });
});

describe('an asynchronous wait', () => {
  test('that is given the signal in place of its options is refused, and does not wait for ever', async () => {
    using mutex = Mutex.create(undefined, { initiallyOwned: true });
    using semaphore = Semaphore.create(undefined, { initialCount: 0, maximumCount: 1 });
    using running = Process.open(process.pid);
    const signal = untyped(AbortSignal.timeout(50));
    for (const wait of [
      mutex.acquire(signal), mutex.runExclusive(() => 5, signal), mutex.wait(signal), semaphore.acquire(signal), semaphore.wait(signal), running.wait(signal), waitAny([semaphore], signal), waitAll([semaphore], signal),
    ]) {
      await expect(wait).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE', message: expect.stringContaining('Did you mean { signal }?') as string });
    }
    mutex.release();
  });

  test.each([1000, 0, 0.5])('that is given %d in place of its options is refused with what was meant', async given => {
    using mutex = Mutex.create();
    await expect(mutex.acquire(untyped(given))).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE', message: expect.stringContaining(`Did you mean { timeout: ${given} }?`) as string });
  });
});
