import type { ScenarioContext, RoleAssignment, ProtocolRoleAssignment } from '../runner/scenario-context.js';
import { NOBODY_DIES } from './tolerances.js';
import { PROGRESS, TALLIES, TALLY } from '../peers/board.js';
import { NEGATIVE_CONTROL_PATIENCE, type Scenario } from '../runner/scenario.js';

export const pingPong: Scenario = {
  name: 'ping-pong',
  summary: 'pairs hand a ball to and fro over two auto-reset events: no hit is lost, none comes out of turn',
  minimumContenders: 2,
  faults: NOBODY_DIES,
  run: context => playBalls(context),
  negativeControls: [{ defect: 'a turn taken twice: each hit is given to the other player and to oneself', shows: /turn/, run: context => playBalls(context, { broken: 1, patience: NEGATIVE_CONTROL_PATIENCE }) }],
};

async function playBalls(context: ScenarioContext, fault: ProtocolRoleAssignment['keys'] = {}): Promise<void> {
  // The first half meets the second: with workers first and helpers last, 64-bit threads meet 32-bit processes.
  const pairs = Math.min(TALLIES, Math.floor(context.contenders.length / 2));
  const orders = new Map<number, RoleAssignment>();
  const games = [];
  for (let ball = 0; ball < pairs; ball++) {
    const first = await context.event(`first ${ball}`, { initialState: true });
    const second = await context.event(`second ${ball}`);
    const players = [ball, context.contenders.length - pairs + ball] as const;
    orders.set(players[0], { role: 'ping', keys: { mine: first.slot, theirs: second.slot, ball, parity: 0, ...fault } });
    orders.set(players[1], { role: 'ping', keys: { mine: second.slot, theirs: first.slot, ball, parity: 1, ...fault } });
    games.push({ ball, first: first.object, second: second.object, players });
  }
  await context.during(context.contenders.map(async contender => {
    const order = orders.get(contender.index);
    if (order === undefined) return; // the odd one out
    context.check('every contender lives', await context.runRole(contender, order));
  }));
  for (const { ball, first, second, players } of games) {
    const hits = players.reduce((sum, player) => sum + context.board.load(PROGRESS + player), 0);
    context.checkEqual(`the hits of ball ${ball} equal what its players did`, context.board.load(TALLY + ball), hits);
    const set = [first, second].filter(event => event.waitSync(0).status === 'signaled').length;
    context.checkEqual(`ball ${ball} lies in exactly one court in the end`, set, 1);
  }
}
