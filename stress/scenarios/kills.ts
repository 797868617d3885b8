import { setTimeout as delay } from 'node:timers/promises';
import type { Mutex } from 'waitable';
import type { Arena, Contender, Order } from '../arena.js';
import { COUNTER } from '../peers/board.js';
import { helperKind, Peer, startExecutioner } from '../peers/peer.js';
import type { Scenario } from '../scenario.js';
import { checkCount, checkFree } from './mutex.js';

const WAIT_ABANDONED = '128';
const VICTIMS = [32, 64] as const;
/** Turns of the empty loop: so many that somebody is inside the critical section at nearly every instant, and a kill often hits him. */
const LONG_SPIN = 50_000;
/** Between two kills at random instants, in ms. */
const SHORTEST_LIFE = 50;
const LONGEST_LIFE = 400;

export const killedHolder: Scenario = {
  name: 'killed-holder',
  summary: 'processes are killed while they hold the mutex that the others contend for: each kill shows as exactly one abandonment',
  minimumContenders: 1,
  run: arena => killHolders(arena),
  twin: { fault: 'an abandonment that is swallowed', run: arena => killHolders(arena, { broken: 1 }) },
};

async function killHolders(arena: Arena, fault: Order['keys'] = {}): Promise<void> {
  const lock = await arena.mutex('lock');
  const parts = arena.contenders.map(async contender => {
    arena.check('every contender lives', await arena.play(contender, { role: 'count', keys: { lock: lock.slot, ...fault } }));
  });
  await arena.during(parts, async over => {
    for (let victim = 0; !over.aborted; victim++) {
      const peer = await Peer.start(helperKind(VICTIMS[victim % VICTIMS.length] ?? 32));
      await arena.admit(peer);
      const [status] = await peer.send('hold', lock.slot);
      // A victim can inherit from the one before it.
      if (status === WAIT_ABANDONED) arena.sawAbandonment();
      await peer.kill();
      arena.killed(peer);
    }
  });
  inherit(arena, lock.object);
  checkCount(arena);
  checkFree(arena, lock.object);
  arena.checkEnough('somebody was killed', arena.kills > 0);
  arena.checkEqual('each killed holder shows as exactly one abandonment', arena.abandonments, arena.kills);
}

export const killedAnywhere: Scenario = {
  name: 'killed-anywhere',
  summary: 'contenders are killed at random instants and replaced: what a dead one left half-done is only ever seen together with an abandonment',
  minimumContenders: 2,
  run: arena => killCounters(arena),
  twin: { fault: 'an abandonment that is swallowed: what the dead left half-done is not mended', run: arena => killCounters(arena, { broken: 1 }) },
};

async function killCounters(arena: Arena, fault: Order['keys'] = {}): Promise<void> {
  const lock = await arena.mutex('lock');
  await killAnywhere(arena, lock.object, () => ({ role: 'count', keys: { lock: lock.slot, ...fault } }), LONG_SPIN);
}

/** Has the contenders count under a lock, kills processes among them at random instants, and checks that the count is exact in the end. */
export async function killAnywhere(arena: Arena, lock: Mutex, orderOf: (contender: Contender) => Order, spin: number): Promise<void> {
  await using executioner = await startExecutioner();
  const doomed = arena.contenders.filter(({ peer }) => peer.kind !== 'thread');
  const isOver = new AbortController();
  const parts = arena.contenders.map(async contender => {
    // One that was killed is replaced, and its successor goes on.
    while (!await arena.play(contender, orderOf(contender), spin) && !isOver.signal.aborted) await replace(arena, contender);
  });
  const random = arena.random('kills');
  await arena.during(parts, async over => {
    for (;;) {
      await delay(random.between(SHORTEST_LIFE, LONGEST_LIFE));
      const victim = random.pick(doomed);
      if (victim === undefined || over.aborted) break;
      if (victim.peer.hasEnded) continue; // it is being replaced
      await victim.peer.kill(executioner);
      arena.killed(victim.peer);
    }
    isOver.abort();
  });
  for (const contender of doomed) if (contender.peer.hasEnded) await replace(arena, contender);
  inherit(arena, lock);
  checkCount(arena);
  checkFree(arena, lock);
  if (arena.isControl) arena.checkEnough('somebody was killed', arena.kills > 0);
  arena.check('no more abandonments than kills', arena.abandonments <= arena.kills, `${arena.abandonments} after ${arena.kills} kills`);
}

async function replace(arena: Arena, contender: Contender): Promise<void> {
  const successor = await Peer.start(contender.peer.kind);
  await arena.admit(successor);
  contender.peer = successor;
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
