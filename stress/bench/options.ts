import { Command, Option } from '../util/libraries/commander.js';
import type { KernelName } from '../machine/machine.js';
import { kernelOption, wholeNumber } from '../util/option-parsers.js';
import { HOT_PARTS, type PartName } from '../report/benchmark-run.js';
import type { ScaleOptions } from './scale.js';

/** What can be measured; `parts.ts` says on which kernel. */
const PARTS: readonly PartName[] = [...HOT_PARTS, 'pending'];

export interface BenchOptions extends ScaleOptions {
  readonly arch: 'x64' | 'ia32';
  /** These alone. */
  readonly only?: readonly PartName[];
  readonly json: boolean;
  /** The report that the figures are added to. */
  readonly into?: string;
  /** Of this machine alone; given to what runs there in any case. */
  readonly kernel?: KernelName;
}

const WHY_PINNED = `
Why --pin: where a process wakes another, it makes more of a difference on which processors the two are than what they are written in, and the
system moves them as it likes. Under Wine each call of the kernel is a message to the wineserver: with both on one processor it takes 8 to 9 µs, on
two about 50 µs, most of which is the scheduler's. So there everything is kept on one. On Linux ping-pong is played on one processor and on two, and
wake-up is measured on two; what does not wake anybody, and contention, which is for all processors, are left alone. On Windows itself nothing is
placed. --no-pin shows what a program gets that cares for none of this.`;

/** Reads the command line. A wrong one, and `--help`, print and end the process. */
export function readBenchOptions(argv: readonly string[]): BenchOptions {
  return benchCommand().exitOverride(error => process.exit(error.exitCode === 0 ? 0 : 2)).parse(argv, { from: 'user' }).opts<BenchOptions>();
}

/** @throws CommanderError for a wrong command line, which it also prints. */
export function parseBenchOptions(argv: readonly string[]): BenchOptions {
  return benchCommand().exitOverride().parse(argv, { from: 'user' }).opts<BenchOptions>();
}

function benchCommand(): Command {
  return new Command('bench')
    .description('Measures the library beside C programs and what else the system has, in one run. It reports, and judges nothing.')
    .addOption(new Option('--arch <arch>', 'the bitness of Node and of the C program').choices(['x64', 'ia32']).default('x64'))
    .addOption(new Option('--rounds <n>', 'how often all have their turn (default: 41)').argParser(wholeNumber(1, 10_000)))
    .addOption(new Option('--iterations <n>', 'operations in a round (default: 2,000 on Windows, 50,000 on Linux)').argParser(wholeNumber(1, 1_000_000)))
    .option('--quick', 'everything once, as short as can be: to see that it runs, since such figures say little', false)
    .addOption(new Option('--only <parts...>', 'not all of it (the kernels have not all of them)').choices(PARTS))
    .addOption(kernelOption())
    .option('--pin', 'place processes on processors: see below (default)', true)
    .option('--no-pin', 'leave it to the system where they run')
    .option('--json', 'print the figures as JSON instead of tables: one document, with a run for each kernel', false)
    .option('--into <file>', 'besides, add the figures to this report, which --json of the stress run has written, or make one')
    .addHelpText('after', WHY_PINNED);
}
