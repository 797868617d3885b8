import type { Arena, RoleOrder } from '../runner/scenario-context.js';
import { NOBODY_DIES } from './tolerances.js';
import { LAST_ROUND, PROGRESS, ROUND } from '../peers/board.js';
import { TWINS_PATIENCE, type Scenario } from '../runner/scenario.js';

export const broadcast: Scenario = {
  name: 'broadcast',
  summary: 'one contender opens a manual-reset event for all others, round after round: each passes each round exactly once',
  minimumContenders: 2,
  faults: NOBODY_DIES,
  run: arena => runRounds(arena),
  twins: [{ fault: 'a wake-up that is lost: the gate is shut at once, and who comes late misses it', shows: /stuck|round/, run: arena => runRounds(arena, { patience: TWINS_PATIENCE }, { broken: 1 }) }],
};

async function runRounds(arena: Arena, patience: RoleOrder['keys'] = {}, fault: RoleOrder['keys'] = {}): Promise<void> {
  const gate0 = await arena.event('gate 0', { manualReset: true });
  const gate1 = await arena.event('gate 1', { manualReset: true });
  const all = await arena.event('all');
  const keys = { gate0: gate0.slot, gate1: gate1.slot, all: all.slot, ...patience };
  const last = arena.contenders.length - 1;
  await arena.contend(({ index }) => index === last ? { role: 'source', keys: { ...keys, ...fault } } : { role: 'gate', keys });
  const rounds = arena.board.load(ROUND) + 1;
  arena.checkEqual('the last round was announced', arena.board.load(LAST_ROUND), 1);
  for (const { index, peer } of arena.contenders) {
    arena.checkEqual(`contender ${index}, a ${peer.kind}, passed every round once`, arena.board.load(PROGRESS + index), rounds);
  }
  arena.remark(`${rounds} rounds`);
}
