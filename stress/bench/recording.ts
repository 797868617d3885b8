import { Mutex } from 'waitable';
import { SharedMemory } from 'waitable/bitness';
import { Board, boardLayout } from '../peers/board.js';
import { canStart, Peer, type PeerKind } from '../peers/peer.js';
import type { Figures } from '../report/benchmark-run.js';
import { endCs, openIn } from './c-program.js';
import { countWins } from './count-wins.js';
import type { Runner } from './hot-path.js';
import { measure } from './measure.js';
import { partOf, type Scale } from './scale.js';

/** How long they are looked at, in ms. */
const TIME = 50;

/** As the scenario `mutex` has it. */
const USUAL_SPIN = 100;
const USUAL_CREW: readonly PeerKind[] = ['thread', 'thread', 'helper32', 'helper32'];

/** What it costs that the contenders of the role `count` note how long waits, holds and hand-overs take: in ns an operation of all together, with it and without. */
export async function measureRecording(scale: Scale): Promise<Figures[]> {
  const alone = (['thread', 'node', 'helper64', 'helper32'] as const).map(kind => ({ name: `one ${kind}, nothing but the lock and the count`, kinds: [kind], spin: 0 }));
  const settings = [...alone, { name: 'two worker threads and two 32-bit C programs, as in the scenario mutex', kinds: USUAL_CREW, spin: USUAL_SPIN }];
  const figures = [];
  for (const { name, kinds, spin } of settings) {
    if (!kinds.every(canStart)) continue;
    const peers = await Promise.all(kinds.map(kind => Peer.start(kind)));
    try {
      figures.push(await compare(name, peers, spin, scale));
    } finally {
      await endCs(peers);
    }
  }
  return figures;
}

async function compare(name: string, peers: readonly Peer[], spin: number, scale: Scale): Promise<Figures> {
  const prefix = `waitable-bench ${process.pid} recording ${peers[0]?.processId ?? 0}`;
  using memory = SharedMemory.create(`${prefix} board`, boardLayout);
  using mutex = Mutex.create(`${prefix} lock`);
  for (const peer of peers) await openIn(peer, 0, [{ kind: 'section', name: memory.name }, mutex]);
  const board = new Board(memory.buffer);
  const time = partOf(TIME, scale);
  const counting = (clock: 0 | 1): Runner => async () => {
    const begin = () => peers.map((peer, contender) => peer.send('run', 'count', 'board=0', 'lock=1', `contender=${contender}`, `contenders=${peers.length}`, `spin=${spin}`, `clock=${clock}`));
    return (await countWins(board, time, begin)).nanoseconds;
  };
  return await measure({ name, subject: 'recorded', against: 'not recorded', round: `${time} ms`, runners: { recorded: counting(1), 'not recorded': counting(0) } }, { ...scale, iterations: 1 });
}
