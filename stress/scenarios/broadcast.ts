import type { ScenarioContext, ProtocolRoleAssignment } from '../runner/scenario-context.js';
import { NOBODY_DIES } from './tolerances.js';
import { LAST_ROUND, PROGRESS, ROUND } from '../peers/board.js';
import { NEGATIVE_CONTROL_PATIENCE, type Scenario } from '../runner/scenario.js';

export const broadcast: Scenario = {
  name: 'broadcast',
  summary: 'one contender opens a manual-reset event for all others, round after round: each passes each round exactly once',
  minimumContenders: 2,
  faults: NOBODY_DIES,
  run: context => runRounds(context),
  negativeControls: [{ defect: 'a wake-up that is lost: the gate is shut at once, and who comes late misses it', shows: /stuck|round/, run: context => runRounds(context, { patience: NEGATIVE_CONTROL_PATIENCE }, { broken: 1 }) }],
};

async function runRounds(context: ScenarioContext, patience: ProtocolRoleAssignment['keys'] = {}, fault: ProtocolRoleAssignment['keys'] = {}): Promise<void> {
  const gate0 = await context.event('gate 0', { manualReset: true });
  const gate1 = await context.event('gate 1', { manualReset: true });
  const all = await context.event('all');
  const keys = { gate0: gate0.slot, gate1: gate1.slot, all: all.slot, ...patience };
  const last = context.contenders.length - 1;
  await context.contend(({ index }) => index === last ? { role: 'source', keys: { ...keys, ...fault } } : { role: 'gate', keys });
  const rounds = context.board.load(ROUND) + 1;
  context.checkEqual('the last round was announced', context.board.load(LAST_ROUND), 1);
  for (const { index, peer } of context.contenders) {
    context.checkEqual(`contender ${index}, a ${peer.kind}, passed every round once`, context.board.load(PROGRESS + index), rounds);
  }
  context.remark(`${rounds} rounds`);
}
