/** The benchmark, where the kernel is: the library beside C programs and others, in turn in one run. `bench-cli.ts` launches it; each line that it writes is JSON, and adds to the run. */
import type { BenchmarkRun } from '../report/benchmark-run.js';
import { readBenchOptions } from './options.js';
import { benchmarks } from './parts.js';
import { scaleOf } from './scale.js';

const options = readBenchOptions(process.argv.slice(2));
if (options.kernel === undefined) throw new Error('--kernel is not given: start this through "npm run bench", which knows the machine');
const { parts, iterations } = benchmarks[options.kernel];
const scale = scaleOf(options, iterations);

tell({ arch: process.arch, node: process.version, rounds: scale.rounds, iterations: scale.iterations });
for (const [name, measure] of Object.entries(parts)) {
  if (options.only?.some(part => part === name) ?? true) tell({ [name]: await measure(scale) });
}

function tell(more: Partial<BenchmarkRun>): void {
  process.stdout.write(`${JSON.stringify(more)}\n`);
}
