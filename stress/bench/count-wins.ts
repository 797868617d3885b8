import { setTimeout as delay } from 'node:timers/promises';
import { PROGRESS, STOP, type Board } from '../peers/board.js';

/** Until all of them run, in ms. */
const HEAD_START = 20;

export interface Wins {
  /** From one win to the next, of whomever. */
  readonly nanoseconds: number;
  /** Of each contender. */
  readonly won: readonly number[];
}

/**
 * Has contenders run until the board says stop, and counts their progress for a time, or for longer until there is any.
 *
 * @param begin - Starts them, on an empty board.
 * @param time - In ms.
 */
export async function countWins<Outcome>(board: Board, time: number, begin: () => readonly Promise<Outcome>[]): Promise<Wins & { readonly outcomes: readonly Outcome[] }> {
  board.clear();
  const runs = begin();
  const look = () => ({ at: performance.now(), progress: runs.map((_, contender) => board.load(PROGRESS + contender)) });
  const tooSoon = Promise.all(runs).then(() => Promise.reject(new Error('contenders ended before they were told to')));
  await Promise.race([delay(HEAD_START), tooSoon]);
  const before = look();
  for (;;) {
    await Promise.race([delay(time), tooSoon]);
    const after = look();
    const won = after.progress.map((count, contender) => count - (before.progress[contender] ?? 0));
    if (sum(won) === 0) continue;
    board.store(STOP, 1);
    return { nanoseconds: (after.at - before.at) * 1e6 / sum(won), won, outcomes: await Promise.all(runs) };
  }
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
