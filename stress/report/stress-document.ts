import type { BenchmarkRun } from './benchmark-run.js';
import type { StressReport } from './stress-report.js';

/** What `--json` writes. */
export interface StressDocument {
  readonly runs: readonly KernelRun[];
  /** A line for everything that was left out. */
  readonly notRun: readonly string[];
  /** What `npm run bench -- --into` has added. */
  readonly benchmarks?: readonly BenchmarkRun[];
}

/** A run on one kernel. One that did not come to its report, because it could not take place or its process died, has of it the scenarios that had ended. */
export type KernelRun = { readonly kernel: StressReport['machine']['kernel']; readonly exitCode: number } & (StressReport | Pick<StressReport, 'scenarios'>);
