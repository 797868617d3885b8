import type { Mutex } from 'waitable';
import type { Arena, Contender, Order, RoleOrder } from '../runner/scenario-context.js';
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
  run: arena => killHolders(arena),
  twins: [{ fault: 'an abandonment that is swallowed', shows: /exactly one abandonment/, run: arena => killHolders(arena, { broken: 1 }) }],
};

async function killHolders(arena: Arena, fault: RoleOrder['keys'] = {}): Promise<void> {
  const lock = await arena.mutex('lock');
  const parts = arena.contenders.map(async contender => {
    arena.check('every contender lives', await arena.play(contender, { role: 'count', keys: { lock: lock.slot, ...fault } }));
  });
  await arena.during(parts, async over => {
    for (let victim = 0; !over.aborted; victim++) {
      const peer = await arena.startPeer(helperKind(VICTIMS[victim % VICTIMS.length] ?? 32));
      await arena.admit(peer);
      const [status] = await peer.send('hold', lock.slot);
      // A victim can inherit from the one before it.
      if (status === WAIT_ABANDONED) arena.sawAbandonment();
      await peer.kill();
      arena.struck('kill', peer.kind);
    }
  });
  inherit(arena, lock.object);
  checkCount(arena);
  checkFree(arena, lock.object);
  arena.checkEnough('somebody was killed', arena.kills > 0);
}

export const killedAnywhere: Scenario = {
  name: 'killed-anywhere',
  summary: 'contenders are killed at random instants and replaced: what a dead one left half-done is only ever seen together with an abandonment',
  minimumContenders: 2,
  faults: CONTENDERS_DIE,
  run: arena => killCounters(arena),
  twins: [{ fault: 'an abandonment that is swallowed: what the dead left half-done is not mended', shows: /torn/, faults: MANY_DIE, run: arena => killCounters(arena, { broken: 1 }) }],
};

async function killCounters(arena: Arena, fault: RoleOrder['keys'] = {}): Promise<void> {
  const lock = await arena.mutex('lock');
  await killAnywhere(arena, lock.object, () => ({ role: 'count', keys: { lock: lock.slot, ...fault } }), LONG_SPIN);
}

/** Has the contenders count under a lock while the fault `kill` strikes, and checks that the count is exact in the end. */
export async function killAnywhere(arena: Arena, lock: Mutex, orderOf: (contender: Contender) => Order, spin: number): Promise<void> {
  await arena.contend(orderOf, spin);
  inherit(arena, lock);
  checkCount(arena);
  checkFree(arena, lock);
  if (arena.isControl) arena.checkEnough('somebody was killed', arena.kills > 0);
}

/** Takes over from the last one killed, if no contender came to it, and mends the counter as a contender would. */
function inherit(arena: Arena, lock: Mutex): void {
  const { status } = lock.waitSync(0);
  if (status === 'timeout') return; // `checkFree` will tell
  if (status === 'abandoned') {
    arena.sawAbandonment();
    arena.board.store(COUNTER, arena.progress);
  }
  lock.release();
}
