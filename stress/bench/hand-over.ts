import { setTimeout as delay } from 'node:timers/promises';
import { Mutex, Semaphore } from 'waitable';
import { SharedMemory } from 'waitable/bitness';
import { Board, boardLayout, STOP } from '../peers/board.js';
import { Peer } from '../peers/peer.js';
import { startCs } from './c-program.js';
import { median } from '../statistics.js';

const ROUNDS = 5;
const ROUND_TIME = 1000;

/** From the release in one process to the ownership of the next, in µs, when two processes want one mutex all the time. */
export interface HandOver {
  /** C programs, which block; absent where there are none. */
  readonly c: number | undefined;
  /** Node processes, which block too. */
  readonly sync: number;
  /** Node processes that `await acquire()`. */
  readonly async: number;
}

export async function measureHandOver(): Promise<HandOver> {
  const programs = await startCs(2);
  const nodes = [await Peer.start('node'), await Peer.start('node')];
  try {
    const taken = { c: [] as number[], sync: [] as number[], async: [] as number[] };
    for (let round = 0; round < ROUNDS; round++) {
      if (programs.length > 0) taken.c.push(await compete(programs, 'count'));
      taken.sync.push(await compete(nodes, 'count'));
      taken.async.push(await compete(nodes, 'flows', 'hurried=0', 'seed=1', 'flows=1', 'semaphore=2', 'maximum=1'));
    }
    return { c: programs.length > 0 ? median(taken.c) : undefined, sync: median(taken.sync), async: median(taken.async) };
  } finally {
    await Promise.all([...programs, ...nodes].map(peer => peer.exit()));
  }
}

async function compete(peers: readonly Peer[], role: string, ...keys: string[]): Promise<number> {
  const name = `waitable-bench ${process.pid}`;
  using memory = SharedMemory.create(`${name} board`, boardLayout);
  using mutex = Mutex.create(`${name} lock`);
  using permits = Semaphore.create(`${name} permits`, { initialCount: 1, maximumCount: 1 });
  const opened = [memory, mutex, permits].map((object, slot) => ['section mutex semaphore'.split(' ')[slot] ?? '', slot, encodeURIComponent(object.name ?? '')] as const);
  for (const peer of peers) for (const [kind, slot, of] of opened) await peer.send('open', kind, slot, of);
  const began = performance.now();
  const runs = peers.map((peer, contender) => peer.send('run', role, 'board=0', `contender=${contender}`, `contenders=${peers.length}`, 'spin=0', 'lock=1', ...keys));
  await delay(ROUND_TIME);
  new Board(memory.buffer).store(STOP, 1);
  const milliseconds = performance.now() - began;
  const operations = (await Promise.all(runs)).reduce((sum, [done = '0']) => sum + Number(done), 0);
  for (const peer of peers) for (const [, slot] of opened) await peer.send('close', slot);
  return milliseconds * 1000 / operations;
}
