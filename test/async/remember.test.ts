import { describe, expect, test, vi } from 'vitest';
import { AccessDeniedError, Event, Mutex, NotOwnerError, Semaphore, waitAll, waitAllSync, waitAny } from 'waitable';
import { kernel } from '../../src/kernel/select.js';
import { expectThrow, untyped } from '../support/expect-throw.js';
import { uniqueName } from '../support/names.js';
import { dice, reasonOf, startProcess, turnOfLoop, type Companion } from './support.js';

const WAYS = [
  'waitSync', 'waitSync twice', 'waitAnySync', 'waitAllSync', 'signalAndWaitSync', 'acquire', 'acquire in the queue', 'tryAcquire', 'wait', 'waitAny', 'waitAll',
] as const;

/** What this process is told when it takes the mutex; it releases it in order. Nobody has it open before or afterwards. */
function told(name: string): string {
  using mutex = Mutex.create(name, { remember: true });
  expect(mutex.createdNew).toBe(true);
  const { status } = mutex.waitSync(0);
  mutex.release();
  return status;
}

async function takenBy(name: string, way: string): Promise<Companion> {
  const owner = startProcess('remembering', [name, way]);
  expect(await owner.line()).toBe('clean');
  return owner;
}

describe.each(WAYS)('a mutex that remembers, taken by %s', way => {
  test('tells the next one of an owner that was killed, although nobody had it open meanwhile; and that once', async () => {
    const name = uniqueName();
    await (await takenBy(name, way)).kill();
    const next = startProcess('remembering', [name, way]);
    expect(await next.line()).toBe('abandoned');
    next.tell('release');
    expect(await next.line()).toBe('released');
    await next.kill();
    expect(told(name)).toBe('signaled');
  });

  test('tells of an owner that exits without a release', async () => {
    const name = uniqueName();
    const owner = await takenBy(name, way);
    owner.tell('exit');
    await owner.ended;
    expect(told(name)).toBe('abandoned');
    expect(told(name)).toBe('signaled');
  });
});

describe('a mutex that remembers', () => {
  /** What the owner said last tells what it had done at the least. */
  test('never says that an end was clean that was not, at whatever instant the owner is killed', async () => {
    const roll = dice(5);
    for (let kill = 0; kill < 8; kill++) {
      const name = uniqueName();
      const owner = await takenBy(name, kill % 2 === 0 ? 'waitSync' : 'acquire');
      owner.tell('release');
      await owner.line();
      owner.tell('go on');
      let last = '';
      const heard = (async () => {
        for (;;) last = await owner.line();
      })().catch(() => undefined);
      const turns = roll(200);
      for (let turn = 0; turn < turns || last === ''; turn++) await turnOfLoop();
      await owner.kill();
      await heard;
      const status = told(name);
      if (last === 't') expect(status).toBe('abandoned');
      expect(told(name)).toBe('signaled');
    }
  });

  test('tells every further one until somebody releases it', async () => {
    const name = uniqueName();
    await (await takenBy(name, 'acquire')).kill();
    for (let turn = 0; turn < 2; turn++) {
      const owner = startProcess('remembering', [name, 'acquire']);
      expect(await owner.line()).toBe('abandoned');
      await owner.kill();
    }
    expect(told(name)).toBe('abandoned');
    expect(told(name)).toBe('signaled');
  });

  test('is told apart from another name, and known by each form of its own', async () => {
    const name = uniqueName();
    await (await takenBy(name, 'acquire')).kill();
    expect(told(`${name}x`)).toBe('signaled');
    expect(told(`Local\\${name}`)).toBe('abandoned');
  });

  test('tells nothing to those who did not ask, and forgets nothing because of them', async () => {
    const name = uniqueName();
    await (await takenBy(name, 'acquire')).kill();
    {
      using plain = Mutex.create(name);
      expect(plain.waitSync(0).status).toBe('signaled');
      plain.release();
      using lock = await plain.acquire();
      expect(lock.abandoned).toBe(false);
    }
    expect(told(name)).toBe('abandoned');
  });

  test('is clean after the last release of its thread, by whichever handle that is, and not before', () => {
    const name = uniqueName();
    const has = vi.spyOn(kernel, 'unmarkOwned');
    using first = Mutex.create(name, { remember: true });
    using second = Mutex.open(name);
    expect(first.waitSync(0).status).toBe('signaled');
    expect(second.waitSync(0).status).toBe('signaled');
    expect(first.waitSync(0).status).toBe('signaled');
    first.release();
    first.release();
    expect(has).not.toHaveBeenCalled();
    second.release();
    expect(has).toHaveBeenCalledTimes(1);
    expectThrow(() => first.release(), NotOwnerError, {});
    expect(has).toHaveBeenCalledTimes(1);
    has.mockRestore();
  });

  test('tells in waits for any and for all, and in diagnostics, what it remembers', async () => {
    const name = uniqueName();
    await (await takenBy(name, 'acquire')).kill();
    {
      using mutex = Mutex.create(name, { remember: true });
      using other = Mutex.create();
      expect(waitAllSync([other, mutex], 0).status).toBe('abandoned');
      mutex.release();
      other.release();
      const { status, locks } = await waitAll([other, mutex]);
      expect(status).toBe('signaled');
      for (const lock of locks) lock.release();
      expect((await waitAny([mutex, other])).status).toBe('signaled');
    }
    // Its lock was given up with the close.
    expect(told(name)).toBe('signaled');
  });

  test('that cannot be marked is not taken, and neither is anything beside it', async () => {
    const fail = vi.spyOn(kernel, 'markOwned').mockImplementation(() => {
      Object.assign(kernel, { failure: { errno: 5, syscall: 'CreateFileW' } });
      return undefined;
    });
    using mutex = Mutex.create(uniqueName(), { remember: true });
    using other = Mutex.create();
    using permits = Semaphore.create(undefined, { initialCount: 1, maximumCount: 1 });
    using event = Event.create(undefined, { initialState: true });
    const refused = { code: 'ERROR_ACCESS_DENIED', syscall: 'CreateFileW' };
    expectThrow(() => mutex.waitSync(0), AccessDeniedError, refused);
    expectThrow(() => waitAllSync([other, permits, event, mutex], 0), AccessDeniedError, refused);
    expectThrow(() => mutex.tryAcquire(), AccessDeniedError, refused);
    expect(await reasonOf(mutex.acquire())).toMatchObject(refused);
    expect(await reasonOf(waitAll([other, permits, event, mutex]))).toMatchObject(refused);
    fail.mockRestore();
    for (const object of [mutex, other, permits, event]) expect(object.waitSync(0).status).toBe('signaled');
    for (const owned of [mutex, other]) {
      owned.release();
      expectThrow(() => owned.release(), NotOwnerError, {});
    }
  });

  test('has a name, is of this user, and is not owned from the start', () => {
    expect(() => Mutex.create(undefined, { remember: true })).toThrow(TypeError);
    expect(() => Mutex.create(uniqueName(), { remember: true, initiallyOwned: true })).toThrow('initiallyOwned');
    expect(() => Mutex.create(`Global\\${uniqueName()}`, { remember: true, security: 'everyone' })).toThrow('security');
    expect(() => Mutex.create(uniqueName(), { remember: untyped('yes') })).toThrow(TypeError);
  });
});
