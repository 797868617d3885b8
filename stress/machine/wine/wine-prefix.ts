import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { architectures, type Architecture } from '../architecture.js';
import { firstLineOf, run, type CommandOptions } from '../command.js';
import { cache, sources } from '../paths.js';
import { announce } from '../setup-error.js';
import type { SetupStep } from '../setup-steps.js';
import { steadyAddresses } from './steady-addresses.js';
import { isCurrent, leftoversOf, makeFolder, stampOf } from '../stamped-folder.js';

/** To be changed when a prefix made by an earlier version of this file will not do. */
const recipe = 'prefix 1';

/** 64-bit system files lie in system32, 32-bit ones in syswow64. */
const systemFolders: Record<Architecture, string> = { x64: 'system32', ia32: 'syswow64' };

export function wineEnvironment(prefix: string = cache.prefix): Record<string, string> {
  return {
    WINEPREFIX: prefix,
    WINEARCH: 'win64',
    WINEDEBUG: '-all',
    // No .NET and no HTML engine, which Wine would ask about in a window, and no entries in the user's desktop menus.
    WINEDLLOVERRIDES: 'mscoree=;mshtml=;winemenubuilder.exe=d',
    // No display, so that nothing opens a window or waits for one.
    DISPLAY: '',
    WAYLAND_DISPLAY: '',
  };
}

function stamp(): string {
  return stampOf([recipe, firstLineOf('wine', ['--version']) ?? 'no Wine', readFileSync(sources.cryptoShim)]);
}

/** A prefix of the project's own, so that nothing depends on the user's or shows there. Needs the C programs. */
export const winePrefixStep: SetupStep = {
  isDone: () => isCurrent(cache.prefix, stamp()),
  async perform() {
    announce('making a Wine prefix, about half a minute');
    // A killed attempt, or a prefix that is about to be replaced, may still have processes.
    for (const prefix of [cache.prefix, ...leftoversOf(cache.prefix)]) await stopWineServer(prefix);
    await makeFolder(cache.prefix, stamp(), fill);
  },
};

async function fill(prefix: string): Promise<void> {
  const options = wineRun(prefix);
  await start(['wineboot', '--init'], options);
  // Node looks at the Windows version and refuses an old one.
  await start(['wine', 'reg', 'add', 'HKCU\\Software\\Wine', '/v', 'Version', '/t', 'REG_SZ', '/d', 'win10', '/f'], options);
  // The registry is written when the server ends, and nothing may run in a folder that is about to be renamed.
  await run('wineserver', ['--wait'], options);
  for (const architecture of architectures) addCryptoShim(join(prefix, 'drive_c', 'windows', systemFolders[architecture]), architecture);
}

function start(words: readonly string[], options: CommandOptions): Promise<void> {
  const [command = '', ...args] = [...steadyAddresses, ...words];
  return run(command, args, options);
}

function addCryptoShim(systemFolder: string, architecture: Architecture): void {
  const file = join(systemFolder, 'bcryptprimitives.dll');
  if (!existsSync(file)) copyFileSync(cache.cryptoShim(architecture), file);
}

/** Ends this prefix's Wine server, and with it all that runs in the prefix. */
export async function stopWineServer(prefix: string): Promise<void> {
  if (!existsSync(prefix)) return;
  // It fails when there is none to end.
  await run('wineserver', ['--kill'], wineRun(prefix)).catch(() => undefined);
}

function wineRun(prefix: string): CommandOptions {
  return { log: cache.log('wine'), env: { ...process.env, ...wineEnvironment(prefix) } };
}
