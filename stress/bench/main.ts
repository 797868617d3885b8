/** The benchmark, where the kernel is: the hot paths of the library beside bare koffi and a C program, in turn in one run. */
import Table from 'cli-table3';
import { Peer } from '../peers/peer.js';
import { readBenchOptions } from './options.js';
import { hotPaths, type HotPath, type Runner } from './hot-paths.js';

const WARM_UP_ROUNDS = 3;

const { rounds, iterations, json } = readBenchOptions(process.argv.slice(2));
const c = await Peer.start(process.arch === 'ia32' ? 'helper32' : 'helper64');
try {
  const figures = [];
  for (const path of await hotPaths(c)) figures.push(await measure(path));
  if (json) console.log(JSON.stringify({ arch: process.arch, node: process.version, rounds, iterations, figures }, undefined, 2));
  else print(figures);
} finally {
  await c.exit();
}

interface Figures {
  readonly name: string;
  readonly budget: number;
  /** Medians over the rounds, in ns an operation. */
  readonly nanoseconds: Record<Runner, number>;
  /** Of waitable to C, pair by pair: the machine's speed drifts, and both of a pair drift alike. */
  readonly ratio: { readonly median: number; readonly low: number; readonly high: number };
  /** What the API adds to the bare call, pair by pair, in ns. */
  readonly added: number;
}

async function measure({ name, budget, run }: HotPath): Promise<Figures> {
  const runners: Runner[] = ['waitable', 'koffi', 'C'];
  const taken: Record<Runner, number[]> = { waitable: [], koffi: [], C: [] };
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    // Whoever goes first in a round goes last in the next.
    runners.push(...runners.splice(0, 1));
    for (const runner of runners) {
      const nanoseconds = await run[runner](iterations) / iterations;
      if (round >= 0) taken[runner].push(nanoseconds);
    }
  }
  const ratios = pairwise(taken.waitable, taken.C, (own, other) => own / other);
  return {
    name,
    budget,
    nanoseconds: { waitable: median(taken.waitable), koffi: median(taken.koffi), C: median(taken.C) },
    ratio: { median: median(ratios), low: quantile(ratios, 0.1), high: quantile(ratios, 0.9) },
    added: median(pairwise(taken.waitable, taken.koffi, (own, other) => own - other)),
  };
}

function pairwise(own: readonly number[], other: readonly number[], combine: (own: number, other: number) => number): number[] {
  return own.map((value, index) => combine(value, other[index] ?? Number.NaN));
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

function quantile(values: readonly number[], at: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(at * sorted.length))] ?? Number.NaN;
}

function print(figures: readonly Figures[]): void {
  const table = new Table({
    head: [`${process.arch}, Node ${process.version}`, 'waitable', 'bare koffi', 'C', 'waitable : C (p10 to p90)', 'budget', 'added to koffi'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [] },
  });
  for (const { name, budget, nanoseconds, ratio, added } of figures) {
    table.push([
      name,
      ...[nanoseconds.waitable, nanoseconds.koffi, nanoseconds.C].map(each => `${Math.round(each).toLocaleString('en')} ns`),
      `${ratio.median.toFixed(3)} (${ratio.low.toFixed(2)} to ${ratio.high.toFixed(2)})`,
      `${budget} ${ratio.median <= budget ? 'kept' : 'EXCEEDED'}`,
      `${Math.round(added)} ns`,
    ]);
  }
  console.log(table.toString());
  console.log(`medians of ${rounds} rounds of ${iterations.toLocaleString('en')} operations each, the three in turn`);
}
