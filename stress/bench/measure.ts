import type { Figures, Spread } from '../report/benchmark-run.js';
import { median, pairwise, quantile } from '../statistics.js';
import type { HotPath } from './hot-path.js';

const WARM_UP_ROUNDS = 3;

/** How much is measured. */
export interface Scale {
  readonly rounds: number;
  /** In each round, of each operation. */
  readonly iterations: number;
}

export type { Figures, Spread };

export async function measureAll(paths: readonly HotPath[], scale: Scale): Promise<Figures[]> {
  const figures = [];
  for (const path of paths) figures.push(await measure(path, scale));
  return figures;
}

/** Runs the runners of one hot path in turn, round after round. */
export async function measure({ name, subject, against, budget, runners }: HotPath, { rounds, iterations }: Scale): Promise<Figures> {
  const order = Object.entries(runners);
  const taken = new Map<string, number[]>(order.map(([runner]) => [runner, []]));
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    // Whoever goes first in a round goes last in the next.
    order.push(...order.splice(0, 1));
    for (const [runner, run] of order) {
      const nanoseconds = await run(iterations) / iterations;
      if (round >= 0) taken.get(runner)?.push(nanoseconds);
    }
  }
  const own = taken.get(subject) ?? [];
  const perRunner = <Value>(of: (values: readonly number[]) => Value) => Object.fromEntries([...taken].map(([runner, values]) => [runner, of(values)]));
  return {
    name, subject, against, budget,
    nanoseconds: perRunner(spreadOf),
    ratios: perRunner(values => spreadOf(pairwise(own, values, (a, b) => a / b))),
    added: perRunner(values => median(pairwise(own, values, (a, b) => a - b))),
  };
}

export function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), low: quantile(values, 0.1), high: quantile(values, 0.9) };
}
