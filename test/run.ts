/**
 * `npm test`: prepares the machines and runs the tests in the Nodes of each: on Linux natively first, then in Windows Nodes under Wine.
 *
 * Arguments go to vitest, but for three: `--kernel linux` or `--kernel win32` runs that kernel alone, `--arch x64` or `--arch ia32` the Nodes of that bitness
 * alone. Where no tests are named, other runtimes run theirs on Linux as well; `--runtime bun`, or another of them, runs that one alone, and `--runtime here`
 * this Node.
 */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { prepareBrowser, whyNoBrowser } from '../stress/machine/install/browser.js';
import type { Architecture } from '../stress/machine/architecture.js';
import type { Machine } from '../stress/machine/machine.js';
import { projectRoot } from '../stress/machine/paths.js';
import { runOnMachines } from '../stress/machine/run-on-machines.js';
import { prepareRuntimes, RUNTIME_NAMES, type Runtime } from '../stress/machine/install/runtimes.js';
import { suiteOf } from './runtimes.js';

const VITEST = 'node_modules/vitest/vitest.mjs';
const RESULTS = 'test-results.json';
const WRONG_ARGUMENTS = 2;
/** This Node, as a runtime. */
const HERE = 'here';

const args = process.argv.slice(2);
const kernel = takeOption('--kernel', ['linux', 'win32'] as const);
const arch = takeOption('--arch', ['x64', 'ia32'] as const);
const only = takeOption('--runtime', [HERE, ...RUNTIME_NAMES]);
const runtimeNames = only === undefined ? isWhole() ? RUNTIME_NAMES : [] : RUNTIME_NAMES.filter(name => name === only);

if (kernel !== 'win32') await prepareBrowser();

const summaries: string[] = [];
const { exitCode, notRun } = await runOnMachines(async machine => {
  let worst = 0;
  if (only === undefined || only === HERE) {
    for (const architecture of nodesOf(machine)) worst = Math.max(worst, await runTests(machine, architecture));
  }
  if (machine.kernel === 'linux' && runtimeNames.length > 0) {
    const { runtimes, lacking } = await prepareRuntimes(runtimeNames);
    summaries.push(...lacking.map(line => `not run: ${line}`));
    for (const runtime of runtimes) worst = Math.max(worst, await runSuite(machine, runtime));
  }
  return worst;
}, { kernel: only === undefined ? kernel : 'linux' });
const noBrowser = kernel === 'win32' ? [] : whyNoBrowser().map(line => `not run: ${line}`);
for (const line of [...summaries, ...notRun, ...noBrowser]) console.log(line);
process.exitCode = exitCode;

function nodesOf({ architectures, kernel: own }: Machine): readonly Architecture[] {
  if (arch === undefined) return architectures;
  if (own === 'linux' && !architectures.includes(arch)) {
    summaries.push(`${own} ${arch}: not run: there is no such Node for Linux here`);
    // Nobody asked for this kernel in particular.
    if (kernel !== own) return [];
  }
  return [arch];
}

/** Nothing chooses among the tests. */
function isWhole(): boolean {
  return args.length === 0 && arch === undefined;
}

function runTests(machine: Machine, architecture: Architecture): Promise<number> {
  return collect(`${machine.kernel} ${architecture}`, machine.fileInRoot(architecture, RESULTS), () => machine.launch(architecture, VITEST, vitestArguments(args)));
}

function runSuite(machine: Machine, { name, program, args: before, env }: Runtime): Promise<number> {
  const tests = args.length === 0 ? suiteOf(name) : args;
  return collect(`${machine.kernel} ${name} ${process.arch}`, join(projectRoot, RESULTS), () =>
    machine.program(program, [...before, VITEST, ...vitestArguments(tests)], { cwd: projectRoot, env: { ...env, WAITABLE_TEST_RUNTIME: name } }));
}

function vitestArguments(tests: readonly string[]): string[] {
  return ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${RESULTS}`, ...tests];
}

async function collect(title: string, results: string, run: () => Promise<number>): Promise<number> {
  rmSync(results, { force: true });
  const exitCode = await run();
  summaries.push(`${title}: ${summary(results)}`);
  return exitCode;
}

/** Takes an option and its value out of the arguments. */
function takeOption<Value extends string>(name: string, values: readonly Value[]): Value | undefined {
  const at = args.findIndex(argument => argument === name || argument.startsWith(`${name}=`));
  if (at < 0) return undefined;
  const [argument = '', next] = args.slice(at, at + 2);
  const isJoined = argument !== name;
  const given = isJoined ? argument.slice(name.length + 1) : next;
  args.splice(at, isJoined ? 1 : 2);
  const value = values.find(each => each === given);
  if (value === undefined) {
    console.error(`${name} must be ${values.join(' or ')}; given: ${given}`);
    process.exit(WRONG_ARGUMENTS);
  }
  return value;
}

interface VitestResults {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
}

function summary(file: string): string {
  try {
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(file, 'utf8')) as VitestResults;
    return `${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`;
  } catch {
    return 'no results: the test runner itself failed';
  }
}
