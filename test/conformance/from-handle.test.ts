import { describe, expect, test } from 'vitest';
import { Event, fromHandle, KindMismatchError, Mutex, NotOwnerError, Process, Semaphore, SyncError, Timer } from 'waitable';
import { PEER_KINDS, useActor } from '../support/actor.js';
import { expectThrow, untyped } from '../support/expect-throw.js';
import { closeHandle, duplicate, duplicateInto, inheritance, threadHandle } from '../support/foreign.js';
import { KINDS } from '../support/kinds.js';
import { uniqueName } from '../support/names.js';
import { HAS_OTHER_KINDS, INHERITABLE } from '../support/rows.js';

const CLASSES = [
  { kind: 'mutex', wrap: (handle: number) => fromHandle(Mutex, handle) },
  { kind: 'semaphore', wrap: (handle: number) => fromHandle(Semaphore, handle) },
  { kind: 'event', wrap: (handle: number) => fromHandle(Event, handle) },
  { kind: 'timer', wrap: (handle: number) => fromHandle(Timer, handle) },
  { kind: 'process', wrap: (handle: number) => fromHandle(Process, handle) },
] as const;

describe('an object made from a handle', () => {
  test('is the same kernel object, without a name and not new', () => {
    using semaphore = Semaphore.create(undefined, { initialCount: 2, maximumCount: 5 });
    using borrowed = fromHandle(Semaphore, semaphore.handle);
    expect(borrowed).toMatchObject({ kind: 'semaphore', name: undefined, createdNew: false });
    expect(borrowed.release()).toBe(2);
    expect(semaphore.release()).toBe(3);
  });

  test('is owned by the thread, as the mutex itself', () => {
    using mutex = Mutex.create(undefined, { initiallyOwned: true });
    using borrowed = fromHandle(Mutex, mutex.handle);
    borrowed.release();
    expect(() => mutex.release()).toThrow(NotOwnerError);
  });

  test.each(KINDS)('has to be of its kind: not of a $kind', ({ kind, create }) => {
    using object = create();
    for (const other of CLASSES) {
      if (other.kind === kind) other.wrap(object.handle).close();
      else expectThrow(() => other.wrap(object.handle), KindMismatchError, { errno: 6, mentions: [object.handle, kind, other.kind] });
    }
    expect(object.waitSync(0).status).toBe(kind === 'timer' ? 'timeout' : 'signaled');
    if (object instanceof Mutex) object.release();
  });

  test.runIf(HAS_OTHER_KINDS)('has to be of a kind that this library has', () => {
    const thread = threadHandle();
    for (const { wrap } of CLASSES) expectThrow(() => wrap(thread), KindMismatchError, { mentions: ['Thread'] });
    expect(closeHandle(thread)).toBe(true);
  });

  test('can be a process', () => {
    using self = Process.open(process.pid);
    using borrowed = fromHandle(Process, self.handle);
    expect(borrowed.waitSync(0).status).toBe('timeout');
  });
});

describe('a borrowed handle', () => {
  test('stays the other side\'s: either can close first', () => {
    using event = Event.create(undefined, { manualReset: true, initialState: true });
    const foreign = duplicate(event.handle);
    const first = fromHandle(Event, foreign);
    using second = fromHandle(Event, foreign, { adopt: false });
    expect(first.handle).not.toBe(foreign);
    first.close();
    expect(inheritance(foreign)).toBe('private');
    expect(closeHandle(foreign)).toBe(true);
    expect(second.waitSync(0).status).toBe('signaled');
  });

  test('gives a handle that children inherit only if asked', () => {
    using event = Event.create();
    using plain = fromHandle(Event, event.handle);
    using inheritable = fromHandle(Event, event.handle, { inheritable: true });
    expect([inheritance(plain.handle), inheritance(inheritable.handle)]).toEqual(['private', INHERITABLE]);
  });
});

describe('an adopted handle', () => {
  test('belongs to the library, which closes it', () => {
    using event = Event.create();
    const foreign = duplicate(event.handle);
    const adopted = fromHandle(Event, foreign, { adopt: true });
    expect(adopted.handle).toBe(foreign);
    adopted.set();
    adopted.close();
    expect(inheritance(foreign)).toBe('none');
    expect(event.waitSync(0).status).toBe('signaled');
  });

  test('cannot be adopted twice, nor one that the library has made', () => {
    using event = Event.create();
    const foreign = duplicate(event.handle);
    using adopted = fromHandle(Event, foreign, { adopt: true });
    for (const handle of [event.handle, foreign]) {
      expectThrow(() => fromHandle(Event, handle, { adopt: true }), TypeError, { code: 'ERR_INVALID_ARG_VALUE', mentions: ['handle', handle] });
    }
    expect([adopted.closed, event.closed]).toEqual([false, false]);
  });

  test('of another kind is not adopted', () => {
    using event = Event.create();
    const foreign = duplicate(event.handle);
    expect(() => fromHandle(Mutex, foreign, { adopt: true })).toThrow(KindMismatchError);
    expect(closeHandle(foreign)).toBe(true);
  });
});

describe.each(PEER_KINDS.filter(kind => kind !== 'thread'))('a handle that was put into a peer of kind %s', peerKind => {
  const actor = useActor(peerKind);

  test('is the same object there, in either bitness', async () => {
    const { processId } = actor().peer;
    await actor().create('event', uniqueName()); // on Linux a handle can be put only where there are some
    using mutex = Mutex.create(undefined, { initiallyOwned: true });
    using semaphore = Semaphore.create(undefined, { initialCount: 0, maximumCount: 2 });
    using event = Event.create();
    const theirMutex = await actor().adopt('mutex', duplicateInto(processId, mutex.handle));
    const theirSemaphore = await actor().adopt('semaphore', duplicateInto(processId, semaphore.handle));
    const theirEvent = await actor().adopt('event', duplicateInto(processId, event.handle));

    expect(await theirMutex.wait(0)).toMatchObject({ status: 'timeout' });
    mutex.release();
    expect(await theirMutex.wait(0)).toMatchObject({ status: 'signaled' });
    expect(mutex.waitSync(0).status).toBe('timeout');
    await theirMutex.release();
    expect(await theirSemaphore.release(2)).toBe(0);
    expect(semaphore.waitSync(0).status).toBe('signaled');
    await theirEvent.set();
    expect(event.waitSync(0).status).toBe('signaled');
  });
});

describe('what is no handle is refused', () => {
  test.each([NaN, 1.5, Infinity, 2 ** 31, -(2 ** 31) - 1, 0xfffffff8])('as out of range: %s', handle => {
    expectThrow(() => fromHandle(Event, handle), RangeError, { code: 'ERR_OUT_OF_RANGE', mentions: ['handle', handle, -(2 ** 31), 2 ** 31 - 1] });
  });

  test.each([0, -1, -2])('as a pseudo-handle or none: %s', handle => {
    expectThrow(() => fromHandle(Event, handle), RangeError, { code: 'ERR_OUT_OF_RANGE', mentions: ['handle', handle, 'pseudo-handle'] });
  });

  test.each([undefined, null, '8', 8n, {}])('as a wrong type: %s', handle => {
    expectThrow(() => fromHandle(Event, untyped(handle)), TypeError, { code: 'ERR_INVALID_ARG_TYPE', mentions: ['handle', 'integer'] });
  });

  test('as the handle of an object that has been closed, or as one that never was', () => {
    const event = Event.create();
    const stale = event.handle;
    event.close();
    for (const handle of [stale, 0x7ffffff0]) {
      for (const options of [{}, { adopt: true }]) {
        expectThrow(() => fromHandle(Event, handle, options), SyncError, { code: 'ERROR_INVALID_HANDLE', errno: 6, mentions: ['event', 'handle'] });
      }
    }
  });

  test('with a class that is none of the kinds', () => {
    using event = Event.create();
    for (const Kind of [undefined, null, Object, 'event']) {
      expectThrow(() => fromHandle(untyped(Kind), event.handle), TypeError, { code: 'ERR_INVALID_ARG_TYPE', mentions: ['Kind', 'Mutex'] });
    }
  });

  test.each([
    ['adopt', { adopt: 1 }],
    ['inheritable', { inheritable: 'yes' }],
    ['options', 'adopt'],
  ])('with a wrong %s', (argument, options) => {
    using event = Event.create();
    expectThrow(() => fromHandle(Event, event.handle, untyped(options)), TypeError, { code: 'ERR_INVALID_ARG_TYPE', mentions: [argument] });
  });
});
