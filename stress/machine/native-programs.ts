import { readdirSync, readFileSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { bitnesses, type Bitness } from './bitness.js';
import { run } from './command.js';
import { findCompilers, type Compiler } from './compilers.js';
import { cache, sources } from './paths.js';
import { announce } from './setup-error.js';
import type { SetupStep } from './setup-steps.js';
import { isCurrent, makeFolder, stampOf } from './stamped-folder.js';

interface NativeProgram {
  readonly file: string;
  readonly sources: readonly string[];
  readonly headers: readonly string[];
  readonly flags: readonly string[];
  readonly compiler: Compiler;
}

/** Static, so that a program needs no run-time DLL of the compiler's beside it. */
const commonFlags = ['-O2', '-Wall', '-Wextra', '-Werror', '-static', '-s'];

/**
 * --kill-at: on i686 the linker exports a stdcall function under its decorated name (`ProcessPrng@8`), under which nobody
 * looks for it.
 */
const cryptoShimFlags: Record<Bitness, readonly string[]> = { x64: ['-shared'], ia32: ['-shared', '-Wl,--kill-at'] };

/** The helper is needed everywhere; the relay and the DLLs only under Wine. */
export function nativeProgramsStep(machine: 'wine' | 'windows'): SetupStep {
  return {
    isDone: () => isCurrent(cache.binaries, stampOfPrograms(programsFor(machine))),
    async perform() {
      announce('compiling the C programs, some seconds');
      const programs = programsFor(machine);
      await makeFolder(cache.binaries, stampOfPrograms(programs), async folder => {
        await Promise.all(programs.map(program => compile(program, folder)));
      });
    },
  };
}

function programsFor(machine: 'wine' | 'windows'): NativeProgram[] {
  const compilers = findCompilers();
  const helper = { sources: filesIn(sources.helper, '.c'), headers: filesIn(sources.helper, '.h'), flags: [] };
  const helpers = bitnesses.map(bitness => ({ ...helper, file: cache.helper(bitness), compiler: compilers[bitness] }));
  if (machine === 'windows') return helpers;
  const relay = { file: cache.relay, sources: [sources.relay], headers: [], flags: [], compiler: compilers.x64 };
  const shims = bitnesses.map(bitness => ({
    file: cache.cryptoShim(bitness),
    sources: [sources.cryptoShim],
    headers: [],
    flags: cryptoShimFlags[bitness],
    compiler: compilers[bitness],
  }));
  return [...helpers, relay, ...shims];
}

function filesIn(folder: string, extension: string): string[] {
  return readdirSync(folder)
    .filter(name => name.endsWith(extension))
    .sort()
    .map(name => join(folder, name));
}

function stampOfPrograms(programs: readonly NativeProgram[]): string {
  return stampOf(
    programs.flatMap(({ file, sources, headers, flags, compiler }) => [
      ...[basename(file), compiler.version, ...commonFlags, ...flags],
      ...[...sources, ...headers].flatMap(path => [basename(path), readFileSync(path)]),
    ]),
  );
}

function compile({ file, sources, flags, compiler }: NativeProgram, folder: string): Promise<void> {
  const args = [...commonFlags, ...flags, '-o', join(folder, basename(file)), ...sources];
  // The compiler of MSYS2 finds its own DLLs only through the PATH.
  const env = { ...process.env, PATH: `${dirname(compiler.command)}${delimiter}${process.env['PATH'] ?? ''}` };
  return run(compiler.command, args, { log: cache.log(`compile-${basename(file)}`), env });
}
