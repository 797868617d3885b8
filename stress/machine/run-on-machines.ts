import { everythingRequired, kernelsHere, kernelTitles } from './kernels.js';
import type { KernelName, Machine, MachineOptions } from './machine.js';
import { prepareMachine } from './prepare-machine.js';
import { SetupError } from './setup-error.js';
import { whyNoWine } from './system-packages.js';

const COULD_NOT_RUN = 2;

export interface RunOptions extends MachineOptions {
  /** This one alone. */
  readonly kernel?: KernelName | undefined;
}

export interface RunOutcome {
  /** The worst of all; 2 where a machine could not be prepared. */
  readonly exitCode: number;
  /** One line for everything that was left out, to be said at the end. */
  readonly notRun: readonly string[];
}

/** Lets `work` run on each machine that this system can be, one after the other; it gives an exit code. */
export async function runOnMachines(work: (machine: Machine) => number | Promise<number>, { kernel: only, ...options }: RunOptions = {}): Promise<RunOutcome> {
  const exitCodes: number[] = [];
  const notRun: string[] = [];
  const kernels = only === undefined || kernelsHere().includes(only) ? kernelsHere() : [only];
  for (const kernel of kernels) {
    const reason = whyLeftOut(kernel, only);
    if (reason !== undefined) {
      notRun.push(`not run: ${kernelTitles[kernel]}: ${reason}`);
      continue;
    }
    try {
      await using machine = await prepareMachine(kernel, options);
      exitCodes.push(await work(machine));
      notRun.push(...machine.lacking.map(line => `not run: ${line}`));
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      // It is written for people: a stack would only hide what it says.
      console.error(error.message);
      exitCodes.push(COULD_NOT_RUN);
    }
  }
  return { exitCode: Math.max(...exitCodes), notRun };
}

function whyLeftOut(kernel: KernelName, only: KernelName | undefined): string | undefined {
  if (only !== undefined) return kernel === only ? undefined : `--kernel ${only} was asked for`;
  if (kernel === 'win32' && process.platform === 'linux' && !everythingRequired()) return whyNoWine();
  return undefined;
}
