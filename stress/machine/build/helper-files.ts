import { prebuiltName } from '../../peers/prebuilt.js';
import { architectures } from '../architecture.js';
import type { KernelName } from '../machine.js';
import { cache } from '../paths.js';

/** The C programs for a kernel that go out of this checkout: their names in a package, and where they are made. */
export function helperFiles(kernel: KernelName): readonly (readonly [name: string, file: string])[] {
  return architectures.flatMap(architecture => {
    const bits = architecture === 'x64' ? 64 : 32;
    if (kernel === 'linux') return [[prebuiltName('linux', `helper${bits}`), cache.linuxHelper(architecture)] as const];
    return [
      [prebuiltName('win32', `helper${bits}`), cache.helper(architecture)] as const,
      [prebuiltName('win32', `client${bits}`), cache.client(architecture)] as const,
    ];
  });
}
