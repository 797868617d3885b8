import { EXIT } from '../util/exit-codes.js';
import { hooksEmitting, type Emit } from './events.js';
import { resolveContenders } from './contenders.js';
import type { RunConfig } from './run-config.js';
import type { StressReport } from '../report/stress-report.js';
import { runStress, type Catalog } from './run-stress.js';

export interface RunEnd {
  readonly exitCode: number;
  /** Something is blocked for good, and holds up an orderly end of this process. */
  readonly isStuck: boolean;
}

/** Runs on this process's kernel, and emits how it goes on and what came of it. Why it could not run is said on stderr. */
export async function runAndEmit(catalog: Catalog, config: RunConfig, signal: AbortSignal, emit: Emit): Promise<RunEnd> {
  const { contenders, missingNode32 } = resolveContenders(config);
  try {
    const { transport, faults, scenarios, selfTest, techniques, seconds, seed } = config;
    const report = await runStress(catalog, { transport, faults, scenarios, selfTest, techniques, seconds, seed, contenders, signal }, hooksEmitting(emit));
    if (missingNode32 > 0) emit({ type: 'skipped', line: `not run: ${missingNode32} 32-bit Nodes: this machine has none (for Linux WAITABLE_LINUX_NODE32 may name one)` });
    emit({ type: 'report', report });
    return { exitCode: exitCodeOf(report), isStuck: report.ended === 'stuck' };
  } catch (error) {
    console.error(error instanceof RangeError ? `error: ${error.message}` : error);
    return { exitCode: EXIT.couldNotRun, isStuck: true };
  }
}

function exitCodeOf({ passed, ended }: StressReport): number {
  if (!passed) return EXIT.failed;
  return ended === 'interrupted' ? EXIT.interrupted : EXIT.passed;
}
