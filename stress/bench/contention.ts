import { join } from 'node:path';
import { Mutex } from 'waitable';
import { SharedMemory } from 'waitable/bitness';
import { Board, boardLayout } from '../peers/board.js';
import { Durations } from '../measure/durations.js';
import type { Peer } from '../peers/peer.js';
import type { ContentionFigures } from '../report/benchmark-run.js';
import { endCs, openIn, startCs } from './c-program.js';
import { countWins, sum } from './count-wins.js';
import type { Runner } from './hot-path.js';
import { measure } from './measure.js';
import { makeRobustMutex } from './native-locks.js';
import { BenchWorker, type LockKind, type Raced } from './worker.js';
import { partOf, type Scale } from './scale.js';
import { MEMORY, temporaryFolder } from './temporary-folder.js';

const PROCESSES = [2, 4] as const;
const MOST_ROUNDS = 15;
const CLOCKED_ROUNDS = 5;
/** How long they are looked at, in ms. */
const RACE_TIME = 200;

/** Runs until the board says stop. */
type Contender = (clock: boolean) => Promise<Raced>;

export async function measureContention(scale: Scale): Promise<ContentionFigures[]> {
  const name = `waitable-bench ${process.pid} contention`;
  const folder = temporaryFolder(MEMORY);
  const where: Record<LockKind, string> = { waitable: `${name} mutex`, pthread: join(folder, 'pthread'), flock: join(folder, 'flock') };
  makeRobustMutex(where.pthread);
  using mutex = Mutex.create(where.waitable);
  const boardName = `${name} board`;
  using memory = SharedMemory.create(boardName, boardLayout);
  const figures = [];
  for (const processes of PROCESSES) {
    const cs = await startCs(processes);
    const workers = Object.entries(where).map(([lock, at]) => ({ lock: lock as LockKind, at, each: Array.from({ length: processes }, () => BenchWorker.start()) }));
    try {
      for (const c of cs) await openIn(c, 0, [{ kind: 'section', name: boardName }, mutex]);
      const contenders: Record<string, Contender[]> = {};
      for (const { lock, at, each } of workers) {
        contenders[lock] = each.map((worker, contender) => clock => worker.race({ lock, where: at, board: boardName, contender, clock }));
        if (lock === 'waitable' && cs.length > 0) contenders['C'] = cs.map((c, contender) => clock => raceOfC(c, contender, processes, clock));
      }
      figures.push(await compare(new Board(memory.buffer), processes, contenders, scale));
    } finally {
      await Promise.all([endCs(cs), ...workers.flatMap(({ each }) => each.map(worker => worker[Symbol.asyncDispose]()))]);
    }
  }
  return figures;
}

async function raceOfC(c: Peer, contender: number, contenders: number, clock: boolean): Promise<Raced> {
  const reply = await c.send('run', 'race', 'board=0', 'lock=1', `contender=${contender}`, `contenders=${contenders}`, 'spin=0', `clock=${clock ? 1 : 0}`);
  const waits = Durations.fromField(reply[4] ?? '-');
  return { longestWait: waits.count === 0 ? 0 : waits.maximum };
}

async function compare(board: Board, processes: number, contenders: Readonly<Record<string, readonly Contender[]>>, scale: Scale): Promise<ContentionFigures> {
  const time = partOf(RACE_TIME, scale);
  const race = (each: readonly Contender[], clock: boolean) => countWins(board, time, () => each.map(contender => contender(clock)));
  const wins: Record<string, number[]> = {};
  const runners: Record<string, Runner> = {};
  for (const [lock, each] of Object.entries(contenders)) {
    const all = wins[lock] = each.map(() => 0);
    runners[lock] = async () => {
      const { nanoseconds, won } = await race(each, false);
      won.forEach((count, index) => all[index] = (all[index] ?? 0) + count);
      return nanoseconds;
    };
  }
  const what = { name: `one mutex that ${processes} processes want all the time`, subject: 'waitable', against: 'C', round: `${time} ms`, runners };
  const figures = await measure(what, { ...scale, rounds: Math.min(scale.rounds, MOST_ROUNDS), iterations: 1 });
  const longestWait: Record<string, number> = {};
  for (const [lock, each] of Object.entries(contenders)) {
    const longest = [];
    for (let round = 0; round < partOf(CLOCKED_ROUNDS, scale); round++) longest.push(...(await race(each, true)).outcomes.map(raced => raced.longestWait));
    longestWait[lock] = Math.max(...longest);
  }
  return { ...figures, processes, shares: Object.fromEntries(Object.entries(wins).map(([lock, each]) => [lock, sharesOf(each)])), longestWait };
}

function sharesOf(wins: readonly number[]): number[] {
  return wins.map(count => count / sum(wins)).sort((a, b) => a - b);
}
