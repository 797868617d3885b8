import { cpSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { run } from '../command.js';
import { cache } from '../paths.js';
import { stampOf } from '../stamped-folder.js';

const lockFile = 'package-lock.json';

/** A kind of machine, in npm's words. */
export interface Target {
  readonly os: string;
  readonly cpu: string;
}

export function stampOfLock(folder: string): string {
  return stampOf([readFileSync(join(folder, lockFile))]);
}

/** Installs what the lock file in one folder names into another one, as on a machine of that kind. */
export async function npmCi(from: string, folder: string, { os, cpu }: Target): Promise<void> {
  for (const name of ['package.json', lockFile]) cpSync(join(from, name), join(folder, name));
  // --force: npm refuses a package for another system. Install scripts would be run by this system's Node for the other one.
  // --prefix: npm within `npm run` would work in the project itself.
  const args = ['ci', '--force', '--ignore-scripts', `--os=${os}`, `--cpu=${cpu}`, '--no-audit', '--no-fund', '--prefix', '.'];
  const log = cache.log('npm');
  const npm = npmCommand();
  await run(npm.command, [...npm.args, ...args], { log, cwd: folder, shell: npm.shell });
}

/** The npm that this process was started by, if it was. */
export function npmCommand(): { readonly command: string; readonly args: readonly string[]; readonly shell: boolean } {
  const npm = process.env['npm_execpath'];
  if (npm !== undefined && /^npm-cli\.[cm]?js$/.test(basename(npm))) return { command: process.execPath, args: [npm], shell: false };
  return process.platform === 'win32' ? { command: 'npm.cmd', args: [], shell: true } : { command: 'npm', args: [], shell: false };
}
