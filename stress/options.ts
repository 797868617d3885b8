import { Command, CommanderError, Option } from 'commander';
import { kernelOption } from './kernel-option.js';
import type { Rates } from './faults/fault.js';
import { parseRates, RATES_ALLOWED } from './faults/rates.js';
import type { KernelName } from './machine/machine.js';
import { positiveNumber, wholeNumber } from './numbers.js';
import { MAXIMUM_CONTENDERS } from './peers/board.js';
import { LARGEST_SEED } from './random.js';
import type { Scenario, Standing } from './scenario.js';
import { scenarios } from './scenarios/index.js';

/** Beside the scenarios, and chosen as one of them. */
const TECHNIQUES = 'techniques';

/** What a stress run's process says by its exit code. */
export const EXIT = { passed: 0, failed: 1, couldNotRun: 2, interrupted: 3 } as const;

const EXIT_HELP = `
Exit status: 0 all invariants held, and the broken twins were caught; 1 not so; 2 the run could not take place; 3 it was interrupted (SIGINT, SIGTERM), and nothing was broken until then.`;

/** How many contenders there are of each kind, as people name them. */
export interface Counts {
  readonly workers: number;
  readonly nodes: number;
  readonly helpers: number;
  readonly helpers64: number;
  /** Where nobody says, one if there is one. */
  readonly node32?: number;
}

export interface CommandLine extends Counts {
  /** How long each scenario lasts. */
  readonly seconds: number;
  readonly seed?: number;
  readonly faults: Rates;
  readonly scenarios: readonly Scenario[];
  /** Whose broken twins are run. */
  readonly selfTest: readonly Scenario[];
  /** Whether the techniques of sharing between the bitnesses are used too. */
  readonly techniques: boolean;
  readonly json: boolean;
  /** For who prepares the machines. */
  readonly kernel?: KernelName;
}

/** Reads the command line. A wrong one, and `--help` and `--list`, print and end the process. */
export function readOptions(argv: readonly string[]): CommandLine {
  try {
    return parseOptions(argv);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exit(error.exitCode === 0 ? EXIT.passed : EXIT.couldNotRun);
  }
}

/**
 * The same, but throws instead of ending the process, when it has printed.
 *
 * @param argv - Without the program and script.
 * @throws CommanderError.
 */
export function parseOptions(argv: readonly string[]): CommandLine {
  const count = wholeNumber(0, MAXIMUM_CONTENDERS);
  const command = new Command('stress')
    .description('Lets threads and processes of both bitnesses contend for the same named objects, and checks that nothing is lost.')
    .addOption(new Option('--scenario <names...>', 'only these (default: all)').choices([...scenarios.map(({ name }) => name), TECHNIQUES]))
    .addOption(kernelOption())
    .addOption(new Option('--seconds <n>', 'how long each scenario lasts').default(5).argParser(positiveNumber(86_400)))
    .addOption(new Option('--seed <n>', 'makes the random choices of an earlier run again: it has printed its seed').argParser(wholeNumber(1, LARGEST_SEED)))
    .addOption(new Option('--workers <n>', 'worker threads of the Node that drives the run').default(2).argParser(count))
    .addOption(new Option('--nodes <n>', 'processes of the same Node').default(0).argParser(count))
    .addOption(new Option('--node32 <n>', '32-bit Node processes, where there is one (default: 1)').argParser(count))
    .addOption(new Option('--helpers <n>', '32-bit helper processes, written in C (Nodes where there is no C compiler)').default(2).argParser(count))
    .addOption(new Option('--helpers64 <n>', 'the same of 64 bits').default(0).argParser(count))
    .addOption(new Option('--faults <rates...>', 'what is done on purpose, and how often a second: kill=2 suspend=1, or all (but clock, which has to be named); a scenario that cannot stand one goes without, and says so (default: the scenarios that kill do)'))
    .option('--self-test', 'run nothing but the broken twins of the scenarios, which the checks have to catch (default: after the scenarios, when none are chosen)')
    .option('--json', 'print the report as JSON instead of tables: one document, with a run for each kernel', false)
    .option('--list', 'print the scenarios and end')
    .addHelpText('after', EXIT_HELP)
    .configureOutput({ writeErr: text => process.stderr.write(text) })
    .exitOverride();
  command.parse(argv, { from: 'user' });
  const { scenario, selfTest, faults: words = [], list, ...rest } = command.opts<Omit<CommandLine, 'scenarios' | 'selfTest' | 'techniques' | 'faults'> & { scenario?: string[]; selfTest?: true; faults?: string[]; list?: true }>();
  if (list) {
    for (const { name, summary, faults: standing } of [...scenarios.map(({ name, summary, faults }) => ({ name, summary, faults })), { faults: undefined, name: TECHNIQUES, summary: 'each way to share between the bitnesses, from 64 to 32 bits and from 32 to 64: handles, sections, launches, system folders, RPC, COM' }]) {
      console.log(`${name.padEnd(16)} ${summary}${standing === undefined ? '' : `\n${' '.repeat(17)}${describeStanding(standing)}`}`);
    }
    throw new CommanderError(EXIT.passed, 'stress.list', 'the scenarios were listed');
  }
  const faults = parseRates(words) ?? command.error(`error: --faults must be ${RATES_ALLOWED}; given: ${words.join(' ')}`);
  const given = { ...rest, faults };
  const chosen = scenario === undefined ? scenarios : scenarios.filter(({ name }) => scenario.includes(name));
  const contenders = given.workers + given.nodes + (given.node32 ?? 1) + given.helpers + given.helpers64;
  const needed = Math.max(0, ...chosen.map(({ minimumContenders }) => minimumContenders));
  if (contenders < needed || contenders > MAXIMUM_CONTENDERS) command.error(`error: from ${needed} to ${MAXIMUM_CONTENDERS} contenders are needed in all; given: ${contenders}`);
  const twins = chosen.filter(({ twin }) => twin !== undefined);
  if (selfTest && twins.length === 0) command.error('error: --self-test needs a scenario with a broken twin; none of those that were chosen has one');
  if (selfTest) return { ...given, scenarios: [], selfTest: twins, techniques: false };
  return { ...given, scenarios: chosen, selfTest: scenario === undefined ? twins : [], techniques: scenario?.includes(TECHNIQUES) ?? true };
}

function describeStanding({ stands, usual = {}, timeouts, abandonments }: Standing): string {
  const struck = Object.entries(usual).map(([name, rate]) => `${name} ${rate} a second unless told otherwise`);
  return `stands ${stands.join(', ')}${struck.length === 0 ? '' : ` (${struck.join(', ')})`}; time-outs: ${timeouts}; abandonments: ${abandonments}`;
}
