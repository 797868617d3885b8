import { spawnSync } from 'node:child_process';
import { canStart, Peer } from '../peers/peer.js';
import { peerPrograms } from '../peers/programs.js';
import type { Fault } from '../runner/fault.js';
import { withVictim } from './pick-victim.js';

export const reap: Fault = {
  name: 'reap',
  summary: 'a process among the contenders is killed as by want of memory, which is taken away before it comes to its end: the kernel marks nothing of what it held. It is replaced',
  usualRate: 1,
  whyNotHere() {
    if (process.platform !== 'linux') return 'Windows lets go of all that a process owned, in whatever way it ended';
    if (!canStart('helper64')) return 'it takes the C helper';
    if (process.geteuid?.() !== 0) return 'only root may take the memory of processes away';
    return canReap() ? undefined : 'this system has no process_mrelease, or forbids it';
  },
  async arm(context) {
    const helper = await Peer.start('helper64');
    return {
      inject: random => withVictim(context, random, async victim => {
        await helper.send('reap', victim.processId);
        await victim.ended;
        context.recordFault('reap', victim.kind);
      }),
      [Symbol.asyncDispose]: () => helper.exit(),
    };
  },
};

function canReap(): boolean {
  return spawnSync(peerPrograms.helper64, ['reap 0']).status === 0;
}
