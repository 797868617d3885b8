import type { Kernel } from './kernel.js';
import { LinuxKernel } from './linux/linux-kernel.js';
import { LinuxProcesses } from './linux/linux-processes.js';
import type { Processes } from './processes.js';
import { UnsupportedKernel, UnsupportedProcesses } from './unsupported.js';
import { Win32Kernel } from './win32/win32-kernel.js';
import { Win32Processes } from './win32/win32-processes.js';

/**
 * The kernel of this machine; the only place that asks which platform it is.
 * Chosen without a top-level `await`, which would keep CommonJS programs from `require`-ing the package.
 */
export const { kernel, processes } = choose(process.platform);

function choose(platform: NodeJS.Platform): { readonly kernel: Kernel; readonly processes: Processes } {
  switch (platform) {
    case 'win32': {
      const kernel = new Win32Kernel();
      return { kernel, processes: new Win32Processes(kernel) };
    }
    case 'linux': {
      const kernel = new LinuxKernel();
      return { kernel, processes: new LinuxProcesses(kernel) };
    }
    default: return { kernel: new UnsupportedKernel(platform), processes: new UnsupportedProcesses(platform) };
  }
}
