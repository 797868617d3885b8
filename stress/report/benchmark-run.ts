import type { StressReport } from './stress-report.js';

/** What `npm run bench` measured on one kernel. */
export interface BenchmarkRun extends Partial<Measured> {
  readonly kernel: StressReport['machine']['kernel'];
  /** Of one that ended before its time there is what it had measured until then. */
  readonly exitCode: number;
  readonly arch: string;
  readonly node: string;
  readonly rounds: number;
  /** In each round, of each operation; fewer of those that take long. */
  readonly iterations: number;
  /** Whether processes were placed on processors, or left where the system put them. */
  readonly pinned: boolean;
}

/** By the parts of the benchmark. */
export interface Measured {
  readonly 'hot-paths': readonly Figures[];
  readonly 'wait-any': readonly Figures[];
  readonly 'ping-pong': readonly Figures[];
  readonly 'wake-up': readonly Figures[];
  readonly contention: readonly ContentionFigures[];
  readonly names: readonly Figures[];
  readonly pending: PendingFigures;
  readonly 'hand-over': readonly Figures[];
}

export type PartName = keyof Measured;

/** The parts that are hot paths, in the order in which they are read. */
export const HOT_PARTS = ['hot-paths', 'wait-any', 'ping-pong', 'wake-up', 'contention', 'hand-over', 'names'] as const satisfies readonly PartName[];

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
  /** How much was measured, for people to read. */
  readonly extent: string;
  /** In ns an operation. */
  readonly nanoseconds: Readonly<Record<string, Spread>>;
  /** Of the subject to each other runner, of pairs in the same round. */
  readonly ratios: Readonly<Record<string, Spread>>;
  /** What the subject takes more than each other runner, in ns. */
  readonly added: Readonly<Record<string, number>>;
}

/** Many processes that want one lock all the time, for no longer than it takes to count: from one owner to the next. */
export interface ContentionFigures extends Figures {
  readonly processes: number;
  /** By lock: the processes' parts of all wins over all rounds, the least first. */
  readonly shares: Readonly<Record<string, readonly number[]>>;
  /** By lock, in ns: of races in which each wait was measured. */
  readonly longestWait: Readonly<Record<string, number>>;
}

export function isContention(figures: Figures | ContentionFigures): figures is ContentionFigures {
  return 'processes' in figures;
}

/** What waits cost that have not come to their end. But for the wake-ups each is measured once. */
export interface PendingFigures {
  /** From `set()` to the continuation of one wait, by how many waits pend on the same event. */
  readonly wakeUp: Figures;
  /** Heap that one more pending wait takes, in bytes. */
  readonly bytes: { readonly event: number; readonly mutex: number };
  /** What the first wait thread adds to the process, in MiB. */
  readonly threadMegabytes: number;
  /** The event loop's delay, 99th percentile in ns. */
  readonly loopDelay: { readonly idle: number; readonly pending: number };
}

/** The most that one more pending wait may take. */
export const PENDING_BYTES_BUDGET = 2048;

/** Whether it was kept; `undefined` where what it is a multiple of was not measured. */
export function keepsBudget({ subject, against, budget, nanoseconds, ratios }: Figures): boolean | undefined {
  if (budget === undefined) return undefined;
  const [taken, most] = 'nanoseconds' in budget ? [nanoseconds[subject], budget.nanoseconds] : [ratios[against], budget.times];
  return taken === undefined ? undefined : taken.median <= most;
}
