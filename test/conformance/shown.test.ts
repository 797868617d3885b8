import { inspect } from 'node:util';
import { serialize } from 'node:v8';
import { MessageChannel } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { Event, Mutex, MutexLock, Permit, Process, Semaphore, Timer, Waitable, waitAll, waitAny } from 'waitable';
import { launch, LaunchedProcess, SharedMemory } from 'waitable/bitness';
import { KINDS } from '../support/kinds.js';
import { uniqueName } from '../support/names.js';
import { PATIENCE } from '../support/patience.js';
import { NO_CLONE } from '../support/rows.js';

const PATIENT = { timeout: PATIENCE };

/** On one line, whatever its length. */
function shown(value: unknown): string {
  return inspect(value, { breakLength: Infinity });
}

function json(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** A lock that was won at once, one that was waited for, a permit, and the results of waits: with what they are to be released by. */
async function holds(): Promise<{ readonly values: Record<string, unknown>; readonly end: () => void }> {
  const mutex = Mutex.create(uniqueName());
  const semaphore = Semaphore.create(uniqueName(), { initialCount: 2, maximumCount: 2 });
  const first = await mutex.acquire();
  const pending = mutex.acquire(PATIENT);
  first.release();
  const lock = await pending;
  const permit = await semaphore.acquire();
  const other = Mutex.create(uniqueName());
  const result = await waitAny([other], PATIENT);
  const all = await waitAll([semaphore], PATIENT);
  const end = () => {
    for (const each of [lock, permit, ...result.locks, ...all.locks]) each.release();
    for (const each of [mutex, semaphore, other]) each.close();
  };
  return { values: { 'a released lock': first, 'a lock': lock, 'a permit': permit, 'a result of waitAny': result, 'a result of waitAll': all, 'an array of locks': [lock, permit] }, end };
}

/** Deno has a command for it. */
const EVALUATE = process.versions['deno'] === undefined ? '-e' : 'eval';

describe('util.inspect shows', () => {
  test.each(KINDS)('of a $kind its name, and whether it is new and closed, and no internals', ({ kind, create }) => {
    const name = uniqueName();
    const object = create(name);
    const [held, notHeld] = kind === 'mutex' ? [', held: false', ', held: false'] : ['', ''];
    const Kind = kind.charAt(0).toUpperCase() + kind.slice(1);
    expect(shown(object)).toBe(`${Kind} { name: '${name}', createdNew: true, closed: false${held} }`);
    object.close();
    expect(shown(object)).toBe(`${Kind} { name: '${name}', createdNew: true, closed: true${notHeld} }`);
    using unnamed = create();
    expect(shown(unnamed)).toContain('name: undefined');
  });

  test('whether this thread owns a mutex, by itself or by a lock', () => {
    using mutex = Mutex.create();
    using free = Mutex.create();
    using owned = Mutex.create(undefined, { initiallyOwned: true });
    const lock = mutex.tryAcquire();
    expect([mutex, owned, free].map(each => / held: (\w+)/.exec(shown(each))?.[1])).toEqual(['true', 'true', 'false']);
    expect(shown(lock)).toBe('MutexLock { name: undefined, held: true, abandoned: false }');
    lock?.release();
    owned.release();
    expect([mutex, owned].map(each => / held: (\w+)/.exec(shown(each))?.[1])).toEqual(['false', 'false']);
    expect(shown(lock)).toBe('MutexLock { name: undefined, held: false, abandoned: false }');
  });

  test('the process id of a process', () => {
    const own = Process.open(process.pid);
    expect(shown(own)).toBe(`Process { name: undefined, createdNew: false, closed: false, processId: ${process.pid} }`);
    own.close();
    expect(shown(own)).toContain('closed: true');
  });

  test('the process id and the exit code of a launched process', async () => {
    const child = launch([process.execPath, EVALUATE, 'process.exit(7)']);
    await child.wait(PATIENT);
    expect(shown(child)).toBe(`LaunchedProcess { name: undefined, createdNew: false, closed: false, processId: ${child.processId}, exitCode: 7 }`);
    expect(json(child)).toEqual({ kind: 'process', createdNew: false, closed: false, processId: child.processId, exitCode: 7 });
    child.close();
    expect(shown(child)).toContain(`processId: ${child.processId}, exitCode: undefined`);
  });

  test('of locks and results what they hold, and no internals', async () => {
    const { values, end } = await holds();
    for (const [what, value] of Object.entries(values)) {
      const text = shown(value);
      expect(text, what).toMatch(/(MutexLock|Permit) \{ name: '[^']+', held: (true|false), abandoned: false \}/);
      expect(text, what).not.toMatch(/hold:|number:|target|objectState|owned:|uncloneable/);
    }
    end();
  });

  test('no more than is asked for', () => {
    using event = Event.create();
    expect(inspect({ a: { b: event } }, { depth: 1 })).toContain('[Event]');
    expect(inspect({ event }, { depth: null })).toContain('closed: false');
  });
});

describe('JSON.stringify gives', () => {
  test.each(KINDS)('of a $kind what another program needs to open it', ({ kind, create, open }) => {
    const name = uniqueName();
    using object = create(name);
    const description = json(object) as { kind: string; name: string };
    expect(description).toMatchObject({ kind, name, createdNew: true, closed: false });
    using other = open(description.name);
    expect(json(other)).toMatchObject({ kind, name, createdNew: false });
  });

  test('of locks what they hold, and of results all that', async () => {
    const { values, end } = await holds();
    const lock = { kind: 'mutex', name: expect.any(String) as string, held: true, abandoned: false };
    const permit = { ...lock, kind: 'semaphore' };
    expect(json(values['a lock'])).toEqual(lock);
    expect(json(values['a released lock'])).toEqual({ ...lock, held: false });
    expect(json(values['a permit'])).toEqual(permit);
    expect(json(values['a result of waitAny'])).toMatchObject({ status: 'signaled', index: 0, object: { kind: 'mutex', held: true }, locks: [lock] });
    expect(json(values['a result of waitAll'])).toEqual({ status: 'signaled', index: 0, locks: [permit] });
    end();
  });

  test('of a timeout its status', () => {
    using timer = Timer.create();
    expect(json(timer.waitSync(0))).toEqual({ status: 'timeout', index: -1, locks: [] });
  });
});

describe('what only looks like an object or a lock can be shown, with its own members:', () => {
  const CLASSES = { Waitable, Mutex, Semaphore, Event, Timer, Process, LaunchedProcess, SharedMemory, MutexLock, Permit };

  test.each(Object.entries(CLASSES))('the prototype of %s, and what inherits from it', (_name, { prototype }) => {
    for (const object of [prototype, Object.create(prototype) as object, Object.assign(Object.create(prototype) as object, { kind: 'mutex', name: 'mine' })]) {
      expect(shown(object)).toBe(inspect(object, { breakLength: Infinity, customInspect: false }));
      expect(shown({ in: [object] })).not.toContain('undefined {');
      const nested = { a: { b: object } };
      expect(inspect(nested, { depth: 1 })).toBe(inspect(nested, { depth: 1, customInspect: false }));
      expect(json(object)).toEqual({ ...object });
    }
  });

  test.each(KINDS)('a proxy of a $kind, and what inherits from one', ({ kind, create }) => {
    const name = uniqueName();
    using object = create(name);
    const proxy = new Proxy(object, {});
    expect(shown(proxy)).toContain(name);
    expect(json(proxy)).toEqual({ kind, name });
    expect(json(Object.create(object))).toEqual({});
    expect(() => shown(Object.create(object))).not.toThrow();
  });

  test('a proxy of a lock, of a process, and of shared memory', () => {
    using mutex = Mutex.create();
    using lock = mutex.tryAcquire();
    using own = Process.open(process.pid);
    expect(json(new Proxy(lock ?? {}, {}))).toMatchObject({ kind: 'mutex', held: true });
    expect(json(new Proxy(own, {}))).toEqual({ kind: 'process' });
    expect(() => shown([new Proxy(lock ?? {}, {}), new Proxy(own, {})])).not.toThrow();
  });
});

describe('no clone is made, which would be an object without methods, of', () => {
  const refused = expect.objectContaining({ name: 'DataCloneError', message: expect.stringMatching(NO_CLONE) as string }) as Error;

  function expectRefusal(value: unknown): void {
    const { port1, port2 } = new MessageChannel();
    try {
      expect(() => structuredClone(value)).toThrow(refused);
      expect(() => port1.postMessage(value)).toThrow(refused);
      expect(() => serialize(value)).toThrow(NO_CLONE);
    } finally {
      port1.close();
      port2.close();
    }
  }

  test.each(KINDS)('a $kind, open or closed', ({ create }) => {
    const object = create(uniqueName());
    expectRefusal(object);
    expectRefusal({ in: [object] });
    object.close();
    expectRefusal(object);
  });

  test('a process', () => {
    using own = Process.open(process.pid);
    expectRefusal(own);
  });

  test('locks, and results that have them, while another wait pends beside them', async () => {
    using busy = Mutex.create(undefined, { initiallyOwned: true });
    const pending = waitAny([busy, Event.create()], PATIENT);
    const { values, end } = await holds();
    for (const value of Object.values(values)) expectRefusal(value);
    busy.release();
    for (const lock of (await pending).locks) lock.release();
    end();
  });

  test('a synchronous result that has its object', () => {
    using event = Event.create(undefined, { initialState: true });
    expectRefusal(event.waitSync(0));
    expect(structuredClone(event.waitSync(0))).toEqual({ status: 'timeout', index: -1, object: undefined, locks: [] });
  });
});
