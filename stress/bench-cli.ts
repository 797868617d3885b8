/** `npm run bench`: prepares the machines and starts the benchmark where the kernels are. */
import { readBenchOptions } from './bench/options.js';
import { launchEverywhere } from './machine/launch-everywhere.js';

const args = process.argv.slice(2);
const { arch, json, kernel } = readBenchOptions(args);
// Under Wine, client and wineserver on one processor: on two, a call costs five times as much, and the scheduler's part of it varies.
process.exitCode = await launchEverywhere('dist/stress/bench/main.js', args, { bitness: arch, json, kernel, pin: true });
