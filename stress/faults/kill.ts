import { startTerminator } from '../peers/peer.js';
import type { Fault } from '../runner/fault.js';
import { withVictim } from './pick-victim.js';

export const kill: Fault = {
  name: 'kill',
  summary: 'a process among the contenders is killed, at whatever it does, and replaced',
  usualRate: 4,
  whyNotHere: () => undefined,
  async arm(context) {
    const terminator = await startTerminator();
    return {
      inject: random => withVictim(context, random, async victim => {
        await victim.kill(terminator);
        context.recordFault('kill', victim.kind);
      }),
      [Symbol.asyncDispose]: async () => terminator?.exit(),
    };
  },
};
