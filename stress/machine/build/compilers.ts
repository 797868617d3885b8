import { isAbsolute } from 'node:path';
import { architectures, type Architecture } from '../architecture.js';
import { findCommand, firstLineOf } from '../command.js';
import { SetupError } from '../setup-error.js';

export interface Compiler {
  readonly command: string;
  readonly version: string;
}

const targets: Record<Architecture, string> = { x64: 'x86_64', ia32: 'i686' };
/** Where MSYS2 puts them, by its environments, of which it keeps fewer and fewer. */
const msys2Folders: Record<Architecture, readonly string[]> = {
  x64: ['ucrt64', 'clang64', 'mingw64'].map(environment => `C:\\msys64\\${environment}\\bin`),
  ia32: ['mingw32', 'clang32'].map(environment => `C:\\msys64\\${environment}\\bin`),
};

/** What compiles interfaces of RPC, by its names. Whichever it is makes stubs for both architectures. */
const widlNames = [...Object.values(targets).map(target => `${target}-w64-mingw32-widl`), 'widl'];

export function compilerName(architecture: Architecture): string {
  return `${targets[architecture]}-w64-mingw32-gcc`;
}

/** What makes GCC and Clang compile for Linux on a processor of that architecture. */
export const linuxTargets: Record<Architecture, string> = { x64: '-m64', ia32: '-m32' };

/** A C compiler for Linux of both architectures, or why there is none. The 32-bit C library is not needed. */
export function findLinuxCompiler(): Compiler | string {
  const names = process.env['CC'] === undefined ? ['gcc', 'cc'] : [process.env['CC']];
  const command = names.map(name => isAbsolute(name) ? name : findCommand(name)).find(found => found !== undefined);
  const version = command === undefined ? undefined : firstLineOf(command, ['--version']);
  if (command === undefined || version === undefined) {
    return `No working C compiler (${names.join(' or ')}) was found on the PATH. Type:\nsudo apt-get install -y --no-install-recommends gcc`;
  }
  for (const target of Object.values(linuxTargets)) {
    if (firstLineOf(command, [target, '-fsyntax-only', '-x', 'c', '/dev/null']) === undefined) return `${command} (${version}) does not take ${target}: it is not a compiler for x86.`;
  }
  return { command, version };
}

/** The MinGW-w64 compilers, or LLVM's in their place under the same names: on the PATH or, on Windows, where MSYS2 puts them. */
export function findCompilers(): Record<Architecture, Compiler> {
  const found = architectures.map(architecture => [architecture, findCompiler(architecture)] as const);
  const lacking = found.filter(([, compiler]) => compiler === undefined).map(([architecture]) => compilerName(architecture));
  if (lacking.length > 0) throw new SetupError(howToGet(lacking));
  return Object.fromEntries(found) as Record<Architecture, Compiler>;
}

/** The compiler of interfaces, which `findCompilers` does not look for. */
export function findInterfaceCompiler(): Compiler {
  const found = findWidl();
  if (found === undefined) throw new SetupError(howToGet(['widl']));
  return found;
}

export function findWidl(): Compiler | undefined {
  return firstWorking(widlNames, Object.values(msys2Folders).flat(), '-V');
}

function findCompiler(architecture: Architecture): Compiler | undefined {
  return firstWorking([compilerName(architecture)], msys2Folders[architecture], '--version');
}

function firstWorking(names: readonly string[], windowsFolders: readonly string[], versionOption: string): Compiler | undefined {
  const command = names.map(name => findCommand(name, process.platform === 'win32' ? windowsFolders : [])).find(found => found !== undefined);
  const version = command === undefined ? undefined : firstLineOf(command, [versionOption]);
  return command === undefined || version === undefined ? undefined : { command, version };
}

function howToGet(lacking: readonly string[]): string {
  const complaint = `No working ${lacking.join(' and ')} was found`;
  if (process.platform !== 'win32') return `${complaint}.`;
  return [
    `${complaint}, neither on the PATH nor in C:\\msys64. Set WAITABLE_HELPERS to the folder dist\\helpers of a package`,
    '(npm pack waitable), which has the programs built; or type, and open another terminal then:',
    'winget install MartinStorsjo.LLVM-MinGW.UCRT',
  ].join('\n');
}
