import { Event } from 'waitable';
import type { Peer } from '../peers/peer.js';
import type { Figures } from '../report/benchmark-run.js';
import { endCs, openIn, startCs } from './c-program.js';
import { oneIn, type HotPath, type Runner } from './hot-path.js';
import { measure } from './measure.js';
import { pin, processors } from './processors.js';
import { BenchWorker } from './worker.js';
import type { Scale } from './scale.js';

const BUDGET = 1.15;
/** A hand-over takes microseconds, and longer where it has to wake a processor. */
const SLOW = 50;

/** Two processes that wake each other through two auto-reset events: from the `set()` in one to the `set()` in the other. */
export async function measurePingPong(scale: Scale): Promise<Figures[]> {
  const cs = await startCs(2);
  await using first = BenchWorker.start();
  await using second = BenchWorker.start();
  const name = `waitable-bench ${process.pid} ping`;
  using there = Event.create(`${name} there`);
  using back = Event.create(`${name} back`);
  try {
    for (const c of cs) await openIn(c, 0, [there, back]);
    const figures = [];
    for (const { where, processors: places } of placements(scale)) {
      if (places !== undefined) {
        for (const player of [first, cs[0]]) if (player !== undefined) pin(player.processId, [places[0]]);
        for (const player of [second, cs[1]]) if (player !== undefined) pin(player.processId, [places[1]]);
      }
      figures.push(await measure(pingPong(`event ping-pong of two processes ${where}`, [there, back], [first, second], cs), scale));
    }
    return figures;
  } finally {
    await endCs(cs);
  }
}

interface Placement {
  readonly where: string;
  readonly processors?: readonly [number, number];
}

function placements({ pinned }: Scale): Placement[] {
  if (!pinned) return [{ where: 'that are not pinned' }];
  const [first = 0, second] = processors();
  const together: Placement = { where: 'on one processor', processors: [first, first] };
  return second === undefined ? [together] : [together, { where: 'on two processors', processors: [first, second] }];
}

/** One of two players; gives the ns that so many answers of it took. */
type Player = (iterations: number) => Promise<number>;

function pingPong(name: string, [there, back]: readonly [Event, Event], [first, second]: readonly [BenchWorker, BenchWorker], [c, c2]: readonly Peer[]): HotPath {
  const forward = { mine: [there.name ?? ''], theirs: back.name ?? '' };
  const backward = { mine: [back.name ?? ''], theirs: there.name ?? '' };
  const play = (one: Player, other: Player): Runner => oneIn(SLOW, async iterations => {
    there.set();
    const [taken] = await Promise.all([one(iterations), other(iterations)]);
    there.reset(); // the last answer
    return taken / 2; // a turn is two hand-overs
  });
  const blocking = (worker: BenchWorker, way: typeof forward): Player => iterations => worker.answer({ iterations, ...way });
  const awaiting = (worker: BenchWorker, way: typeof forward): Player => iterations => worker.answerAwaiting({ iterations, ...way });
  const ofC = (peer: Peer, mine: number, theirs: number): Player => async iterations => Number((await peer.send('bench', 'answer', iterations, theirs, mine))[0]);
  return {
    name,
    subject: 'waitSync()',
    against: 'C',
    budget: { times: BUDGET },
    runners: {
      'waitSync()': play(blocking(first, forward), blocking(second, backward)),
      ...(c === undefined || c2 === undefined ? {} : {
        C: play(ofC(c, 0, 1), ofC(c2, 1, 0)),
        'C and waitSync()': play(ofC(c, 0, 1), blocking(second, backward)),
      }),
      'await wait()': play(awaiting(first, forward), awaiting(second, backward)),
    },
  };
}
