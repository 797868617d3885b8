import type { StressReport } from './stress-report.js';

/** What `npm run bench` measured on one kernel. Of the other parts than hot paths, the page shows none: they are in the JSON as `--json` has them. */
export interface BenchmarkRun {
  readonly kernel: StressReport['machine']['kernel'];
  readonly exitCode: number;
  readonly arch: string;
  readonly node: string;
  readonly rounds: number;
  /** In each round, of each operation. */
  readonly iterations: number;
  readonly 'hot-paths'?: readonly Figures[];
  readonly 'wait-any'?: readonly Figures[];
  readonly 'ping-pong'?: readonly Figures[];
  readonly 'wake-up'?: readonly Figures[];
}

/** The parts that are hot paths. */
export const HOT_PARTS = ['hot-paths', 'wait-any', 'ping-pong', 'wake-up'] as const;

/** Over the rounds: the median, and the 10th and 90th percentile. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** The most that something may take: in ns, or as a multiple of what it is compared with. */
export type Budget = { readonly nanoseconds: number } | { readonly times: number };

/** One thing that was done over and over, by each runner in its own way. */
export interface Figures {
  readonly name: string;
  /** The library's way. */
  readonly subject: string;
  readonly against: string;
  readonly budget?: Budget | undefined;
  /** In ns an operation. */
  readonly nanoseconds: Readonly<Record<string, Spread>>;
  /** Of the subject to each other runner, of pairs in the same round. */
  readonly ratios: Readonly<Record<string, Spread>>;
  /** What the subject takes more than each other runner, in ns. */
  readonly added: Readonly<Record<string, number>>;
}
