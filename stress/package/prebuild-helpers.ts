import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { helperFiles } from '../machine/build/helper-files.js';
import { kernelsHere, everythingRequired } from '../machine/kernels.js';
import { linuxProgramsStep, nativeProgramsStep } from '../machine/build/native-programs.js';
import { projectRoot } from '../machine/paths.js';
import { announce, SetupError } from '../machine/setup-error.js';
import { carryOut } from '../machine/setup-steps.js';
import type { PrebuiltManifest } from '../peers/prebuilt.js';

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
    for (const [name, file] of helperFiles(kernel)) {
      const copy = join(PREBUILT, name);
      mkdirSync(dirname(copy), { recursive: true });
      copyFileSync(file, copy);
      manifest[name] = createHash('sha256').update(readFileSync(copy)).digest('hex');
    }
  }
  mkdirSync(PREBUILT, { recursive: true });
  writeFileSync(join(PREBUILT, 'manifest.json'), JSON.stringify(manifest satisfies PrebuiltManifest, undefined, 2));
}
