import { describe, expect, test } from 'vitest';
import { DeadlockError, Event, Mutex, waitAll, waitAny, type MutexLock } from 'waitable';
import { untyped } from '../support/expect-throw.js';
import { uniqueName } from '../support/names.js';
import { PATIENCE } from '../support/patience.js';
import { acquireThroughWaitThread, collectGarbage, expectPending, gate, PATIENT, turnOfLoop } from './support.js';

describe('runExclusive', () => {
  test('gives what the function gives, and has released the mutex then', async () => {
    using mutex = Mutex.create();
    expect(await mutex.runExclusive(() => 5)).toBe(5);
    expect(await mutex.runExclusive(async lock => {
      await turnOfLoop();
      expect(lock.held).toBe(true);
      expect(mutex.waitSync(0).status).toBe('timeout');
      return 'done';
    })).toBe('done');
    expect(mutex.waitSync(0).status).toBe('signaled');
    mutex.release();
  });

  test.each([
    { how: 'throws', run: () => { throw new Error('from within'); } },
    { how: 'rejects', run: () => Promise.reject(new Error('from within')) },
  ])('passes on what the function $how, and has released the mutex then', async ({ run }) => {
    using mutex = Mutex.create();
    await expect(mutex.runExclusive(run)).rejects.toThrow('from within');
    using lock = mutex.tryAcquire();
    expect(lock?.held).toBe(true);
  });

  test('does not mind a lock that the function released itself', async () => {
    using mutex = Mutex.create();
    await mutex.runExclusive(lock => lock.release());
    await mutex.runExclusive(lock => lock[Symbol.asyncDispose]());
    expect(mutex.tryAcquire()?.held).toBe(true);
  });

  test('runs one function at a time, in the order of the calls', async () => {
    const name = uniqueName();
    using one = Mutex.create(name);
    using other = Mutex.open(name);
    const steps: string[] = [];
    await Promise.all(Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? one : other).runExclusive(async () => {
      steps.push(`${index} in`);
      await turnOfLoop();
      steps.push(`${index} out`);
    })));
    expect(steps).toEqual(Array.from({ length: 10 }, (_, index) => [`${index} in`, `${index} out`]).flat());
  });

  test('refuses what is no function before it waits', async () => {
    using mutex = Mutex.create(undefined, { initiallyOwned: true });
    await expect(mutex.runExclusive(untyped('code'))).rejects.toBeInstanceOf(TypeError);
    mutex.release();
  });
});

describe('rule 12: a flow that holds a mutex by runExclusive and asks for it again', () => {
  test('gets a DeadlockError: by acquire, wait, runExclusive, waitAny of nothing else, waitAll; through another instance; deep within', async () => {
    const name = uniqueName();
    using mutex = Mutex.create(name);
    using again = Mutex.open(`Local\\${name}`);
    using outer = Mutex.create();
    using free = Event.create(undefined, { manualReset: true, initialState: true });
    const deadlock = { constructor: DeadlockError, code: 'ERROR_POSSIBLE_DEADLOCK', errno: 1131 };
    await mutex.runExclusive(async () => {
      await outer.runExclusive(async () => {
        await turnOfLoop();
        for (const same of [mutex, again]) {
          await expect(same.acquire()).rejects.toMatchObject({ ...deadlock, objectName: same.name });
          await expect(same.wait()).rejects.toMatchObject(deadlock);
          await expect(same.runExclusive(() => expect.unreachable())).rejects.toMatchObject(deadlock);
          await expect(waitAny([same, outer])).rejects.toMatchObject(deadlock);
          await expect(waitAll([free, same])).rejects.toMatchObject(deadlock);
          expect(same.tryAcquire()).toBeUndefined();
          expect((await same.wait({ timeout: 0 })).status).toBe('timeout');
        }
      });
    });
    using lock = mutex.tryAcquire();
    expect(lock?.held).toBe(true);
  });

  test('gets one also when a wait thread owns it for the flow', async () => {
    using mutex = Mutex.create();
    const first = await acquireThroughWaitThread(mutex);
    const run = mutex.runExclusive(async () => {
      await expect(mutex.acquire()).rejects.toBeInstanceOf(DeadlockError);
    }, PATIENT);
    first.release();
    await run;
  });

  test('is told what to do with work that the run does not await', async () => {
    using mutex = Mutex.create();
    await mutex.runExclusive(async () => {
      await expect(mutex.acquire()).rejects.toThrow('does not await');
    });
  });

  test('may wait for it among others that can come', async () => {
    using mutex = Mutex.create();
    using event = Event.create();
    await mutex.runExclusive(async () => {
      const any = waitAny([mutex, event], PATIENT);
      event.set();
      expect((await any).index).toBe(1);
    });
  });

  test('may ask again once its lock is released', async () => {
    using mutex = Mutex.create();
    await mutex.runExclusive(async lock => {
      lock.release();
      using again = await mutex.acquire(PATIENT);
      expect(again.held).toBe(true);
    });
  });
});

describe('rule 12: no DeadlockError', () => {
  test('comes to a sibling flow, which waits its turn', async () => {
    using mutex = Mutex.create();
    const inside = gate();
    const leave = gate();
    const first = mutex.runExclusive(async () => {
      inside.open();
      await leave.opened;
    });
    await inside.opened;
    const second = mutex.runExclusive(() => 'second', PATIENT);
    const third = mutex.acquire(PATIENT);
    await expectPending(second, third);
    leave.open();
    await first;
    expect(await second).toBe('second');
    (await third).release();
  });

  test('comes to a run that the one before has started from inside, and no run keeps those before it', async () => {
    const mutexes = [Mutex.create(), Mutex.create()] as const;
    const locks: WeakRef<MutexLock>[] = [];
    const runs: Promise<void>[] = [];
    // Each run is started while the one before still holds the other mutex.
    const run = (left: number): Promise<void> => mutexes[left % 2 === 0 ? 0 : 1].runExclusive(async lock => {
      locks.push(new WeakRef(lock));
      if (left > 0) {
        await turnOfLoop(); // the one before is over
        runs.push(run(left - 1));
        return;
      }
      await expect.poll(() => {
        collectGarbage();
        return locks.slice(0, -2).filter(each => each.deref() !== undefined).length;
      }, { timeout: PATIENCE }).toBe(0);
    });
    runs.push(run(50));
    for (let next = runs.shift(); next !== undefined; next = runs.shift()) await next;
    expect(locks.length).toBe(51);
    for (const mutex of mutexes) mutex.close();
  });

  test('comes to a flow that outlives the runExclusive in which it began', async () => {
    using mutex = Mutex.create();
    const over = gate();
    let later: Promise<string> | undefined;
    await mutex.runExclusive(() => {
      later = over.opened.then(() => mutex.runExclusive(() => 'later'));
    });
    over.open();
    expect(await later).toBe('later');
  });
});
