#!/usr/bin/env node
/** `waitable-stress`, as the package brings it: a run on this system's own kernel, in this process, with the C programs of the package. Nothing is installed or compiled. */
import { builtIn } from '../built-in.js';
import { ResultReporter } from '../reporters/results.js';
import { EXIT } from '../util/exit-codes.js';
import { Interruption } from '../util/interruption.js';
import { machineReport } from '../runner/machine-info.js';
import { readOptions } from './options.js';
import { runConfigOf } from '../runner/run-config.js';
import { hasProgram } from '../peers/programs.js';
import { progressOf } from '../reporters/progress.js';
import { runAndEmit } from '../runner/run-and-emit.js';

const options = await readOptions(process.argv.slice(2), 'waitable-stress');
const { kernel, system, arch } = machineReport();
if (options.kernel !== undefined && options.kernel !== kernel) {
  console.error(`error: --kernel ${options.kernel}: the installed package runs on the system's own kernel alone, which is ${kernel}; a checkout of the project runs Windows programs under Wine as well`);
  process.exit(EXIT.couldNotRun);
}

using interruption = new Interruption();
interruption.urgent.addEventListener('abort', () => process.exit(EXIT.interrupted));
const config = runConfigOf(options, 1);
const reporter = new ResultReporter(options);
const progress = progressOf(config, 1);

progress.begin(kernel);
const { exitCode, isStuck } = await runAndEmit(builtIn, config, interruption.signal, event => {
  progress.take(event);
  reporter.take(event);
});
progress.end();
reporter.endRun(`${system} ${arch}`, kernel, exitCode);
await reporter.end((['helper32', 'helper64'] as const).filter(program => !hasProgram(program)).map(program => `not run: the C program ${program}: the package has none that runs on this system; Nodes stand in for it`));
process.exitCode = exitCode;
if (isStuck) process.stdout.write('', () => process.exit());
