import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { recordHeader } from '../history/record.js';
import { boardHeader } from '../peers/board.js';
import { bitnesses, type Bitness } from './bitness.js';
import { run } from './command.js';
import { findCompilers, findLinuxCompiler, linuxTargets, type Compiler } from './compilers.js';
import { cache, sources } from './paths.js';
import { announce, SetupError } from './setup-error.js';
import type { SetupStep } from './setup-steps.js';
import { isCurrent, makeFolder, stampOf } from './stamped-folder.js';

interface NativeProgram {
  readonly file: string;
  readonly sources: readonly string[];
  readonly headers: readonly string[];
  readonly flags: readonly string[];
  readonly compiler: Compiler;
}

/** What `helper/common/board.h` and `record.h` include: printed from the layouts of sections that the helpers share with others. */
const PRINTED_HEADERS = { 'board_layout.h': boardHeader, 'record_layout.h': recordHeader };

/** Static, so that a program needs no run-time DLL of the compiler's beside it. */
const commonFlags = ['-O2', '-Wall', '-Wextra', '-Werror', '-static', '-s'];

/**
 * --kill-at: on i686 the linker exports a stdcall function under its decorated name (`ProcessPrng@8`), under which nobody
 * looks for it.
 */
const cryptoShimFlags: Record<Bitness, readonly string[]> = { x64: ['-shared'], ia32: ['-shared', '-Wl,--kill-at'] };

/** Without the C library, which is seldom there for 32-bit programs. */
const linuxFlags = ['-ffreestanding', '-nostdlib', '-fno-stack-protector', '-fno-tree-loop-distribute-patterns', '-fno-pic', '-no-pie'];

/** The helper is needed everywhere; the relay and the DLLs only under Wine. */
export function nativeProgramsStep(machine: 'wine' | 'windows'): SetupStep {
  return compilingStep(cache.binaries, 'the C programs', () => programsFor(machine));
}

/** The helpers as Linux programs. Where `lackOfLinuxCompiler` gives a reason, the step fails with it. */
export function linuxProgramsStep(): SetupStep {
  return compilingStep(cache.linuxBinaries, 'the C programs for Linux', linuxHelpers);
}

/** Why there can be no helpers for Linux here, in words for people; `undefined` when there can. */
export function lackOfLinuxCompiler(): string | undefined {
  const found = findLinuxCompiler();
  return typeof found === 'string' ? found : undefined;
}

function compilingStep(binaries: string, what: string, findPrograms: () => NativeProgram[]): SetupStep {
  return {
    isDone: () => isCurrent(binaries, stampOfPrograms(findPrograms())),
    async perform() {
      announce(`compiling ${what}, some seconds`);
      const programs = findPrograms();
      await makeFolder(binaries, stampOfPrograms(programs), async folder => {
        for (const [file, header] of Object.entries(PRINTED_HEADERS)) writeFileSync(join(folder, file), header);
        await Promise.all(programs.map(program => compile(program, folder)));
      });
    },
  };
}

function programsFor(machine: 'wine' | 'windows'): NativeProgram[] {
  const compilers = findCompilers();
  const helper = { ...helperFiles('common', 'win32'), flags: [] };
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

function linuxHelpers(): NativeProgram[] {
  const compiler = findLinuxCompiler();
  if (typeof compiler === 'string') throw new SetupError(compiler);
  return bitnesses.map(bitness => ({
    file: cache.linuxHelper(bitness),
    compiler,
    ...helperFiles('common', 'linux', 'linux/libc', `linux/${bitness}`),
    flags: [linuxTargets[bitness], ...linuxFlags, ...['libc', bitness].map(folder => `-I${join(sources.helper, 'linux', folder)}`)],
  }));
}

/** The helper's parts that make one program; which system it is for lies in the choice of folders alone. */
function helperFiles(...folders: string[]): { sources: string[]; headers: string[] } {
  const filesWith = (extension: string) => folders.flatMap(folder => filesIn(join(sources.helper, folder), extension));
  return { sources: filesWith('.c'), headers: filesWith('.h') };
}

function filesIn(folder: string, extension: string): string[] {
  return readdirSync(folder)
    .filter(name => name.endsWith(extension))
    .sort()
    .map(name => join(folder, name));
}

function stampOfPrograms(programs: readonly NativeProgram[]): string {
  return stampOf([
    ...Object.values(PRINTED_HEADERS),
    ...programs.flatMap(({ file, sources, headers, flags, compiler }) => [
      ...[basename(file), compiler.version, ...commonFlags, ...flags],
      ...[...sources, ...headers].flatMap(path => [basename(path), readFileSync(path)]),
    ]),
  ]);
}

function compile({ file, sources, flags, compiler }: NativeProgram, folder: string): Promise<void> {
  const args = [...commonFlags, ...flags, `-I${folder}`, '-o', join(folder, basename(file)), ...sources];
  // The compiler of MSYS2 finds its own DLLs only through the PATH.
  const env = { ...process.env, PATH: `${dirname(compiler.command)}${delimiter}${process.env['PATH'] ?? ''}` };
  return run(compiler.command, args, { log: cache.log(`compile-${basename(file)}`), env });
}
