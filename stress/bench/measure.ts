import type { HotPath } from './hot-paths.js';
import { median, pairwise, quantile } from './statistics.js';

const WARM_UP_ROUNDS = 3;

export interface Figures {
  readonly name: string;
  readonly subject: string;
  readonly against: string;
  readonly budget: number;
  /** Medians over the rounds, in ns an operation. */
  readonly nanoseconds: Readonly<Record<string, number>>;
  /** Of the subject to what it is compared with. */
  readonly ratio: { readonly median: number; readonly low: number; readonly high: number };
  /** What the subject takes more than each other runner, in ns. */
  readonly added: Readonly<Record<string, number>>;
}

/** Runs the runners of one hot path in turn, round after round. */
export async function measure({ name, subject, against, budget, runners }: HotPath, rounds: number, iterations: number): Promise<Figures> {
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
  const ratios = pairwise(own, taken.get(against) ?? [], (a, b) => a / b);
  const perRunner = (of: (values: readonly number[]) => number) => Object.fromEntries([...taken].map(([runner, values]) => [runner, of(values)]));
  return {
    name, subject, against, budget,
    nanoseconds: perRunner(median),
    ratio: { median: median(ratios), low: quantile(ratios, 0.1), high: quantile(ratios, 0.9) },
    added: perRunner(values => median(pairwise(own, values, (a, b) => a - b))),
  };
}
