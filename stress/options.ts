import { Command, Option } from 'commander';
import { kernelOption } from './kernel-option.js';
import type { KernelName } from './machine/machine.js';
import { positiveNumber, wholeNumber } from './numbers.js';
import { MAXIMUM_CONTENDERS } from './peers/board.js';
import { TRANSPORTS, type TransportName } from './peers/transports/transport.js';
import type { Scenario } from './scenario.js';
import { scenarios } from './scenarios/index.js';

export interface StressOptions {
  /** How long each scenario lasts. */
  readonly seconds: number;
  readonly workers: number;
  readonly helpers: number;
  readonly node32: number;
  /** How many more were asked for, where there is none. */
  readonly missingNode32: number;
  readonly scenarios: readonly Scenario[];
  readonly json: boolean;
  /** How the C helpers are reached. */
  readonly transport: TransportName;
  /** For who prepares the machines. */
  readonly kernel?: KernelName;
}

/**
 * Reads the command line. A wrong one, and `--help` and `--list`, print and end the process.
 *
 * @param argv - Without the program and script.
 * @param hasNode32 - Whether the machine has a 32-bit Node. Before there is a machine nobody knows.
 */
export function readOptions(argv: readonly string[], hasNode32 = true): StressOptions {
  const count = wholeNumber(0, MAXIMUM_CONTENDERS);
  const command = new Command('stress')
    .description('Lets 64-bit worker threads and 32-bit processes contend for the same named objects, and checks that nothing is lost.')
    .addOption(new Option('--seconds <n>', 'how long each scenario lasts').default(5).argParser(positiveNumber(86_400)))
    .addOption(new Option('--workers <n>', 'worker threads of a 64-bit Node').default(2).argParser(count))
    .addOption(new Option('--helpers <n>', '32-bit helper processes, written in C (Nodes where there is no C compiler)').default(2).argParser(count))
    .addOption(new Option('--node32 <n>', '32-bit Node processes, where there is one (default: 1)').argParser(count))
    .addOption(new Option('--scenario <names...>', 'only these (default: all)').choices(scenarios.map(({ name }) => name)))
    .addOption(new Option('--transport <transport>', 'how the C helpers are reached; RPC and COM, which Windows alone has, imply --kernel win32').choices(TRANSPORTS).default('pipe'))
    .addOption(kernelOption())
    .option('--json', 'print the figures as JSON instead of tables: one document, with a run for each kernel', false)
    .option('--list', 'print the scenarios and end')
    .addHelpText('after', '\nExit status: 0 all invariants held and the negative control broke its own, 1 not so, 2 the run could not take place.')
    .configureOutput({ writeErr: text => process.stderr.write(text) })
    .exitOverride(error => process.exit(error.exitCode === 0 ? 0 : 2));
  command.parse(argv, { from: 'user' });
  const given = command.opts<Omit<StressOptions, 'scenarios' | 'node32'> & { scenario?: string[]; list?: true; node32?: number }>();
  if (given.list) {
    for (const { name, summary } of scenarios) console.log(`${name.padEnd(16)} ${summary}`);
    process.exit(0);
  }
  if (given.transport !== 'pipe' && given.kernel === 'linux') {
    command.error(`error: --transport ${given.transport} is of Windows: with --kernel linux there is only pipe`);
  }
  const chosen = given.scenario === undefined ? scenarios : scenarios.filter(({ name }) => given.scenario?.includes(name));
  const node32 = hasNode32 ? given.node32 ?? 1 : 0;
  const contenders = given.workers + given.helpers + node32;
  const needed = Math.max(...chosen.map(({ minimumContenders }) => minimumContenders));
  if (contenders < needed || contenders > MAXIMUM_CONTENDERS) {
    command.error(`error: from ${needed} to ${MAXIMUM_CONTENDERS} contenders are needed; given: ${given.workers} workers, ${given.helpers} helpers and ${node32} 32-bit Nodes`);
  }
  const kernel = given.transport === 'pipe' ? given.kernel : 'win32';
  return { ...given, ...(kernel === undefined ? {} : { kernel }), node32, missingNode32: hasNode32 ? 0 : given.node32 ?? 0, scenarios: chosen };
}
