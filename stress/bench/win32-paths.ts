import { lock as lockFile } from 'proper-lockfile';
import { Event, Mutex, Semaphore, waitAnySync } from 'waitable';
import type { Peer } from '../peers/peer.js';
import type { Figures } from '../report/benchmark-run.js';
import { bindBareKoffi, handleArray } from './bare-koffi.js';
import { startC } from './c-program.js';
import { oneIn, timed, timedAsync, type HotPath } from './hot-path.js';
import { measureAll } from './measure.js';
import type { Scale } from './scale.js';
import { temporaryFolder } from './temporary-folder.js';

const MANY = 63;
const TIMED_OUT = 258;
/** Fewer turns for a runner that takes milliseconds. */
const SLOW = 100;

/** The calls of kernel32. */
export async function measureWin32Paths(scale: Scale): Promise<Figures[]> {
  await using c = await startC();
  if (c === undefined) throw new Error('the C helper is missing');
  return await measureAll([await uncontendedMutex(c), await manyObjects(c), uncontendedAcquire()], scale);
}

async function uncontendedMutex(c: Peer): Promise<HotPath> {
  const slot = 0;
  const mutex = Mutex.create();
  const { WaitForSingleObject, ReleaseMutex } = bindBareKoffi();
  const { handle } = mutex;
  await c.send('create', 'mutex', slot, encodeURIComponent(`waitable-bench ${process.pid} mutex of C`), 0);
  return {
    name: 'waitSync(0) + release()',
    subject: 'waitable',
    against: 'C',
    budget: { times: 1.1 },
    runners: {
      waitable: timed(() => {
        if (mutex.waitSync(0).status !== 'signaled') throw new Error('the mutex is not free');
        mutex.release();
      }),
      'bare koffi': timed(() => {
        if (WaitForSingleObject(handle, 0) !== 0) throw new Error('the mutex is not free');
        ReleaseMutex(handle);
      }),
      C: async iterations => Number((await c.send('bench', 'wait-release', iterations, slot))[0]),
    },
  };
}

async function manyObjects(c: Peer): Promise<HotPath> {
  const events = Array.from({ length: MANY }, () => Event.create());
  const { WaitForMultipleObjects } = bindBareKoffi();
  const handles = handleArray(events.map(({ handle }) => handle));
  const slots = events.map((_, index) => index + 1);
  for (const slot of slots) await c.send('create', 'event', slot, encodeURIComponent(`waitable-bench ${process.pid} event ${slot} of C`), 0, 0);
  return {
    name: `waitAnySync(${MANY} objects, 0)`,
    subject: 'waitable',
    against: 'C',
    budget: { times: 1.25 },
    runners: {
      waitable: timed(() => {
        if (waitAnySync(events, 0).status !== 'timeout') throw new Error('an event is set');
      }),
      'bare koffi': timed(() => {
        if (WaitForMultipleObjects(MANY, handles, 0, 0) !== TIMED_OUT) throw new Error('an event is set');
      }),
      C: async iterations => Number((await c.send('bench', 'wait-any', iterations, ...slots))[0]),
    },
  };
}

function uncontendedAcquire(): HotPath {
  const mutex = Mutex.create();
  // On a mutex, koffi's `.async()` would leave ownership with whichever pool thread ran it; a semaphore is the nearest thing that can be given back.
  const semaphore = Semaphore.create(undefined, { initialCount: 1, maximumCount: 1 });
  const folder = temporaryFolder();
  const { waitForSingleObjectAsync } = bindBareKoffi();
  const { handle } = semaphore;
  return {
    name: 'await acquire() + release()',
    subject: 'waitable',
    against: 'sync pair',
    budget: { times: 1.3 },
    runners: {
      waitable: timedAsync(async () => {
        const lock = await mutex.acquire();
        lock.release();
      }),
      'sync pair': timed(() => {
        mutex.waitSync(0);
        mutex.release();
      }),
      'koffi .async()': timedAsync(async () => {
        await waitForSingleObjectAsync(handle, -1);
        semaphore.release();
      }),
      'proper-lockfile': oneIn(SLOW, timedAsync(async () => {
        const release = await lockFile(folder, { realpath: false });
        await release();
      })),
    },
  };
}
