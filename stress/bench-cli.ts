/** `npm run bench`: prepares the machine and starts the benchmark where the kernel is. */
import { readBenchOptions } from './bench/options.js';
import { runPrepared } from './machine/run-prepared.js';

const args = process.argv.slice(2);
const { arch } = readBenchOptions(args);
// Client and wineserver on one processor: on two, a call costs five times as much, and the scheduler's part of it varies.
process.exitCode = await runPrepared(machine => machine.launch(arch, 'dist/stress/bench/main.js', args), { pin: true });
