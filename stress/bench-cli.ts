/** `npm run bench`: prepares the machines and starts the benchmark where the kernels are. */
import { existsSync, writeFileSync } from 'node:fs';
import { readBenchOptions } from './bench/options.js';
import { launchEverywhere } from './machine/launch-everywhere.js';
import type { BenchmarkRun } from './report/benchmark-run.js';
import { NoReportError, readDocument } from './report/read-document.js';
import type { StressDocument } from './report/stress-document.js';

const COULD_NOT_RUN = 2;

const args = process.argv.slice(2);
const { arch, json, kernel, pin, into } = readBenchOptions(args);
try {
  if (into !== undefined) documentIn(into); // what cannot be added to is refused before anything slow
  const toFile = into === undefined ? {} : { onDocument: ({ runs }: { readonly runs: readonly object[] }) => addTo(into, runs as readonly BenchmarkRun[]) };
  // Under Wine, client and wineserver on one processor: on two, a call costs five times as much, and the scheduler's part of it varies.
  process.exitCode = await launchEverywhere('dist/stress/bench/main.js', into === undefined ? args : [...args, '--json'], { bitness: arch, json: json || into !== undefined, kernel, pin, ...toFile });
} catch (error) {
  if (!(error instanceof NoReportError)) throw error;
  console.error(`error: ${error.message}`);
  process.exitCode = COULD_NOT_RUN;
}

function documentIn(file: string): StressDocument {
  return existsSync(file) ? readDocument(file) : { runs: [], notRun: [] };
}

/** In place of what it had of the same kernels. */
function addTo(file: string, added: readonly BenchmarkRun[]): void {
  const document = documentIn(file);
  const kept = (document.benchmarks ?? []).filter(({ kernel: had }) => !added.some(run => run.kernel === had));
  writeFileSync(file, `${JSON.stringify({ ...document, benchmarks: [...kept, ...added] }, undefined, 2)}\n`);
}
