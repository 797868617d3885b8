import { startExecutioner } from '../peers/peer.js';
import type { Fault } from '../runner/fault.js';
import { strikeOne } from './pick-victim.js';

export const kill: Fault = {
  name: 'kill',
  summary: 'a process among the contenders is killed, at whatever it does, and replaced',
  usualRate: 4,
  whyNotHere: () => undefined,
  async arm(arena) {
    const executioner = await startExecutioner();
    return {
      strike: random => strikeOne(arena, random, async victim => {
        await victim.kill(executioner);
        arena.struck('kill', victim.kind);
      }),
      [Symbol.asyncDispose]: async () => executioner?.exit(),
    };
  },
};
