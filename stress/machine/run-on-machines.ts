import { once } from 'node:events';
import { EXIT, worstOf } from '../util/exit-codes.js';
import { everythingRequired, kernelsHere, kernelTitles } from './kernels.js';
import type { KernelName, Machine, MachineOptions } from './machine.js';
import { prepareMachine } from './prepare-machine.js';
import { SetupError } from './setup-error.js';
import { whyNoWine } from './install/system-packages.js';

export interface RunOptions extends MachineOptions {
  /** This one alone. */
  readonly kernel?: KernelName | undefined;
  /** No machine is begun any more after it. One that is being prepared then is given up: this process should not go on for long. */
  readonly signal?: AbortSignal;
}

export interface RunOutcome {
  /** The worst of all; that of a run that could not take place, or was interrupted, where a machine could not be prepared. */
  readonly exitCode: number;
  /** One line for everything that was left out, to be said at the end. */
  readonly notRun: readonly string[];
}

/** Those that will have their turn, as far as can be told before they are prepared. */
export function kernelsToRun(only?: KernelName): readonly KernelName[] {
  return candidates(only).filter(kernel => whyLeftOut(kernel, only) === undefined);
}

function candidates(only: KernelName | undefined): readonly KernelName[] {
  return only === undefined || kernelsHere().includes(only) ? kernelsHere() : [only];
}

/** Lets `work` run on each machine that this system can be, one after the other; it gives an exit code. */
export async function runOnMachines(work: (machine: Machine) => number | Promise<number>, { kernel: only, signal, ...options }: RunOptions = {}): Promise<RunOutcome> {
  const exitCodes: number[] = [];
  const notRun: string[] = [];
  const interrupt = (kernel: KernelName) => {
    notRun.push(`not run: ${kernelTitles[kernel]}: the run was interrupted`);
    exitCodes.push(EXIT.interrupted);
  };
  for (const kernel of candidates(only)) {
    const reason = whyLeftOut(kernel, only);
    if (reason !== undefined) {
      notRun.push(`not run: ${kernelTitles[kernel]}: ${reason}`);
      continue;
    }
    if (signal?.aborted) {
      interrupt(kernel);
      continue;
    }
    try {
      await using machine = await unlessAborted(prepareMachine(kernel, options), signal);
      exitCodes.push(await work(machine));
      notRun.push(...machine.lacking.map(line => `not run: ${line}`));
    } catch (error) {
      if (signal?.aborted && (error instanceof SetupError || error === signal.reason)) {
        interrupt(kernel);
        continue;
      }
      if (!(error instanceof SetupError)) throw error;
      // It is written for people: a stack would only hide what it says.
      console.error(error.message);
      exitCodes.push(EXIT.couldNotRun);
    }
  }
  return { exitCode: worstOf(exitCodes), notRun };
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  const over = new AbortController();
  const aborted = once(signal, 'abort', { signal: over.signal }).then(() => Promise.reject(signal.reason as Error));
  try {
    return await Promise.race([work, aborted]);
  } finally {
    over.abort();
    aborted.catch(() => undefined);
  }
}

function whyLeftOut(kernel: KernelName, only: KernelName | undefined): string | undefined {
  if (only !== undefined) return kernel === only ? undefined : `--kernel ${only} was asked for`;
  if (kernel === 'win32' && process.platform === 'linux' && !everythingRequired()) return whyNoWine();
  return undefined;
}
