import { createContext, runInContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { Event, Mutex, Semaphore, Timer, waitAny, type WaitOptions } from 'waitable';
import { TIMERS_HAVE_A_MODULE } from '../support/rows.js';
import { PATIENT, reasonOf, startProcess } from './support.js';

describe('clocks and timers that a framework has replaced, and that stand still,', () => {
  test.each(TIMERS_HAVE_A_MODULE ? ['after', 'before'] : ['after'])('play no part when that was %s the library was loaded', async when => {
    const program = startProcess('frameworks', [when]);
    expect(JSON.parse(await program.line())).toEqual({
      one: 'timeout', many: 'timeout', timer: 'signaled', moment: 'signaled', queued: 'each in its turn', pending: ['signaled', 'signaled'], age: true, timeout: 'timeout', refused: [true, 'TimeoutError'],
    });
    expect(await program.ended).toEqual({ code: 0, errors: '' });
  });
});

/** As DOM environments and polyfills have it; the least of them knows no reason. */
class OtherSignal extends EventTarget {
  aborted = false;
  reason: unknown;

  abort(reason?: unknown): void {
    this.aborted = true;
    this.reason = reason;
    this.dispatchEvent(new globalThis.Event('abort'));
  }
}

const WAITS = [
  { wait: 'wait', begin: (options: WaitOptions) => Event.create().wait(options) },
  { wait: 'waitAny', begin: (options: WaitOptions) => waitAny([Event.create(), Event.create()], options) },
  { wait: 'acquire of a semaphore', begin: (options: WaitOptions) => Semaphore.create(undefined, { initialCount: 0, maximumCount: 1 }).acquire(options) },
  { wait: 'acquire of a mutex, in the queue', begin: (options: WaitOptions) => {
    const mutex = Mutex.create();
    void mutex.acquire();
    void mutex.acquire(PATIENT).catch(() => undefined);
    return mutex.acquire(options);
  } },
];

describe.each(WAITS)('$wait', ({ begin }) => {
  test('is ended by a signal of another class than AbortSignal', async () => {
    const signal = new OtherSignal();
    const reason = reasonOf(begin({ signal: signal as unknown as AbortSignal }));
    signal.abort('stop');
    expect(await reason).toBe('stop');
    expect(await reasonOf(begin({ signal: signal as unknown as AbortSignal }))).toBe('stop');
  });

  test('is ended by a signal that has no reason, with an AbortError', async () => {
    const signal = new OtherSignal();
    const reason = reasonOf(begin({ signal: signal as unknown as AbortSignal }));
    signal.abort();
    expect(await reason).toMatchObject({ name: 'AbortError' });
  });

  test('is ended by a signal of Node when AbortSignal is another class by now', async () => {
    const { AbortSignal: native } = globalThis;
    const controller = new AbortController();
    globalThis.AbortSignal = OtherSignal as unknown as typeof AbortSignal;
    try {
      const reason = reasonOf(begin({ signal: controller.signal }));
      controller.abort('stop');
      expect(await reason).toBe('stop');
    } finally {
      globalThis.AbortSignal = native;
    }
  });

  test.each([{}, { aborted: false }, 'abort', new EventTarget(), new AbortController(), 5, null])('refuses %s for a signal', async signal => {
    expect(await reasonOf(begin({ signal: signal as unknown as AbortSignal }))).toMatchObject({ name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE', message: expect.stringContaining('signal') as string });
  });
});

describe('a timer', () => {
  test('is set to a Date of another realm', () => {
    using timer = Timer.create();
    timer.set(runInContext('new Date(0)', createContext()) as Date);
    expect(timer.waitSync(0).status).toBe('signaled');
  });

  test('refuses an invalid Date of another realm', () => {
    using timer = Timer.create();
    expect(() => timer.set(runInContext('new Date(NaN)', createContext()) as Date)).toThrow(RangeError);
  });

  test('refuses what only looks like a Date', () => {
    using timer = Timer.create();
    expect(() => timer.set({ getTime: () => 0 } as unknown as Date)).toThrow(TypeError);
  });
});
