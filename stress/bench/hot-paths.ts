import { Event, Mutex, waitAnySync } from 'waitable';
import type { Peer } from '../peers/peer.js';
import { bindBareKoffi, handleArray } from './bare-koffi.js';

export type Runner = 'waitable' | 'koffi' | 'C';

/** One thing that is done over and over, by each runner in its own way. */
export interface HotPath {
  readonly name: string;
  /** The most that `waitable` may take, as a multiple of C's time. */
  readonly budget: number;
  /** Gives the ns that `iterations` took. */
  readonly run: Readonly<Record<Runner, (iterations: number) => Promise<number>>>;
}

const MANY = 63;
const TIMED_OUT = 258;

/** @param c - The C helper of this process's bitness. */
export async function hotPaths(c: Peer): Promise<HotPath[]> {
  return [await uncontendedMutex(c), await manyObjects(c)];
}

async function uncontendedMutex(c: Peer): Promise<HotPath> {
  const name = `waitable-bench ${process.pid} mutex`;
  const slot = 0;
  const mutex = Mutex.create(`${name} of waitable`);
  const { WaitForSingleObject, ReleaseMutex } = bindBareKoffi();
  const { handle } = mutex;
  await c.send('create', 'mutex', slot, encodeURIComponent(`${name} of C`), 0);
  return {
    name: 'waitSync(0) + release()',
    budget: 1.1,
    run: {
      waitable: timed(() => {
        if (mutex.waitSync(0).status !== 'signaled') throw new Error('the mutex is not free');
        mutex.release();
      }),
      koffi: timed(() => {
        if (WaitForSingleObject(handle, 0) !== 0) throw new Error('the mutex is not free');
        ReleaseMutex(handle);
      }),
      C: async iterations => Number((await c.send('bench', 'wait-release', iterations, slot))[0]),
    },
  };
}

async function manyObjects(c: Peer): Promise<HotPath> {
  const name = `waitable-bench ${process.pid} event`;
  const events = Array.from({ length: MANY }, () => Event.create());
  const { WaitForMultipleObjects } = bindBareKoffi();
  const handles = handleArray(events.map(({ handle }) => handle));
  const slots = events.map((_, index) => index + 1);
  for (const slot of slots) await c.send('create', 'event', slot, encodeURIComponent(`${name} ${slot} of C`), 0, 0);
  return {
    name: `waitAnySync(${MANY} objects, 0)`,
    budget: 1.25,
    run: {
      waitable: timed(() => {
        if (waitAnySync(events, 0).status !== 'timeout') throw new Error('an event is set');
      }),
      koffi: timed(() => {
        if (WaitForMultipleObjects(MANY, handles, 0, 0) !== TIMED_OUT) throw new Error('an event is set');
      }),
      C: async iterations => Number((await c.send('bench', 'wait-any', iterations, ...slots))[0]),
    },
  };
}

function timed(operation: () => void): (iterations: number) => Promise<number> {
  return iterations => {
    const began = process.hrtime.bigint();
    for (let i = 0; i < iterations; i++) operation();
    return Promise.resolve(Number(process.hrtime.bigint() - began));
  };
}
