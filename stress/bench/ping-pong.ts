import { Event } from 'waitable';
import type { Peer } from '../peers/peer.js';
import { endCs, openIn, startCs } from './c-program.js';
import { oneIn, type HotPath, type Runner } from './hot-path.js';
import { measureAll, type Figures, type Scale } from './measure.js';
import { Rival } from './rival.js';

const BUDGET = 1.15;
/** A hand-over takes microseconds, and longer where it has to wake a processor. */
const SLOW = 50;

/** Two processes that wake each other through two auto-reset events: from the `set()` in one to the `set()` in the other. */
export async function measurePingPong(scale: Scale): Promise<Figures[]> {
  const cs = await startCs(2);
  await using first = Rival.start();
  await using second = Rival.start();
  const name = `waitable-bench ${process.pid} ping`;
  using there = Event.create(`${name} there`);
  using back = Event.create(`${name} back`);
  try {
    return await measureAll([await pingPong([there, back], [first, second], cs)], scale);
  } finally {
    await endCs(cs);
  }
}

/** One of two players; gives the ns that so many answers of it took. */
type Player = (iterations: number) => Promise<number>;

async function pingPong([there, back]: readonly [Event, Event], [first, second]: readonly [Rival, Rival], cs: readonly Peer[]): Promise<HotPath> {
  const forward = { mine: [there.name ?? ''], theirs: back.name ?? '' };
  const backward = { mine: [back.name ?? ''], theirs: there.name ?? '' };
  const [c, c2] = cs;
  for (const each of cs) await openIn(each, 0, [there, back]);
  const play = (one: Player, other: Player): Runner => oneIn(SLOW, async iterations => {
    there.set();
    const [taken] = await Promise.all([one(iterations), other(iterations)]);
    there.reset(); // the last answer
    return taken / 2; // a turn is two hand-overs
  });
  const blocking = (rival: Rival, way: typeof forward): Player => iterations => rival.answer({ iterations, ...way });
  const awaiting = (rival: Rival, way: typeof forward): Player => iterations => rival.answerAwaiting({ iterations, ...way });
  const ofC = (peer: Peer, mine: number, theirs: number): Player => async iterations => Number((await peer.send('bench', 'answer', iterations, theirs, mine))[0]);
  return {
    name: 'event ping-pong of two processes',
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
