import { Mutex } from 'waitable';
import { SharedMemory } from 'waitable/bitness';
import { Board, boardLayout } from '../peers/board.js';
import { Peer } from '../peers/peer.js';
import type { Figures } from '../report/benchmark-run.js';
import { endCs, openIn, startCs } from './c-program.js';
import { countWins } from './count-wins.js';
import type { Runner } from './hot-path.js';
import { measure } from './measure.js';
import { partOf, type Scale } from './scale.js';

const MOST_ROUNDS = 7;
/** How long they are looked at, in ms. */
const TIME = 500;

/** Two peers of the stress run, with its checks and clocks: from one owner of a mutex to the next. Those that wait without blocking hold it across a turn of the event loop. */
export async function measureHandOver(scale: Scale): Promise<Figures[]> {
  const name = `waitable-bench ${process.pid} hand-over`;
  using mutex = Mutex.create(`${name} mutex`);
  using memory = SharedMemory.create(`${name} board`, boardLayout);
  const board = new Board(memory.buffer);
  const time = partOf(TIME, scale);
  const programs = await startCs(2);
  const nodes = await Promise.all([Peer.start('node'), Peer.start('node')]);
  const compete = (peers: readonly Peer[], role: string, ...keys: string[]): Runner => async () => {
    const begin = () => peers.map((peer, contender) => peer.send('run', role, 'board=0', 'lock=1', `contender=${contender}`, `contenders=${peers.length}`, 'spin=0', ...keys));
    return (await countWins(board, time, begin)).nanoseconds;
  };
  try {
    for (const peer of [...programs, ...nodes]) await openIn(peer, 0, [{ kind: 'section', name: memory.name }, mutex]);
    return [await measure({
      name: 'hand-over of a mutex that two processes want all the time',
      subject: 'waitSync()',
      against: 'C',
      round: `${time} ms`,
      runners: {
        'waitSync()': compete(nodes, 'count'),
        ...(programs.length === 0 ? {} : { C: compete(programs, 'count') }),
        'await acquire()': compete(nodes, 'flows', 'hurried=0', 'seed=1', 'flows=1', 'semaphore=-1', 'maximum=1'),
      },
    }, { ...scale, rounds: Math.min(scale.rounds, MOST_ROUNDS), iterations: 1 })];
  } finally {
    await endCs([...programs, ...nodes]);
  }
}
