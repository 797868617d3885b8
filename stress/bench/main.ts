/** The benchmark, where the kernel is: the library beside C programs and others, in turn in one run. */
import { readBenchOptions } from './options.js';
import { benchmarks } from './parts.js';

const { rounds, json, kernel, only, ...options } = readBenchOptions(process.argv.slice(2));
if (kernel === undefined) throw new Error('--kernel is not given: start this through "npm run bench", which knows the machine');
const { parts, iterations: usual } = benchmarks[kernel];
const { iterations = usual } = options;

const measured: Record<string, unknown> = {};
for (const [name, measure] of Object.entries(parts)) {
  if (only !== undefined && !only.some(part => part === name)) continue;
  const { figures, text } = await measure({ rounds, iterations });
  measured[name] = figures;
  if (!json) console.log(`${text}\n`);
}
if (json) console.log(JSON.stringify({ arch: process.arch, node: process.version, rounds, iterations, ...measured }, undefined, 2));
else console.log(`medians of ${rounds} rounds of ${iterations.toLocaleString('en')} operations each, in turn; ${process.arch}, Node ${process.version}`);
