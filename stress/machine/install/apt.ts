import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatSources, parseListFile, parseSourcesFile, releaseOnly, type AptSource } from './apt-sources.js';
import { findCommand, run } from '../command.js';
import { cache } from '../paths.js';
import { announce, SetupError } from '../setup-error.js';

const installArguments = ['install', '-y', '--no-install-recommends'];

export function hasApt(): boolean {
  return findCommand('apt-get') !== undefined && findCommand('dpkg') !== undefined;
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** The same in words, for a person to type. */
export function installCommandLine(packages: readonly string[]): string {
  const steps = ['dpkg --add-architecture i386', 'apt-get update', ['apt-get', ...installArguments, ...packages].join(' ')];
  return `sudo sh -c '${steps.join(' && ')}'`;
}

/** Installs packages of this machine's architecture and, named `<package>:i386`, of the 32-bit one. Needs root. */
export async function aptInstall(packages: readonly string[]): Promise<void> {
  const log = cache.log('apt');
  await run('dpkg', ['--add-architecture', 'i386'], { log });
  try {
    // A source that cannot be read is no reason to stop: the packages may well be in the others.
    await aptGet(['update']).catch(() => undefined);
    await aptGet([...installArguments, ...packages]);
  } catch (error) {
    announce('apt refused that; once more with the release and its updates alone, without the security archive');
    await installFromReleaseOnly(packages, error);
  }
}

function aptGet(args: readonly string[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return run('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...args], { log: cache.log('apt'), env });
}

/**
 * The i386 index of the security archive is at times broken on mirrors, and then apt sees different versions of one library
 * for the two architectures and refuses. The release itself is whole, so apt is given lists of its own with that alone.
 */
async function installFromReleaseOnly(packages: readonly string[], reason: unknown): Promise<void> {
  const sources = releaseOnly(readSources(), readCodename());
  if (sources.length === 0) throw reason;
  const folder = mkdtempSync(join(tmpdir(), 'waitable-apt-'));
  try {
    // apt downloads as a user of its own, which must get in here.
    chmodSync(folder, 0o755);
    mkdirSync(join(folder, 'lists', 'partial'), { recursive: true });
    writeFileSync(join(folder, 'release.sources'), formatSources(sources));
    const options = [
      `Dir::State::lists=${join(folder, 'lists')}`,
      `Dir::Etc::sourcelist=${join(folder, 'release.sources')}`,
      'Dir::Etc::sourceparts=-',
    ].flatMap(option => ['-o', option]);
    await aptGet([...options, 'update']);
    await aptGet([...options, ...installArguments, ...packages]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readSources(): AptSource[] {
  const parts = '/etc/apt/sources.list.d';
  const files = ['/etc/apt/sources.list', ...listFolder(parts).map(name => join(parts, name))];
  return files.flatMap(file => {
    if (file.endsWith('.list')) return parseListFile(readIfThere(file));
    if (file.endsWith('.sources')) return parseSourcesFile(readIfThere(file));
    return [];
  });
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function readCodename(): string {
  const codename = /^VERSION_CODENAME="?([^"\n]+)"?$/m.exec(readIfThere('/etc/os-release'))?.[1];
  if (codename === undefined) throw new SetupError('/etc/os-release names no VERSION_CODENAME.');
  return codename;
}
