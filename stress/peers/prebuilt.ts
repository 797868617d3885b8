import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The C programs that a package brings with it: the helpers, and the DLLs by which they are called on Windows. */
export type PrebuiltProgram = 'helper32' | 'helper64' | 'client32' | 'client64';

/** The SHA-256 of each file, by its name. */
export type PrebuiltManifest = Readonly<Record<string, string>>;

/** In `dist` alone: `prepack` makes it. */
const FOLDER = new URL('../../helpers/', import.meta.url);

const found = new Map<PrebuiltProgram, string>();

/**
 * Where this package has a C program for this system: empty if it has none that runs here, `undefined` if this is no package but a checkout, where programs are made anew.
 *
 * @throws Error when the file is not the one that was packed.
 */
export function prebuiltProgram(program: PrebuiltProgram): string | undefined {
  const manifest = readManifest();
  if (manifest === undefined) return undefined;
  const known = found.get(program);
  if (known !== undefined) return known;
  const name = prebuiltName(process.platform, program);
  const hash = manifest[name];
  const file = hash === undefined || !['x64', 'ia32'].includes(process.arch) ? '' : checked(name, hash);
  const usable = file !== '' && (program.startsWith('client') || starts(file)) ? file : '';
  found.set(program, usable);
  return usable;
}

export function prebuiltName(platform: NodeJS.Platform, program: PrebuiltProgram): string {
  const extension = platform !== 'win32' ? '' : program.startsWith('client') ? '.dll' : '.exe';
  return `${platform}/${program}${extension}`;
}

function readManifest(): PrebuiltManifest | undefined {
  try {
    return JSON.parse(readFileSync(new URL('manifest.json', FOLDER), 'utf8')) as PrebuiltManifest;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function checked(name: string, hash: string): string {
  const url = new URL(name, FOLDER);
  if (createHash('sha256').update(readFileSync(url)).digest('hex') !== hash) throw new Error(`${fileURLToPath(url)} is not the program that this package was packed with: install it again`);
  return fileURLToPath(url);
}

/** Not every system of 64 bits runs programs of 32. */
function starts(helper: string): boolean {
  return spawnSync(helper, { input: 'exit\n', stdio: ['pipe', 'ignore', 'ignore'], windowsHide: true }).status === 0;
}
