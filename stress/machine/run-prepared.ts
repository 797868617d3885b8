import type { Machine, MachineOptions } from './machine.js';
import { prepareMachine } from './prepare-machine.js';
import { SetupError } from './setup-error.js';

/** Prepares the machine, lets `work` run on it, and gives `work`'s exit code; 1 when the machine cannot be prepared. */
export async function runPrepared(work: (machine: Machine) => number | Promise<number>, options?: MachineOptions): Promise<number> {
  try {
    await using machine = await prepareMachine(options);
    return await work(machine);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    // It is written for people: a stack would only hide what it says.
    console.error(error.message);
    return 1;
  }
}
