import type { Figures, Spread } from '../report/benchmark-run.js';
import { median, pairwise, quantile } from '../util/statistics.js';
import type { HotPath } from './hot-path.js';
import { partOf, type Scale } from './scale.js';

const WARM_UP_ROUNDS = 3;

export async function measureAll(paths: readonly HotPath[], scale: Scale): Promise<Figures[]> {
  const figures = [];
  for (const path of paths) figures.push(await measure(path, scale));
  return figures;
}

/** Runs the runners of one hot path in turn, round after round. */
export async function measure({ runners, round: ofARound, ...what }: HotPath, scale: Scale): Promise<Figures> {
  const { rounds, iterations } = scale;
  const order = Object.entries(runners);
  const taken = new Map<string, number[]>(order.map(([runner]) => [runner, []]));
  for (let round = -partOf(WARM_UP_ROUNDS, scale); round < rounds; round++) {
    // Whoever goes first in a round goes last in the next.
    order.push(...order.splice(0, 1));
    for (const [runner, run] of order) {
      const nanoseconds = await run(iterations) / iterations;
      if (round >= 0) taken.get(runner)?.push(nanoseconds);
    }
  }
  return figuresOf({ ...what, extent: `${rounds} rounds of ${ofARound ?? `${iterations.toLocaleString('en')} operations`}` }, taken);
}

/** @param taken - By runner, in ns: as many of each, of which those in the same place are pairs. */
export function figuresOf(what: Pick<Figures, 'name' | 'subject' | 'against' | 'budget' | 'extent'>, taken: ReadonlyMap<string, readonly number[]>): Figures {
  const own = taken.get(what.subject) ?? [];
  const perRunner = <Value>(of: (values: readonly number[]) => Value) => Object.fromEntries([...taken].map(([runner, values]) => [runner, of(values)]));
  return {
    ...what,
    nanoseconds: perRunner(spreadOf),
    ratios: perRunner(values => spreadOf(pairwise(own, values, (a, b) => a / b))),
    added: perRunner(values => median(pairwise(own, values, (a, b) => a - b))),
  };
}

function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), low: quantile(values, 0.1), high: quantile(values, 0.9) };
}
