import { LinuxKernel } from '../../src/kernel/linux/linux-kernel.js';
import { LinuxProcesses } from '../../src/kernel/linux/linux-processes.js';
import type { Foreign } from './foreign-code.js';

/** Another instance of the kernel in this thread knows of the library's handles what is in the shared file, as code in any other language would. */
const kernel = new LinuxKernel();
const processes = new LinuxProcesses(kernel);

const EVENT_RIGHTS = 0x100002;

function made(handle: number): number {
  if (handle === 0) throw new Error(`${kernel.failure.syscall} failed with error ${kernel.failure.errno}`);
  return handle;
}

function absent(): never {
  throw new Error('there is no such thing on Linux: see rows.ts');
}

export const foreign: Foreign = {
  duplicate: handle => made(kernel.duplicate(handle, false)),
  closeHandle: handle => kernel.close(handle),
  inheritance: handle => kernel.kindOf(handle) === undefined ? 'none' : 'private',
  sameObject: (first, second) => kernel.sameObject(first, second),
  createEvent: () => made(kernel.createEvent(undefined, false, false, { access: EVENT_RIGHTS, inheritable: false, security: 'user' })?.handle ?? 0),
  threadHandle: absent,
  duplicateInto: (processId, handle) => made(processes.duplicateTo(processId, handle, undefined, false)),
  trustees: absent,
  grantedToEveryone: absent,
};
