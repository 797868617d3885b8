import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Architecture } from './architecture.js';

/** Searched for, since this file runs both from `stress/machine/` and, compiled, from `dist/stress/machine/`. */
function findProjectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('No package.json above the folder of stress/machine.');
    folder = parent;
  }
  return folder;
}

export const projectRoot = findProjectRoot();

/** The C sources, and the pinned Windows Nodes and other runtimes. The compiler copies none of them into `dist`. */
const machineSources = join(projectRoot, 'stress', 'machine');

export const sources = {
  helper: join(projectRoot, 'stress', 'helper'),
  commands: join(projectRoot, 'stress', 'helper', 'win32', 'commands.idl'),
  relay: join(machineSources, 'wine', 'relay.c'),
  cryptoShim: join(machineSources, 'wine', 'bcryptprimitives.c'),
  windowsNode: join(machineSources, 'windows', 'windows-node'),
  runtimes: join(machineSources, 'install', 'runtimes'),
};

export const cacheRoot = join(projectRoot, 'node_modules', '.cache', 'waitable');

const bits: Record<Architecture, string> = { x64: '64', ia32: '32' };

/** All that is made for this machine lies in the cache folder, which may be deleted at any time. */
export const cache = {
  binaries: join(cacheRoot, 'bin'),
  linuxBinaries: join(cacheRoot, 'linux-bin'),
  prefix: join(cacheRoot, 'wine-prefix'),
  helper: (architecture: Architecture) => join(cacheRoot, 'bin', `helper${bits[architecture]}.exe`),
  /** What helpers are called with over RPC and COM, by a Node of that architecture. */
  client: (architecture: Architecture) => join(cacheRoot, 'bin', `client${bits[architecture]}.dll`),
  linuxHelper: (architecture: Architecture) => join(cacheRoot, 'linux-bin', `helper${bits[architecture]}`),
  relay: join(cacheRoot, 'bin', 'relay.exe'),
  cryptoShim: (architecture: Architecture) => join(cacheRoot, 'bin', `bcryptprimitives${bits[architecture]}.dll`),
  node: (architecture: Architecture) => join(cacheRoot, `node-${architecture}`),
  runtimes: join(cacheRoot, 'runtimes'),
  stagingRoot: (platform: 'linux' | 'win32', architecture: Architecture) => join(cacheRoot, `${platform === 'win32' ? 'windows' : platform}-${architecture}`),
  log: (name: string) => join(cacheRoot, `${name}.log`),
};

/** How a program under Wine sees a Linux path. */
export function wineView(path: string): string {
  return `Z:${path.replaceAll('/', '\\')}`;
}
