import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lock as lockFile } from 'proper-lockfile';
import { Event, Mutex, Semaphore, waitAnySync } from 'waitable';
import type { Peer } from '../peers/peer.js';
import { bindBareKoffi, handleArray } from './bare-koffi.js';

/** Gives the ns that so many iterations took. */
export type Runner = (iterations: number) => Promise<number>;

/** One thing that is done over and over, by each runner in its own way. */
export interface HotPath {
  readonly name: string;
  /** The library's way; `against` is what it is compared with, and `budget` the most that it may take as a multiple of that. */
  readonly subject: string;
  readonly against: string;
  readonly budget: number;
  readonly runners: Readonly<Record<string, Runner>>;
}

const MANY = 63;
const TIMED_OUT = 258;
/** Fewer turns for a runner that takes milliseconds. */
const SLOW = 100;

/** @param c - The C helper of this process's bitness. */
export async function hotPaths(c: Peer): Promise<HotPath[]> {
  return [await uncontendedMutex(c), await manyObjects(c), uncontendedAcquire()];
}

async function uncontendedMutex(c: Peer): Promise<HotPath> {
  const slot = 0;
  const mutex = Mutex.create();
  const bare = bindBareKoffi();
  const { handle } = mutex;
  await c.send('create', 'mutex', slot, encodeURIComponent(`waitable-bench ${process.pid} mutex of C`), 0);
  return {
    name: 'waitSync(0) + release()',
    subject: 'waitable',
    against: 'C',
    budget: 1.1,
    runners: {
      waitable: timed(() => {
        if (mutex.waitSync(0).status !== 'signaled') throw new Error('the mutex is not free');
        mutex.release();
      }),
      ...bare && {
        'bare koffi': timed(() => {
          if (bare.WaitForSingleObject(handle, 0) !== 0) throw new Error('the mutex is not free');
          bare.ReleaseMutex(handle);
        }),
      },
      C: async iterations => Number((await c.send('bench', 'wait-release', iterations, slot))[0]),
    },
  };
}

async function manyObjects(c: Peer): Promise<HotPath> {
  const events = Array.from({ length: MANY }, () => Event.create());
  const bare = bindBareKoffi();
  const handles = handleArray(events.map(({ handle }) => handle));
  const slots = events.map((_, index) => index + 1);
  for (const slot of slots) await c.send('create', 'event', slot, encodeURIComponent(`waitable-bench ${process.pid} event ${slot} of C`), 0, 0);
  return {
    name: `waitAnySync(${MANY} objects, 0)`,
    subject: 'waitable',
    against: 'C',
    budget: 1.25,
    runners: {
      waitable: timed(() => {
        if (waitAnySync(events, 0).status !== 'timeout') throw new Error('an event is set');
      }),
      ...bare && {
        'bare koffi': timed(() => {
          if (bare.WaitForMultipleObjects(MANY, handles, 0, 0) !== TIMED_OUT) throw new Error('an event is set');
        }),
      },
      C: async iterations => Number((await c.send('bench', 'wait-any', iterations, ...slots))[0]),
    },
  };
}

function uncontendedAcquire(): HotPath {
  const mutex = Mutex.create();
  // On a mutex, koffi's `.async()` would leave ownership with whichever pool thread ran it; a semaphore is the nearest thing that can be given back.
  const semaphore = Semaphore.create(undefined, { initialCount: 1, maximumCount: 1 });
  const folder = mkdtempSync(join(tmpdir(), 'waitable-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const bare = bindBareKoffi();
  const { handle } = semaphore;
  return {
    name: 'await acquire() + release()',
    subject: 'waitable',
    against: 'sync pair',
    budget: 1.3,
    runners: {
      waitable: timedAsync(async () => {
        const lock = await mutex.acquire();
        lock.release();
      }),
      'sync pair': timed(() => {
        mutex.waitSync(0);
        mutex.release();
      }),
      ...bare && {
        'koffi .async()': timedAsync(async () => {
          await bare.waitForSingleObjectAsync(handle, -1);
          semaphore.release();
        }),
      },
      'proper-lockfile': slowly(async () => {
        const release = await lockFile(folder, { realpath: false });
        await release();
      }),
    },
  };
}

function timed(operation: () => void): Runner {
  return iterations => {
    const began = process.hrtime.bigint();
    for (let i = 0; i < iterations; i++) operation();
    return Promise.resolve(Number(process.hrtime.bigint() - began));
  };
}

function timedAsync(operation: () => Promise<void>): Runner {
  return async iterations => {
    const began = process.hrtime.bigint();
    for (let i = 0; i < iterations; i++) await operation();
    return Number(process.hrtime.bigint() - began);
  };
}

function slowly(operation: () => Promise<void>): Runner {
  const run = timedAsync(operation);
  return async iterations => await run(Math.ceil(iterations / SLOW)) * iterations / Math.ceil(iterations / SLOW);
}
