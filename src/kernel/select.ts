import type { Kernel } from './kernel.js';
import { LinuxKernel } from './linux/linux-kernel.js';
import { UnsupportedKernel } from './unsupported.js';
import { Win32Kernel } from './win32/win32-kernel.js';

/**
 * The kernel of this machine; the only place that asks which platform it is.
 * Chosen without a top-level `await`, which would keep CommonJS programs from `require`-ing the package.
 */
export const kernel: Kernel = choose(process.platform);

function choose(platform: NodeJS.Platform): Kernel {
  switch (platform) {
    case 'win32': return new Win32Kernel();
    case 'linux': return new LinuxKernel();
    default: return new UnsupportedKernel(platform);
  }
}
