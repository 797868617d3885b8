import type { Machine, MachineOptions } from './machine.js';
import { SetupError } from './setup-error.js';
import { prepareWindowsMachine } from './windows-machine.js';
import { prepareWineMachine } from './wine-machine.js';

/** Makes what is missing, and says so on stderr; takes no time worth mentioning when nothing is. */
export function prepareMachine(options: MachineOptions = {}): Promise<Machine> {
  switch (process.platform) {
    case 'linux':
      return prepareWineMachine(options);
    case 'win32':
      return prepareWindowsMachine();
    default:
      return Promise.reject(new SetupError(`Windows programs cannot be run on ${process.platform}: use Windows, or Linux with Wine.`));
  }
}
