import { setTimeout as delay } from 'node:timers/promises';
import { canStart } from '../peers/peer.js';
import type { Fault } from '../runner/fault.js';
import { startSuspender } from './suspender.js';
import { withVictim } from './pick-victim.js';

/** How long a process stands still, in ms: far less than a wait may last. */
const SHORTEST = 5;
const LONGEST = 200;

export const suspend: Fault = {
  name: 'suspend',
  summary: 'a process among the contenders stands still for up to 200 ms, whatever it holds, and goes on',
  usualRate: 2,
  whyNotHere: () => process.platform === 'win32' && !canStart('helper64') ? 'it takes the C helper to stop the threads of a process' : undefined,
  async arm(context) {
    const suspender = await startSuspender();
    return {
      inject: (random, over) => withVictim(context, random, async victim => {
        const time = random.between(SHORTEST, LONGEST);
        await suspender.suspend(victim, time);
        context.recordFault('suspend', victim.kind);
        try {
          await delay(time, undefined, { signal: over }).catch(() => undefined);
        } finally {
          await suspender.resume(victim);
        }
      }),
      [Symbol.asyncDispose]: () => suspender[Symbol.asyncDispose](),
    };
  },
};
