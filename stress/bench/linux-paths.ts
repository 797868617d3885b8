import { join } from 'node:path';
import { lock as lockFile } from 'proper-lockfile';
import { Mutex, Semaphore } from 'waitable';
import type { Peer } from '../peers/peer.js';
import type { Figures } from '../report/benchmark-run.js';
import { openIn, startC } from './c-program.js';
import { oneIn, timedAsync, timedLoop, type HotPath, type Runner } from './hot-path.js';
import { measureAll } from './measure.js';
import { compareExchangePair, fileLock, makeRobustMutex, robustMutex } from './native-locks.js';
import type { Scale } from './scale.js';
import { MEMORY, temporaryFolder } from './temporary-folder.js';

/** In ns. */
const SYNC_BUDGET = 60;
const ASYNC_BUDGET = 250;

/** An uncontended lock of shared memory, beside what else Linux has. */
export async function measureLinuxPaths(scale: Scale): Promise<Figures[]> {
  await using c = await startC();
  using mutex = Mutex.create(`waitable-bench ${process.pid} mutex`);
  return await measureAll([await uncontendedPair(mutex, c), awaitedPair(mutex), exclusiveRun(mutex)], scale);
}

async function uncontendedPair(mutex: Mutex, c: Peer | undefined): Promise<HotPath> {
  const folder = temporaryFolder();
  const pthreadFile = join(temporaryFolder(MEMORY), 'pthread');
  makeRobustMutex(pthreadFile);
  const word = compareExchangePair();
  const pthread = robustMutex(pthreadFile);
  const file = fileLock(join(folder, 'flock'));
  const [slot = 0] = c === undefined ? [] : await openIn(c, 0, [mutex]);
  return {
    name: 'lock + unlock, uncontended',
    subject: 'tryAcquire()',
    against: 'C',
    budget: { nanoseconds: SYNC_BUDGET },
    runners: {
      'tryAcquire()': tryAcquirePair(mutex),
      'waitSync(0)': timedLoop(iterations => {
        for (let i = 0; i < iterations; i++) {
          if (mutex.waitSync(0).status !== 'signaled') throw new Error('the mutex is not free');
          mutex.release();
        }
      }),
      ...(c === undefined ? {} : { C: async (iterations: number) => Number((await c.send('bench', 'wait-release', iterations, slot))[0]) }),
      'Atomics CAS pair': timedLoop(iterations => {
        for (let i = 0; i < iterations; i++) {
          word.take();
          word.release();
        }
      }),
      'pthread (koffi)': timedLoop(iterations => {
        for (let i = 0; i < iterations; i++) {
          pthread.take();
          pthread.release();
        }
      }),
      'flock (koffi)': oneIn(10, timedLoop(iterations => {
        for (let i = 0; i < iterations; i++) {
          file.take();
          file.release();
        }
      })),
      'proper-lockfile': oneIn(10_000, timedAsync(async () => {
        const release = await lockFile(folder, { realpath: false });
        await release();
      })),
    },
  };
}

function awaitedPair(mutex: Mutex): HotPath {
  const semaphore = Semaphore.create(undefined, { initialCount: 1, maximumCount: 1 });
  return {
    name: 'await lock + unlock, uncontended',
    subject: 'acquire()',
    against: 'tryAcquire()',
    budget: { nanoseconds: ASYNC_BUDGET },
    runners: {
      'acquire()': acquirePair(mutex),
      'semaphore.acquire()': timedLoop(async iterations => {
        for (let i = 0; i < iterations; i++) (await semaphore.acquire()).release();
      }),
      'tryAcquire()': tryAcquirePair(mutex),
      'await of nothing': awaitOfNothing(),
    },
  };
}

/** After all others: once a process has used an `AsyncLocalStorage`, as `runExclusive` does, Node follows every promise, and every `await` takes longer. */
function exclusiveRun(mutex: Mutex): HotPath {
  return {
    name: 'once runExclusive has been used',
    subject: 'runExclusive()',
    against: 'acquire()',
    runners: {
      'runExclusive()': timedLoop(async iterations => {
        for (let i = 0; i < iterations; i++) await mutex.runExclusive(() => undefined);
      }),
      'acquire()': acquirePair(mutex),
      'await of nothing': awaitOfNothing(),
    },
  };
}

function acquirePair(mutex: Mutex): Runner {
  return timedLoop(async iterations => {
    for (let i = 0; i < iterations; i++) (await mutex.acquire()).release();
  });
}

function awaitOfNothing(): Runner {
  return timedLoop(async iterations => {
    for (let i = 0; i < iterations; i++) await Promise.resolve();
  });
}

function tryAcquirePair(mutex: Mutex): Runner {
  return timedLoop(iterations => {
    for (let i = 0; i < iterations; i++) {
      const lock = mutex.tryAcquire();
      if (lock === undefined) throw new Error('the mutex is not free');
      lock.release();
    }
  });
}
