import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bitnesses } from '../machine/bitness.js';
import { kernelsHere, everythingRequired } from '../machine/kernels.js';
import type { KernelName } from '../machine/machine.js';
import { linuxProgramsStep, nativeProgramsStep } from '../machine/native-programs.js';
import { cache, projectRoot } from '../machine/paths.js';
import { announce, SetupError } from '../machine/setup-error.js';
import { carryOut } from '../machine/setup-steps.js';
import { prebuiltName, type PrebuiltManifest } from '../peers/prebuilt.js';

const PREBUILT = join(projectRoot, 'dist', 'helpers');

/** The C programs for each kernel that this system has compilers for, and what each of them is known by. */
export async function prebuildHelpers(): Promise<void> {
  rmSync(PREBUILT, { recursive: true, force: true });
  const manifest: Record<string, string> = {};
  for (const kernel of kernelsHere()) {
    try {
      await carryOut([kernel === 'linux' ? linuxProgramsStep() : nativeProgramsStep(process.platform === 'win32' ? 'windows' : 'wine')]);
    } catch (error) {
      if (!(error instanceof SetupError) || everythingRequired()) throw error;
      announce(`packed without the C programs for ${kernel}: ${error.message}`);
      continue;
    }
    for (const [name, file] of programsOf(kernel)) {
      const copy = join(PREBUILT, name);
      mkdirSync(dirname(copy), { recursive: true });
      copyFileSync(file, copy);
      manifest[name] = createHash('sha256').update(readFileSync(copy)).digest('hex');
    }
  }
  mkdirSync(PREBUILT, { recursive: true });
  writeFileSync(join(PREBUILT, 'manifest.json'), JSON.stringify(manifest satisfies PrebuiltManifest, undefined, 2));
}

function programsOf(kernel: KernelName): [name: string, file: string][] {
  return bitnesses.flatMap(bitness => {
    const bits = bitness === 'x64' ? 64 : 32;
    if (kernel === 'linux') return [[prebuiltName('linux', `helper${bits}`), cache.linuxHelper(bitness)]];
    return [[prebuiltName('win32', `helper${bits}`), cache.helper(bitness)], [prebuiltName('win32', `client${bits}`), cache.client(bitness)]];
  });
}
