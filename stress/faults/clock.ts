import { setTimeout as delay } from 'node:timers/promises';
import { Timer } from 'waitable';
import type { ScenarioContext } from '../runner/scenario-context.js';
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
  optIn: true,
  whyNotHere() {
    if (process.platform !== 'linux') return 'it is done on Linux alone';
    if (!canStart('helper64')) return 'it takes the C helper';
    return process.geteuid?.() === 0 ? undefined : 'only root may set the clock';
  },
  async arm(context) {
    const helper = await Peer.start('helper64');
    return {
      inject: random => jump(context, helper, random),
      [Symbol.asyncDispose]: () => helper.exit(),
    };
  },
};

async function jump(context: ScenarioContext, helper: Peer, random: Random): Promise<void> {
  const by = random.flip() ? JUMP : -JUMP;
  using absolute = Timer.create();
  using relative = Timer.create();
  const began = performance.now();
  absolute.set(new Date(Date.now() + DUE));
  relative.set(DUE);
  await helper.send('shift-clock', by);
  context.recordFault('clock');
  const isDue = absolute.waitSync(0).status === 'signaled';
  const relativeIsDue = relative.waitSync(0).status === 'signaled';
  const passed = performance.now() - began;
  await delay(LASTS);
  await helper.send('shift-clock', -by);
  if (passed >= DUE) return; // this process was held up for so long that nothing can be told
  context.checkEqual('an absolute timer follows the clock', Number(isDue), Number(by > 0));
  context.check('a relative timer does not follow the clock', !relativeIsDue);
}
