/** `npm run stress`: prepares the machines, has the run take place where the kernels are, and prints what came of it. */
import { Account } from '../reporters/results.js';
import { Interruption } from '../util/interruption.js';
import { launchRun } from './run-on-machine.js';
import { kernelTitles } from '../machine/kernels.js';
import { kernelsToRun, runOnMachines } from '../machine/run-on-machines.js';
import { readOptions } from '../cli/options.js';
import { orderOf } from '../runner/run-config.js';
import { progressOf } from '../reporters/progress.js';

const options = await readOptions(process.argv.slice(2)); // a wrong command line ends here, before anything slow
using interruption = new Interruption();
const kernels = kernelsToRun(options.kernel).length;
const order = orderOf(options, kernels);
const account = new Account(options);
const progress = progressOf(order, kernels);

const { exitCode, notRun } = await runOnMachines(async machine => {
  progress.begin(machine.kernel);
  const exitCode = await launchRun(machine, order, interruption, message => {
    progress.take(message);
    account.take(message);
  });
  progress.end();
  account.endRun(kernelTitles[machine.kernel], machine.kernel, exitCode);
  return exitCode;
}, { kernel: options.kernel, signal: interruption.signal });
await account.end(notRun);
process.exitCode = exitCode;
// A machine may still be in preparation: its next one begins that anew.
if (interruption.signal.aborted) process.stdout.write('', () => process.exit());
