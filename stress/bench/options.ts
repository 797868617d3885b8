import { Command, Option } from '../libraries/commander.js';
import { kernelOption } from '../kernel-option.js';
import type { KernelName } from '../machine/machine.js';
import { wholeNumber } from '../numbers.js';

/** What can be measured; `parts.ts` says on which kernel. */
export const PARTS = ['hot-paths', 'wait-any', 'ping-pong', 'wake-up', 'contention', 'names', 'pending', 'hand-over'] as const;
export type PartName = typeof PARTS[number];

export interface BenchOptions {
  readonly arch: 'x64' | 'ia32';
  readonly rounds: number;
  /** In each round, of each operation; by default as many as the kernel's speed makes sensible. */
  readonly iterations?: number;
  /** These alone. */
  readonly only?: readonly PartName[];
  readonly json: boolean;
  /** Whether, under Wine, client and server are kept on one processor. */
  readonly pin: boolean;
  /** The report that the figures are added to. */
  readonly into?: string;
  /** Of this machine alone; given to what runs there in any case. */
  readonly kernel?: KernelName;
}

/** Reads the command line. A wrong one, and `--help`, print and end the process. */
export function readBenchOptions(argv: readonly string[]): BenchOptions {
  return new Command('bench')
    .description('Measures the library beside C programs and what else the system has, in one run. It reports, and judges nothing.')
    .addOption(new Option('--arch <arch>', 'the bitness of Node and of the C program').choices(['x64', 'ia32']).default('x64'))
    .addOption(new Option('--rounds <n>').default(41).argParser(wholeNumber(1, 10_000)))
    .addOption(new Option('--iterations <n>', 'operations in a round (default: 2,000 on Windows, 50,000 on Linux)').argParser(wholeNumber(1, 1_000_000)))
    .addOption(new Option('--only <parts...>', 'not all of it (the kernels have not all of them)').choices(PARTS))
    .addOption(kernelOption())
    .option('--json', 'print the figures as JSON: one document, with a run for each kernel', false)
    .option('--no-pin', 'under Wine: leave it to the system where client and wineserver run, not both on one processor')
    .option('--into <file>', 'add the figures to this report, which --json of the stress run has written, or make one')
    .exitOverride(error => process.exit(error.exitCode === 0 ? 0 : 2))
    .parse(argv, { from: 'user' })
    .opts<BenchOptions>();
}
