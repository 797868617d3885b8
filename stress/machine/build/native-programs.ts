import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { recordHeader } from '../../linearizability/record.js';
import { boardHeader } from '../../peers/board.js';
import { specimenHeader } from '../../peers/specimen.js';
import { architectures, type Architecture } from '../architecture.js';
import { run } from '../command.js';
import { findCompilers, findInterfaceCompiler, findLinuxCompiler, linuxTargets, type Compiler } from './compilers.js';
import { cache, sources } from '../paths.js';
import { announce, SetupError } from '../setup-error.js';
import type { SetupStep } from '../setup-steps.js';
import { isCurrent, makeFolder, stampOf } from '../stamped-folder.js';

interface NativeProgram {
  readonly file: string;
  readonly sources: readonly string[];
  readonly headers: readonly string[];
  readonly flags: readonly string[];
  readonly compiler: Compiler;
  /** Of Windows, to be linked with. */
  readonly libraries?: readonly string[];
  /** The architecture of the stubs of RPC that its sources include. */
  readonly stubs?: Architecture;
}

/** Printed from the layouts of sections that the helpers share with others, for them to include. */
const printedHeaders: Readonly<Record<string, string>> = { 'board_layout.h': boardHeader, 'record_layout.h': recordHeader, 'specimen_layout.h': specimenHeader };

/** Static, so that a program needs no run-time DLL of the compiler's beside it. */
const commonFlags = ['-O2', '-Wall', '-Wextra', '-static', '-s'];

/** Clang warns of other things than GCC, which a reader of this project's sources has not been asked to avoid. */
function strictness({ version }: Compiler): readonly string[] {
  return /clang/i.test(version) ? [] : ['-Werror'];
}

/** What both sides of RPC and COM are made with. */
const callLibraries = ['rpcrt4', 'ole32', 'oleaut32', 'uuid'];

/** `-Os` is the whole of a call as C; of the other kind, `-Oif`, widl as of MinGW-w64 10 makes stubs that lose the reply. */
const widlFlags: Record<Architecture, readonly string[]> = { x64: ['--win64', '-Os'], ia32: ['--win32', '-Os'] };

/**
 * --kill-at: on i686 the linker exports a stdcall function under its decorated name (`ProcessPrng@8`), under which nobody
 * looks for it.
 */
const dllFlags: Record<Architecture, readonly string[]> = { x64: ['-shared'], ia32: ['-shared', '-Wl,--kill-at'] };

/** Without the C library, which is seldom there for 32-bit programs. */
const linuxFlags = ['-ffreestanding', '-nostdlib', '-fno-stack-protector', '-fno-tree-loop-distribute-patterns', '-fno-pic', '-no-pie'];

/** The helper, and the DLL by which it is called, are needed everywhere; the relay and the other DLLs only under Wine. */
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
        for (const [file, text] of Object.entries(printedHeaders)) writeFileSync(join(folder, file), text);
        for (const architecture of architectures.filter(each => programs.some(({ stubs }) => stubs === each))) await makeStubs(architecture, stubsIn(folder, architecture));
        await Promise.all(programs.map(program => compile(program, folder)));
      });
    },
  };
}

function programsFor(machine: 'wine' | 'windows'): NativeProgram[] {
  const compilers = findCompilers();
  const called = architectures.flatMap(architecture => {
    const shared = { compiler: compilers[architecture], libraries: callLibraries, stubs: architecture };
    return [
      { ...shared, ...helperFiles('common', 'win32'), file: cache.helper(architecture), flags: [] },
      { ...shared, ...clientFiles(), file: cache.client(architecture), flags: dllFlags[architecture] },
    ];
  });
  if (machine === 'windows') return called;
  const relay = { file: cache.relay, sources: [sources.relay], headers: [], flags: [], compiler: compilers.x64 };
  const shims = architectures.map(architecture => ({
    file: cache.cryptoShim(architecture),
    sources: [sources.cryptoShim],
    headers: [],
    flags: dllFlags[architecture],
    compiler: compilers[architecture],
  }));
  return [...called, relay, ...shims];
}

function linuxHelpers(): NativeProgram[] {
  const compiler = findLinuxCompiler();
  if (typeof compiler === 'string') throw new SetupError(compiler);
  return architectures.map(architecture => ({
    file: cache.linuxHelper(architecture),
    compiler,
    ...helperFiles('common', 'linux', 'linux/libc', `linux/${architecture}`),
    flags: [linuxTargets[architecture], ...linuxFlags, ...['libc', architecture].map(folder => `-I${join(sources.helper, 'linux', folder)}`)],
  }));
}

/** The helper's parts that make one program; which system it is for lies in the choice of folders alone. */
function helperFiles(...folders: string[]): { sources: string[]; headers: string[] } {
  const filesWith = (extension: string) => folders.flatMap(folder => filesIn(join(sources.helper, folder), extension));
  return { sources: filesWith('.c'), headers: filesWith('.h') };
}

/** The DLL for who calls helpers, which has two parts in common with them. */
function clientFiles(): { sources: string[]; headers: string[] } {
  const client = helperFiles('client');
  const win32 = helperFiles('win32');
  const shared = ['registration.c', 'rpc_memory.c'].map(name => join(sources.helper, 'win32', name));
  return { sources: [...client.sources, ...shared], headers: [...client.headers, ...win32.headers] };
}

function filesIn(folder: string, extension: string): string[] {
  return readdirSync(folder)
    .filter(name => name.endsWith(extension))
    .sort()
    .map(name => join(folder, name));
}

function stampOfPrograms(programs: readonly NativeProgram[]): string {
  const stubs = programs.some(program => program.stubs !== undefined)
    ? [readFileSync(sources.commands), findInterfaceCompiler().version, ...Object.values(widlFlags).flat()]
    : [];
  return stampOf([
    ...Object.values(printedHeaders),
    ...stubs,
    ...programs.flatMap(({ file, sources, headers, flags, compiler, libraries = [] }) => [
      ...[basename(file), compiler.version, ...commonFlags, ...flags, ...libraries],
      ...[...sources, ...headers].flatMap(path => [basename(path), readFileSync(path)]),
    ]),
  ]);
}

/** The header of the RPC interface, and what of a call is for either side. */
async function makeStubs(architecture: Architecture, folder: string): Promise<void> {
  mkdirSync(folder);
  const compiler = findInterfaceCompiler();
  for (const [part, file] of [['-h', 'commands.h'], ['-c', 'commands_c.c'], ['-s', 'commands_s.c']] as const) {
    await runCompiler(compiler, [...widlFlags[architecture], part, '-o', join(folder, file), sources.commands], `stubs-${architecture}`);
  }
}

function stubsIn(folder: string, architecture: Architecture): string {
  return join(folder, `stubs-${architecture}`);
}

function compile({ file, sources, flags, compiler, libraries = [], stubs }: NativeProgram, folder: string): Promise<void> {
  // As a system's header, a stub is not asked to compile without warnings.
  const include = [`-I${folder}`, ...(stubs === undefined ? [] : ['-isystem', stubsIn(folder, stubs)])];
  const args = [...commonFlags, ...strictness(compiler), ...flags, ...include, '-o', join(folder, basename(file)), ...sources, ...libraries.map(name => `-l${name}`)];
  return runCompiler(compiler, args, `compile-${basename(file)}`);
}

function runCompiler(compiler: Compiler, args: readonly string[], log: string): Promise<void> {
  // The compiler of MSYS2 finds its own DLLs only through the PATH.
  const env = { ...process.env, PATH: `${dirname(compiler.command)}${delimiter}${process.env['PATH'] ?? ''}` };
  return run(compiler.command, args, { log: cache.log(log), env });
}
