import { setTimeout as delay } from 'node:timers/promises';
import { Timer } from 'waitable';
import type { Arena } from '../runner/scenario-context.js';
import { canStart, Peer } from '../peers/peer.js';
import type { Random } from '../util/random.js';
import type { Fault } from '../runner/fault.js';

/** How far the clock is set, and for how long, in ms. */
const JUMP = 1000;
const LASTS = 20;
/** When the timers are due, in ms. */
const DUE = 500;

export const clock: Fault = {
  name: 'clock',
  summary: 'the clock of the machine is set by a second, forward or back, for a moment: absolute timers follow it, and nothing else',
  usualRate: 0.2,
  byNameAlone: true,
  whyNotHere() {
    if (process.platform !== 'linux') return 'it is done on Linux alone';
    if (!canStart('helper64')) return 'it takes the C helper';
    return process.geteuid?.() === 0 ? undefined : 'only root may set the clock';
  },
  async arm(arena) {
    const helper = await Peer.start('helper64');
    return {
      strike: random => jump(arena, helper, random),
      [Symbol.asyncDispose]: () => helper.exit(),
    };
  },
};

async function jump(arena: Arena, helper: Peer, random: Random): Promise<void> {
  const by = random.flip() ? JUMP : -JUMP;
  using absolute = Timer.create();
  using relative = Timer.create();
  const began = performance.now();
  absolute.set(new Date(Date.now() + DUE));
  relative.set(DUE);
  await helper.send('shift-clock', by);
  arena.struck('clock');
  const isDue = absolute.waitSync(0).status === 'signaled';
  const relativeIsDue = relative.waitSync(0).status === 'signaled';
  const passed = performance.now() - began;
  await delay(LASTS);
  await helper.send('shift-clock', -by);
  if (passed >= DUE) return; // this process was held up for so long that nothing can be told
  arena.checkEqual('an absolute timer follows the clock', Number(isDue), Number(by > 0));
  arena.check('a relative timer does not follow the clock', !relativeIsDue);
}
