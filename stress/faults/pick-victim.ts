import type { ScenarioContext } from '../runner/scenario-context.js';
import type { Peer } from '../peers/peer.js';
import type { Random } from '../util/random.js';

/** Whom something is being done to: nobody is killed who is to be resumed. */
const engaged = new WeakSet<Peer>();

/** Does something to one of the processes that contend; to none where there is none, or something is being done to all of them. */
export async function withVictim(context: ScenarioContext, random: Random, inject: (victim: Peer) => Promise<void>): Promise<void> {
  const victim = random.pick(context.contenders.map(({ peer }) => peer).filter(peer => peer.kind !== 'thread' && !peer.hasEnded && !engaged.has(peer)));
  if (victim === undefined) return;
  engaged.add(victim);
  try {
    await inject(victim);
  } finally {
    engaged.delete(victim);
  }
}
