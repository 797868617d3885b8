import { aptInstall, hasApt, isRoot } from '../install/apt.js';
import type { Architecture } from '../architecture.js';
import { everythingRequired } from '../kernels.js';
import { lackOfLinuxCompiler, linuxProgramsStep } from '../build/native-programs.js';
import { cache } from '../paths.js';
import { announce, SetupError } from '../setup-error.js';
import { carryOut } from '../setup-steps.js';

export interface Helpers {
  /** Files, or empty. */
  readonly helpers: Readonly<Record<Architecture, string>>;
  readonly lacking: readonly string[];
}

/** The C helpers for Linux. Where they cannot be compiled, Nodes stand in for them: that is less, but no failure. */
export async function prepareHelpers(): Promise<Helpers> {
  if (lackOfLinuxCompiler() !== undefined && isRoot() && hasApt()) await installCompiler();
  const lack = lackOfLinuxCompiler();
  if (lack !== undefined) {
    if (everythingRequired()) throw new SetupError(lack);
    return { helpers: { x64: '', ia32: '' }, lacking: [`the C helpers, 32-bit and 64-bit, for Linux: ${lack.replaceAll('\n', ' ')}`] };
  }
  await carryOut([linuxProgramsStep()]);
  return { helpers: { x64: cache.linuxHelper('x64'), ia32: cache.linuxHelper('ia32') }, lacking: [] };
}

async function installCompiler(): Promise<void> {
  announce(`installing gcc, some seconds (log: ${cache.log('apt')})`);
  await aptInstall(['gcc']).catch((error: unknown) => {
    // What is lacking then is said at the end.
    if (!(error instanceof SetupError)) throw error;
  });
}
