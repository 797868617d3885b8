import { existsSync, writeFileSync } from 'node:fs';
import type { BenchmarkRun } from '../report/benchmark-run.js';
import { readDocument } from '../report/read-document.js';
import type { StressDocument } from '../report/stress-document.js';

/**
 * The report in a file, or an empty one if there is none.
 *
 * @throws NoReportError for a file of something else.
 */
export function reportIn(file: string): StressDocument {
  return existsSync(file) ? readDocument(file) : { runs: [], notRun: [] };
}

/** In place of what the report had of the same kernel and bitness. */
export function addToReport(file: string, run: BenchmarkRun): void {
  const report = reportIn(file);
  const kept = (report.benchmarks ?? []).filter(({ kernel, arch }) => kernel !== run.kernel || arch !== run.arch);
  writeFileSync(file, `${JSON.stringify({ ...report, benchmarks: [...kept, run] }, undefined, 2)}\n`);
}
