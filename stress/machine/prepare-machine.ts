import { prepareLinuxMachine } from './linux/linux-machine.js';
import type { KernelName, Machine, MachineOptions } from './machine.js';
import { SetupError } from './setup-error.js';
import { prepareWindowsMachine } from './windows/windows-machine.js';
import { prepareWineMachine } from './wine/wine-machine.js';

/** Makes what is missing, and says so on stderr; takes no time worth mentioning when nothing is. */
export function prepareMachine(kernel: KernelName, options: MachineOptions = {}): Promise<Machine> {
  switch (`${kernel} on ${process.platform}`) {
    case 'linux on linux':
      return prepareLinuxMachine();
    case 'win32 on linux':
      return prepareWineMachine(options);
    case 'win32 on win32':
      return prepareWindowsMachine();
    default:
      return Promise.reject(new SetupError(kernel === 'linux'
        ? `The Linux kernel cannot be run on ${process.platform}.`
        : `Windows programs cannot be run on ${process.platform}: use Windows, or Linux.`));
  }
}
