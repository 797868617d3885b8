import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { argumentsInFile } from './config-file.js';
import { EXIT } from '../util/exit-codes.js';
import { Command, CommanderError, Option } from '../util/libraries/commander.js';
import { loadScenarios, NoScenariosError } from '../scenarios/load.js';
import { parseRates, RATES_ALLOWED } from './fault-option.js';
import type { KernelName } from '../machine/machine.js';
import { duration, kernelOption, positiveNumber, wholeNumber } from '../util/option-parsers.js';
import { MAXIMUM_CONTENDERS } from '../peers/board.js';
import { TRANSPORTS } from '../peers/transports/transport.js';
import { LARGEST_SEED } from '../util/random.js';
import { NoReportError, readDocument } from '../report/read-document.js';
import type { StressDocument } from '../report/stress-document.js';
import type { Scenario, FaultTolerance } from '../runner/scenario.js';
import type { Outputs } from '../reporters/results.js';
import type { RunChoices, RunLength } from '../runner/run-config.js';
import { builtIn } from '../built-in.js';
import { TECHNIQUES } from '../techniques/index.js';

const EXIT_HELP = `
A configuration file is a JSON object whose keys are these options without their dashes: { "scenario": ["mutex"], "duration": "10m" }. What the command line says goes before it.

Exit status: 0 all invariants held, and the broken twins were caught; 1 not so; 2 the run could not take place; 3 it was interrupted (SIGINT, SIGTERM), and nothing was broken until then. Of several kernels the worst
counts: 1 before 2 before 3. A second SIGINT or SIGTERM does not wait for an orderly end.`;

export interface CommandLine extends RunChoices, RunLength, Outputs {
  /** For who prepares the machines. */
  readonly kernel?: KernelName;
}

/** Reads the command line. A wrong one, and `--help` and `--list`, print and end the process. */
export async function readOptions(argv: readonly string[], name?: string): Promise<CommandLine> {
  try {
    return await parseOptions(argv, name);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exit(error.exitCode === 0 ? EXIT.passed : EXIT.couldNotRun);
  }
}

/**
 * The same, but throws instead of ending the process, when it has printed.
 *
 * @param argv - Without the program and script.
 * @throws (rejects with) CommanderError.
 */
export async function parseOptions(argv: readonly string[], name = 'stress'): Promise<CommandLine> {
  let command = commandNamed(name).parse(argv, { from: 'user' });
  const { config } = command.opts<{ config?: string }>();
  if (config !== undefined) command = commandNamed(name).parse([...argumentsInFile(config, command), ...argv], { from: 'user' });
  return commandLineOf(command, await available(command));
}

function commandNamed(name: string): Command {
  const count = wholeNumber(0, MAXIMUM_CONTENDERS);
  return new Command(name)
    .description('Lets threads and processes of both bitnesses contend for the same named objects, and checks that nothing is lost.')
    .option('--scenario <names...>', 'only these (default: all, or those of --load)')
    .option('--load <module>', 'scenarios of your own: what this ES module exports as "scenarios"')
    .addOption(kernelOption())
    .addOption(new Option('--seconds <n>', 'how long each scenario lasts').default(5).argParser(positiveNumber(86_400)))
    .addOption(new Option('--duration <time>', 'how long the whole run lasts, such as 90s, 10m or 1.5h: in equal parts to the kernels and scenarios').argParser(duration(86_400)).conflicts('seconds'))
    .addOption(new Option('--seed <n>', 'makes the random choices of an earlier run again: it has printed its seed').argParser(wholeNumber(1, LARGEST_SEED)))
    .addOption(new Option('--workers <n>', 'worker threads of the Node that drives the run').default(2).argParser(count))
    .addOption(new Option('--nodes <n>', 'processes of the same Node').default(0).argParser(count))
    .addOption(new Option('--node32 <n>', '32-bit Node processes, where there is one (default: 1)').argParser(count))
    .addOption(new Option('--helpers <n>', '32-bit helper processes, written in C (Nodes where there is no C compiler)').default(2).argParser(count))
    .addOption(new Option('--helpers64 <n>', 'the same of 64 bits').default(0).argParser(count))
    .addOption(new Option('--transport <transport>', 'how the C helpers are reached; RPC and COM, which Windows alone has, imply --kernel win32').choices(TRANSPORTS).default('pipe'))
    .addOption(new Option('--json [file]', 'the report as JSON, one document with a run for each kernel: printed instead of tables, or written to a file').default(false))
    .option('--html <file>', 'the report as a page besides, in one file')
    .option('--compare <files...>', 'say in the end what has changed since this older report or, better, several, as --json wrote them')
    .option('--config <file>', 'take from this JSON file what the command line does not say')
    .addOption(new Option('--faults <rates...>', 'what is done on purpose, and how often a second: kill=2 suspend=1, or all (but clock, which has to be named); a scenario that cannot stand one goes without, and says so (default: the scenarios that kill do)'))
    .option('--self-test', 'run nothing but the broken twins of the scenarios, which the checks have to catch (default: after the scenarios, when none are chosen)')
    .option('--list', 'print the scenarios and end')
    .addHelpText('after', EXIT_HELP)
    .configureOutput({ writeErr: text => process.stderr.write(text) })
    .exitOverride();
}

/** What --scenario may choose from, those first that run where it is not given. */
interface Choice {
  readonly usual: readonly Scenario[];
  readonly others: readonly Scenario[];
}

async function available(command: Command): Promise<Choice> {
  const { load } = command.opts<{ load?: string }>();
  if (load === undefined) return { usual: builtIn.scenarios, others: [] };
  try {
    return { usual: await loadScenarios(load), others: builtIn.scenarios };
  } catch (error) {
    if (!(error instanceof NoScenariosError)) throw error;
    return command.error(`error: --load ${load}: ${error.message}`);
  }
}

interface Words extends Omit<CommandLine, 'scenarios' | 'selfTest' | 'techniques' | 'faults' | 'compare'> {
  readonly scenario?: readonly string[];
  readonly selfTest?: true;
  readonly faults?: readonly string[];
  readonly compare?: readonly string[];
  readonly list?: true;
}

function commandLineOf(command: Command, { usual, others }: Choice): CommandLine {
  const { scenario, selfTest, faults: words = [], compare, list, ...rest } = command.opts<Words>();
  const choices = [...usual, ...others];
  if (list) {
    for (const { name, summary, faults } of [...choices, { ...TECHNIQUES, faults: undefined }]) {
      console.log(`${name.padEnd(16)} ${summary}${faults === undefined ? '' : `\n${' '.repeat(17)}${describeTolerance(faults)}`}`);
    }
    throw new CommanderError(EXIT.passed, 'stress.list', 'the scenarios were listed');
  }
  const faults = parseRates(words, builtIn.faults) ?? command.error(`error: --faults must be ${RATES_ALLOWED}; given: ${words.join(' ')}`);
  const given = { ...rest, faults };
  const names = [...choices, TECHNIQUES].map(({ name }) => name);
  const unknown = scenario?.find(name => !names.includes(name));
  if (unknown !== undefined) command.error(`error: option '--scenario <names...>' argument '${unknown}' is invalid. Allowed choices are ${names.join(', ')}.`);
  const chosen = scenario === undefined ? usual : choices.filter(({ name }) => scenario.includes(name));
  const contenders = given.workers + given.nodes + (given.node32 ?? 1) + given.helpers + given.helpers64;
  const needed = Math.max(0, ...chosen.map(({ minimumContenders }) => minimumContenders));
  if (contenders < needed || contenders > MAXIMUM_CONTENDERS) command.error(`error: from ${needed} to ${MAXIMUM_CONTENDERS} contenders are needed in all; given: ${contenders}`);
  if (given.transport !== 'pipe' && given.kernel === 'linux') command.error(`error: --transport ${given.transport} is of Windows: with --kernel linux there is only pipe`);
  if (typeof given.json === 'string') checkWritable('--json', given.json, command);
  if (given.html !== undefined) checkWritable('--html', given.html, command);
  if (compare !== undefined && given.json === true) command.error('error: --compare prints a table, and --json alone nothing but JSON: name a file, --json <file>');
  const controlled = chosen.filter(({ negativeControls }) => negativeControls !== undefined);
  if (selfTest && controlled.length === 0) command.error('error: --self-test needs a scenario with a broken twin; none of those that were chosen has one');
  const decided = {
    ...given,
    ...(given.load === undefined ? {} : { load: resolve(given.load) }),
    ...(given.transport === 'pipe' ? {} : { kernel: 'win32' as const }),
    ...(compare === undefined ? {} : { compare: compare.map(file => readOlder(file, command)) }),
  };
  if (selfTest) return { ...decided, scenarios: [], selfTest: controlled, techniques: false };
  return { ...decided, scenarios: chosen, selfTest: scenario === undefined ? controlled : [], techniques: scenario?.includes(TECHNIQUES.name) ?? usual === builtIn.scenarios };
}

/** Before the run: afterwards the report would be lost. */
function checkWritable(option: string, file: string, command: Command): void {
  if (!existsSync(dirname(resolve(file)))) command.error(`error: ${option} ${file}: there is no such folder`);
  if (existsSync(file) && !statSync(file).isFile()) command.error(`error: ${option} ${file}: this is no file`);
}

function readOlder(file: string, command: Command): StressDocument {
  try {
    return readDocument(file);
  } catch (error) {
    if (!(error instanceof NoReportError)) throw error;
    return command.error(`error: --compare ${error.message}`);
  }
}

function describeTolerance({ tolerates, usual = {}, timeouts, abandonments }: FaultTolerance): string {
  const struck = Object.entries(usual).map(([name, rate]) => `${name} ${rate} a second unless told otherwise`);
  return `stands ${tolerates.join(', ')}${struck.length === 0 ? '' : ` (${struck.join(', ')})`}; time-outs: ${timeouts}; abandonments: ${abandonments}`;
}
