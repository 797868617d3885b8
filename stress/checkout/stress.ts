/** `npm run stress`: prepares the machines, has the run take place where the kernels are, and prints what came of it. */
import { ResultReporter } from '../reporters/results.js';
import { Interruption } from '../util/interruption.js';
import { runOnMachine } from './run-on-machine.js';
import { kernelTitles } from '../machine/kernels.js';
import { kernelsToRun, runOnMachines } from '../machine/run-on-machines.js';
import { readOptions } from '../cli/options.js';
import { runConfigOf } from '../runner/run-config.js';
import { progressOf } from '../reporters/progress.js';

const options = await readOptions(process.argv.slice(2)); // a wrong command line ends here, before anything slow
using interruption = new Interruption();
const kernels = kernelsToRun(options.kernel).length;
const config = runConfigOf(options, kernels);
const reporter = new ResultReporter(options);
const progress = progressOf(config, kernels);

const { exitCode, notRun } = await runOnMachines(async machine => {
  progress.begin(machine.kernel);
  const exitCode = await runOnMachine(machine, config, interruption, event => {
    progress.take(event);
    reporter.take(event);
  });
  progress.end();
  reporter.endRun(kernelTitles[machine.kernel], machine.kernel, exitCode);
  return exitCode;
}, { kernel: options.kernel, signal: interruption.signal });
await reporter.end(notRun);
process.exitCode = exitCode;
// A machine may still be in preparation: its next one begins that anew.
if (interruption.signal.aborted) process.stdout.write('', () => process.exit());
