import { bitnesses, type Bitness } from './bitness.js';
import { findCommand, firstLineOf } from './command.js';
import { SetupError } from './setup-error.js';

export interface Compiler {
  readonly command: string;
  readonly version: string;
}

const targets: Record<Bitness, string> = { x64: 'x86_64', ia32: 'i686' };
const msys2Folders: Record<Bitness, string> = { x64: 'C:\\msys64\\mingw64\\bin', ia32: 'C:\\msys64\\mingw32\\bin' };

export function compilerName(bitness: Bitness): string {
  return `${targets[bitness]}-w64-mingw32-gcc`;
}

/** The MinGW-w64 compilers: on the PATH or, on Windows, where MSYS2 puts them. */
export function findCompilers(): Record<Bitness, Compiler> {
  const found = bitnesses.map(bitness => [bitness, findCompiler(bitness)] as const);
  const lacking = found.filter(([, compiler]) => compiler === undefined).map(([bitness]) => compilerName(bitness));
  if (lacking.length > 0) throw new SetupError(howToGet(lacking));
  return Object.fromEntries(found) as Record<Bitness, Compiler>;
}

function findCompiler(bitness: Bitness): Compiler | undefined {
  const command = findCommand(compilerName(bitness), process.platform === 'win32' ? [msys2Folders[bitness]] : []);
  if (command === undefined) return undefined;
  const version = firstLineOf(command, ['--version']);
  return version === undefined ? undefined : { command, version };
}

function howToGet(lacking: readonly string[]): string {
  const complaint = `No working ${lacking.join(' and ')} was found`;
  if (process.platform !== 'win32') return `${complaint}.`;
  return [
    `${complaint}, neither on the PATH nor in C:\\msys64. Type:`,
    'winget install MSYS2.MSYS2',
    'C:\\msys64\\usr\\bin\\pacman -S --noconfirm mingw-w64-i686-gcc mingw-w64-x86_64-gcc',
  ].join('\n');
}
