import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Mutex } from 'waitable';
import { SharedMemory } from 'waitable/bitness';
import { Board, boardLayout, PROGRESS, STOP } from '../peers/board.js';
import type { Peer } from '../peers/peer.js';
import { Durations } from '../peers/durations.js';
import { endCs, openIn, startCs } from './c-program.js';
import type { Runner } from './hot-path.js';
import { measure, type Scale, type Spread } from './measure.js';
import { makeRobustMutex } from './native-locks.js';
import { Rival, type LockKind, type Raced } from './rival.js';
import { MEMORY, temporaryFolder } from './temporary-folder.js';

const PROCESSES = [2, 4] as const;
const MOST_ROUNDS = 15;
const CLOCKED_ROUNDS = 5;
/** In ms: until all of them run, and how long they are then looked at. */
const HEAD_START = 20;
const RACE_TIME = 200;

/** Many processes that want one lock all the time, for no longer than it takes to count. */
export interface ContentionFigures {
  readonly processes: number;
  readonly locks: Readonly<Record<string, LockFigures>>;
}

export interface LockFigures {
  /** From one owner to the next, in ns. */
  readonly nanoseconds: Spread;
  /** Of the library's lock to this one, of pairs in the same round. */
  readonly ratio: Spread;
  /** The processes' parts of all wins over all rounds, in percent, the least first. */
  readonly shares: readonly number[];
  /** In ns, of races in which each wait was measured. */
  readonly longestWait: number;
}

/** Runs until the board says stop. */
type Contender = (clock: boolean) => Promise<Raced>;

export async function measureContention({ rounds }: Scale): Promise<ContentionFigures[]> {
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
    const rivals = Object.entries(where).map(([lock, at]) => ({ lock: lock as LockKind, at, each: Array.from({ length: processes }, () => Rival.start()) }));
    try {
      for (const c of cs) await openIn(c, 0, [{ kind: 'section', name: boardName }, mutex]);
      const contenders: Record<string, Contender[]> = {};
      for (const { lock, at, each } of rivals) {
        contenders[lock] = each.map((rival, contender) => clock => rival.race({ lock, where: at, board: boardName, contender, clock }));
        if (lock === 'waitable' && cs.length > 0) contenders['C'] = cs.map((c, contender) => clock => raceOfC(c, contender, processes, clock));
      }
      figures.push({ processes, locks: await compare(new Board(memory.buffer), contenders, Math.min(rounds, MOST_ROUNDS)) });
    } finally {
      await Promise.all([endCs(cs), ...rivals.flatMap(({ each }) => each.map(rival => rival[Symbol.asyncDispose]()))]);
    }
  }
  return figures;
}

async function raceOfC(c: Peer, contender: number, contenders: number, clock: boolean): Promise<Raced> {
  const reply = await c.send('run', 'race', 'board=0', 'lock=1', `contender=${contender}`, `contenders=${contenders}`, 'spin=0', `clock=${clock ? 1 : 0}`);
  const waits = Durations.fromField(reply[4] ?? '-');
  return { longestWait: waits.count === 0 ? 0 : waits.maximum };
}

async function compare(board: Board, contenders: Readonly<Record<string, readonly Contender[]>>, rounds: number): Promise<Record<string, LockFigures>> {
  const wins = new Map<string, number[]>();
  const runners: Record<string, Runner> = {};
  for (const [lock, each] of Object.entries(contenders)) {
    const all = each.map(() => 0);
    wins.set(lock, all);
    runners[lock] = async () => {
      const { nanoseconds, won } = await raceOnce(board, each, false);
      won.forEach((count, index) => all[index] = (all[index] ?? 0) + count);
      return nanoseconds;
    };
  }
  const { nanoseconds, ratios } = await measure({ name: '', subject: 'waitable', against: 'C', runners }, { rounds, iterations: 1 });
  const figures: Record<string, LockFigures> = {};
  for (const [lock, each] of Object.entries(contenders)) {
    let longestWait = 0;
    for (let round = 0; round < CLOCKED_ROUNDS; round++) longestWait = Math.max(longestWait, (await raceOnce(board, each, true)).longestWait);
    const [own, ratio] = [nanoseconds[lock], ratios[lock]];
    if (own !== undefined && ratio !== undefined) figures[lock] = { nanoseconds: own, ratio, shares: sharesOf(wins.get(lock) ?? []), longestWait };
  }
  return figures;
}

async function raceOnce(board: Board, contenders: readonly Contender[], clock: boolean): Promise<{ nanoseconds: number; won: number[]; longestWait: number }> {
  board.clear();
  const runs = contenders.map(contender => contender(clock));
  const progress = () => contenders.map((_, contender) => board.load(PROGRESS + contender));
  await delay(HEAD_START);
  const [before, began] = [progress(), performance.now()];
  await delay(RACE_TIME);
  const [after, ended] = [progress(), performance.now()];
  board.store(STOP, 1);
  const longestWait = Math.max(...(await Promise.all(runs)).map(raced => raced.longestWait));
  const won = after.map((count, contender) => count - (before[contender] ?? 0));
  return { nanoseconds: (ended - began) * 1e6 / sum(won), won, longestWait };
}

function sharesOf(wins: readonly number[]): number[] {
  return wins.map(count => 100 * count / sum(wins)).sort((a, b) => a - b);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
