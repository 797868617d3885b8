import { Command, Option } from 'commander';
import { kernelOption } from '../kernel-option.js';
import type { KernelName } from '../machine/machine.js';
import { wholeNumber } from '../numbers.js';

export interface BenchOptions {
  readonly arch: 'x64' | 'ia32';
  readonly rounds: number;
  /** In each round, of each operation. */
  readonly iterations: number;
  readonly json: boolean;
  /** For who prepares the machines. */
  readonly kernel?: KernelName;
}

/** Reads the command line. A wrong one, and `--help`, print and end the process. */
export function readBenchOptions(argv: readonly string[]): BenchOptions {
  return new Command('bench')
    .description('Measures the hot path of a wait beside bare koffi and a C program, in one run. It reports, and judges nothing.')
    .addOption(new Option('--arch <arch>', 'the bitness of Node and of the C program').choices(['x64', 'ia32']).default('x64'))
    .addOption(new Option('--rounds <n>').default(41).argParser(wholeNumber(1, 10_000)))
    .addOption(new Option('--iterations <n>', 'operations in a round').default(2000).argParser(wholeNumber(1, 1_000_000)))
    .addOption(kernelOption())
    .option('--json', 'print the figures as JSON: one document, with a run for each kernel', false)
    .exitOverride(error => process.exit(error.exitCode === 0 ? 0 : 2))
    .parse(argv, { from: 'user' })
    .opts<BenchOptions>();
}
