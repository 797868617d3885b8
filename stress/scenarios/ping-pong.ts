import type { Arena, Order, RoleOrder } from '../runner/scenario-context.js';
import { NOBODY_DIES } from './tolerances.js';
import { PROGRESS, TALLIES, TALLY } from '../peers/board.js';
import { TWINS_PATIENCE, type Scenario } from '../runner/scenario.js';

export const pingPong: Scenario = {
  name: 'ping-pong',
  summary: 'pairs hand a ball to and fro over two auto-reset events: no hit is lost, none comes out of turn',
  minimumContenders: 2,
  faults: NOBODY_DIES,
  run: arena => playBalls(arena),
  twins: [{ fault: 'a turn taken twice: each hit is given to the other player and to oneself', shows: /turn/, run: arena => playBalls(arena, { broken: 1, patience: TWINS_PATIENCE }) }],
};

async function playBalls(arena: Arena, fault: RoleOrder['keys'] = {}): Promise<void> {
  // The first half meets the second: with workers first and helpers last, 64-bit threads meet 32-bit processes.
  const pairs = Math.min(TALLIES, Math.floor(arena.contenders.length / 2));
  const orders = new Map<number, Order>();
  const games = [];
  for (let ball = 0; ball < pairs; ball++) {
    const first = await arena.event(`first ${ball}`, { initialState: true });
    const second = await arena.event(`second ${ball}`);
    const players = [ball, arena.contenders.length - pairs + ball] as const;
    orders.set(players[0], { role: 'ping', keys: { mine: first.slot, theirs: second.slot, ball, parity: 0, ...fault } });
    orders.set(players[1], { role: 'ping', keys: { mine: second.slot, theirs: first.slot, ball, parity: 1, ...fault } });
    games.push({ ball, first: first.object, second: second.object, players });
  }
  await arena.during(arena.contenders.map(async contender => {
    const order = orders.get(contender.index);
    if (order === undefined) return; // the odd one out
    arena.check('every contender lives', await arena.play(contender, order));
  }));
  for (const { ball, first, second, players } of games) {
    const hits = players.reduce((sum, player) => sum + arena.board.load(PROGRESS + player), 0);
    arena.checkEqual(`the hits of ball ${ball} equal what its players did`, arena.board.load(TALLY + ball), hits);
    const set = [first, second].filter(event => event.waitSync(0).status === 'signaled').length;
    arena.checkEqual(`ball ${ball} lies in exactly one court in the end`, set, 1);
  }
}
