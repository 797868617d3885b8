import { setTimeout as delay } from 'node:timers/promises';
import { Mutex } from 'waitable';
import { SharedMemory } from 'waitable/bitness';
import { openIn } from '../bench/c-program.js';
import type { Runner } from '../bench/hot-path.js';
import { measure, type Figures, type Scale } from '../bench/measure.js';
import { Board, boardLayout, STOP } from '../peers/board.js';
import { canStart, Peer, type PeerKind } from '../peers/peer.js';

/** In ms: until all of them run, and how long they are then looked at. */
const HEAD_START = 10;
const RACE_TIME = 50;

/** As the scenario `mutex` has it. */
const USUAL_SPIN = 100;
const USUAL_CREW: readonly PeerKind[] = ['thread', 'thread', 'helper32', 'helper32'];

/** What it costs that the contenders of the role `count` note how long waits, holds and hand-overs take: in ns an operation of all together, with it and without. */
export async function measureRecording({ rounds }: Scale): Promise<Figures[]> {
  const alone = (['thread', 'node', 'helper64', 'helper32'] as const).map(kind => ({ name: `one ${kind}, nothing but the lock and the count`, kinds: [kind], spin: 0 }));
  const settings = [...alone, { name: 'two worker threads and two 32-bit C programs, as in the scenario mutex', kinds: USUAL_CREW, spin: USUAL_SPIN }];
  const figures = [];
  for (const { name, kinds, spin } of settings) {
    if (!kinds.every(canStart)) continue;
    const peers = await Promise.all(kinds.map(kind => Peer.start(kind)));
    try {
      figures.push(await compare(name, peers, spin, rounds));
    } finally {
      await Promise.all(peers.map(peer => peer.exit()));
    }
  }
  return figures;
}

async function compare(name: string, peers: readonly Peer[], spin: number, rounds: number): Promise<Figures> {
  const prefix = `waitable-recording ${process.pid} ${peers[0]?.processId ?? 0}`;
  using memory = SharedMemory.create(`${prefix} board`, boardLayout);
  using mutex = Mutex.create(`${prefix} lock`);
  await Promise.all(peers.map(peer => openIn(peer, 0, [{ kind: 'section', name: memory.name }, mutex])));
  const board = new Board(memory.buffer);
  const runner = (clock: 0 | 1): Runner => () => contend(board, peers, [`spin=${spin}`, `clock=${clock}`]);
  return await measure({ name, subject: 'recorded', against: 'not recorded', runners: { recorded: runner(1), 'not recorded': runner(0) } }, { rounds, iterations: 1 });
}

/** Gives the ns an operation. */
async function contend(board: Board, peers: readonly Peer[], keys: readonly string[]): Promise<number> {
  board.clear();
  const runs = peers.map((peer, contender) => peer.send('run', 'count', 'board=0', 'lock=1', `contender=${contender}`, `contenders=${peers.length}`, ...keys));
  await delay(HEAD_START);
  const [before, began] = [board.sumOfProgress(peers.length), performance.now()];
  await delay(RACE_TIME);
  const [after, ended] = [board.sumOfProgress(peers.length), performance.now()];
  board.store(STOP, 1);
  await Promise.all(runs);
  return (ended - began) * 1e6 / (after - before);
}
