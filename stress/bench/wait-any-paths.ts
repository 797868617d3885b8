import { Event, Semaphore, waitAnySync, type Waitable } from 'waitable';
import type { Peer } from '../peers/peer.js';
import type { Figures } from '../report/benchmark-run.js';
import { openIn, startC } from './c-program.js';
import { oneIn, timedLoop, type HotPath } from './hot-path.js';
import { measureAll } from './measure.js';
import type { Scale } from './scale.js';

/** How many objects are waited for. A wait thread on Linux takes 128, of which one is its own. */
export const SIZES = [2, 16, 64, 127] as const;
const MOST = Math.max(...SIZES);
/** The most that the C helper takes, as Windows. */
export const MOST_OF_C = 64;

/** A wait on many that need not sleep: in vain, and with the last object signalled. */
export async function measureWaitAny(scale: Scale): Promise<Figures[]> {
  await using c = await startC();
  const name = `waitable-bench ${process.pid} any`;
  const events = Array.from({ length: MOST }, (_, index) => Event.create(`${name} ${index}`));
  // It outlasts all takes, so that nobody has to set anything in between.
  using permits = Semaphore.create(`${name} permits`, { initialCount: 0x7fffffff, maximumCount: 0x7fffffff });
  const slots = c === undefined ? [] : await openIn(c, 0, events.slice(0, MOST_OF_C));
  const permitSlot = MOST_OF_C;
  if (c !== undefined) await openIn(c, permitSlot, [permits]);
  try {
    return await measureAll(SIZES.flatMap(size => {
      const others = size - 1;
      return [
        waitAnyPath(`waitAny of ${size}, none signalled`, 'timeout', events.slice(0, size), c, slots.slice(0, size)),
        waitAnyPath(`waitAny of ${size}, the last signalled`, 'signaled', [...events.slice(0, others), permits], c, [...slots.slice(0, others), permitSlot]),
      ];
    }), scale);
  } finally {
    for (const event of events) event.close();
  }
}

function waitAnyPath(name: string, expected: string, objects: readonly Waitable[], c: Peer | undefined, slots: readonly number[]): HotPath {
  return {
    name,
    subject: 'waitAnySync(…, 0)',
    against: 'C',
    runners: {
      'waitAnySync(…, 0)': oneIn(objects.length, timedLoop(iterations => {
        for (let i = 0; i < iterations; i++) {
          if (waitAnySync(objects, 0).status !== expected) throw new Error(`the status is not ${expected}`);
        }
      })),
      ...(c === undefined || objects.length > MOST_OF_C ? {} : { C: oneIn(objects.length, async iterations => Number((await c.send('bench', 'wait-any', iterations, ...slots))[0])) }),
    },
  };
}
