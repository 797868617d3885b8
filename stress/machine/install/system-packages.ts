import { existsSync } from 'node:fs';
import { aptInstall, hasApt, installCommandLine, isRoot } from './apt.js';
import { architectures } from '../architecture.js';
import { findCommand } from '../command.js';
import { compilerName, findWidl } from '../build/compilers.js';
import { cache } from '../paths.js';
import { announce, SetupError } from '../setup-error.js';
import type { SetupStep } from '../setup-steps.js';

const packages = ['wine', 'wine64', 'wine32:i386', 'gcc-mingw-w64-i686', 'gcc-mingw-w64-x86-64', 'mingw-w64-tools'];

/** Where the 32-bit side of Wine keeps its core, by distribution. The `wine` command alone does not tell that it is there. */
const wine32Cores = [
  '/usr/lib/i386-linux-gnu/wine/i386-unix/ntdll.so', // Debian, Ubuntu
  '/opt/wine-stable/lib/wine/i386-unix/ntdll.so', // WineHQ's own packages
  '/opt/wine-devel/lib/wine/i386-unix/ntdll.so',
  '/opt/wine-staging/lib/wine/i386-unix/ntdll.so',
  '/usr/lib/wine/i386-unix/ntdll.so', // Fedora, openSUSE
  '/usr/lib32/wine/i386-unix/ntdll.so', // Arch
];

function missing(): string[] {
  const commands = ['wine', 'wineboot', 'wineserver', ...architectures.map(compilerName)];
  return [
    ...commands.filter(command => findCommand(command) === undefined).map(command => `the command ${command}`),
    ...(findWidl() === undefined ? ['the command widl'] : []),
    ...(wine32Cores.some(core => existsSync(core)) ? [] : ["Wine's 32-bit side"]),
  ];
}

/** Why Windows programs cannot be run on this Linux, and what to type for it, in one line; `undefined` when they can, or can be made to. */
export function whyNoWine(): string | undefined {
  const lacks = missing();
  if (lacks.length === 0 || (isRoot() && hasApt())) return undefined;
  const remedy = hasApt() ? `to have it run, type: ${installCommandLine(packages)}` : `to have it run, ${byHand}`;
  return `this machine lacks ${lacks.join(', ')}; ${remedy}`;
}

const byHand = "install Wine with 32-bit support the MinGW-w64 compilers for i686 and x86_64, and widl of the MinGW-w64 tools with this system's package manager";

/** Wine with its 64-bit and its 32-bit side, the two cross compilers, and the compiler of RPC interfaces: installed where that is possible. */
export const systemPackagesStep: SetupStep = {
  isDone: () => missing().length === 0,
  perform: install,
};

async function install(): Promise<void> {
  const complaint = `This machine lacks ${missing().join(', ')}.`;
  if (!hasApt()) throw new SetupError(`${complaint} To run Windows programs, ${byHand}.`);
  if (!isRoot()) throw new SetupError(`${complaint} Type:\n${installCommandLine(packages)}`);
  announce(`installing Wine and the MinGW-w64 compilers, about a minute or two (log: ${cache.log('apt')})`);
  await aptInstall(packages);
  const after = missing();
  if (after.length > 0) {
    throw new SetupError(`apt has installed ${packages.join(' ')}, and still this machine lacks ${after.join(', ')}.`);
  }
}
