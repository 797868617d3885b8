import type { KernelName } from './machine.js';

/** The kernels that this system could run, the one that it has by itself first. */
export function kernelsHere(): readonly KernelName[] {
  return process.platform === 'linux' ? ['linux', 'win32'] : ['win32'];
}

export const kernelTitles: Record<KernelName, string> = {
  linux: 'the Linux kernel, natively',
  win32: process.platform === 'linux' ? 'Win32, under Wine' : 'Win32',
};

/** Everything there is has to run, as in a continuous integration: what cannot be set up is a failure. */
export function everythingRequired(): boolean {
  return isSet('CI') || isSet('WAITABLE_REQUIRE_WINE');
}

function isSet(variable: string): boolean {
  return !['', '0', 'false'].includes(process.env[variable] ?? '');
}
