import type { Mutex } from 'waitable';
import type { ScenarioContext, Contender, RoleAssignment, ProtocolRoleAssignment } from '../runner/scenario-context.js';
import { CONTENDERS_DIE, MANY_DIE, VICTIMS_DIE } from './tolerances.js';
import { COUNTER } from '../peers/board.js';
import { helperKind } from '../peers/peer.js';
import type { Scenario } from '../runner/scenario.js';
import { checkCount, checkFree } from './mutex.js';

const WAIT_ABANDONED = '128';
const VICTIMS = [32, 64] as const;
/** Turns of the empty loop: so many that somebody is inside the critical section at nearly every instant, and a kill often hits him. */
const LONG_SPIN = 50_000;

export const killedHolder: Scenario = {
  name: 'killed-holder',
  summary: 'processes are killed while they hold the mutex that the others contend for: each kill shows as exactly one abandonment',
  minimumContenders: 1,
  faults: { ...VICTIMS_DIE, abandonments: 'one for each kill' },
  run: context => killHolders(context),
  negativeControls: [{ defect: 'an abandonment that is swallowed', shows: /exactly one abandonment/, run: context => killHolders(context, { broken: 1 }) }],
};

async function killHolders(context: ScenarioContext, fault: ProtocolRoleAssignment['keys'] = {}): Promise<void> {
  const lock = await context.mutex('lock');
  const parts = context.contenders.map(async contender => {
    context.check('every contender lives', await context.runRole(contender, { role: 'count', keys: { lock: lock.slot, ...fault } }));
  });
  await context.during(parts, async over => {
    for (let victim = 0; !over.aborted; victim++) {
      const peer = await context.startPeer(helperKind(VICTIMS[victim % VICTIMS.length] ?? 32));
      await context.admit(peer);
      const [status] = await peer.send('hold', lock.slot);
      // A victim can inherit from the one before it.
      if (status === WAIT_ABANDONED) context.sawAbandonment();
      await peer.kill();
      context.recordFault('kill', peer.kind);
    }
  });
  inherit(context, lock.object);
  checkCount(context);
  checkFree(context, lock.object);
  context.checkEnough('somebody was killed', context.kills > 0);
}

export const killedAnywhere: Scenario = {
  name: 'killed-anywhere',
  summary: 'contenders are killed at random instants and replaced: what a dead one left half-done is only ever seen together with an abandonment',
  minimumContenders: 2,
  faults: CONTENDERS_DIE,
  run: context => killCounters(context),
  negativeControls: [{ defect: 'an abandonment that is swallowed: what the dead left half-done is not mended', shows: /torn/, faults: MANY_DIE, run: context => killCounters(context, { broken: 1 }) }],
};

async function killCounters(context: ScenarioContext, fault: ProtocolRoleAssignment['keys'] = {}): Promise<void> {
  const lock = await context.mutex('lock');
  await killAnywhere(context, lock.object, () => ({ role: 'count', keys: { lock: lock.slot, ...fault } }), LONG_SPIN);
}

/** Has the contenders count under a lock while the fault `kill` strikes, and checks that the count is exact in the end. */
export async function killAnywhere(context: ScenarioContext, lock: Mutex, orderOf: (contender: Contender) => RoleAssignment, spin: number): Promise<void> {
  await context.contend(orderOf, spin);
  inherit(context, lock);
  checkCount(context);
  checkFree(context, lock);
  if (context.isControl) context.checkEnough('somebody was killed', context.kills > 0);
}

/** Takes over from the last one killed, if no contender came to it, and mends the counter as a contender would. */
function inherit(context: ScenarioContext, lock: Mutex): void {
  const { status } = lock.waitSync(0);
  if (status === 'timeout') return; // `checkFree` will tell
  if (status === 'abandoned') {
    context.sawAbandonment();
    context.board.store(COUNTER, context.progress);
  }
  lock.release();
}
