import { cpSync, existsSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Architecture } from './architecture.js';
import { npmCi, stampOfLock } from './install/npm-ci.js';
import { cache, projectRoot } from './paths.js';
import { announce } from './setup-error.js';
import type { SetupStep } from './setup-steps.js';
import { isCurrent, makeFolder, stampOf } from './stamped-folder.js';

type Platform = 'linux' | 'win32';

/** What a program is to see of the project, beside the dependencies in its own staging root. */
const shared = ['package.json', 'dist', 'vitest.config.js', 'README.md', 'CHANGELOG.md', 'LICENSE', 'src', 'stress', 'test'];

/**
 * Makes a folder that another Node takes for the project: the same files, but the dependencies for that Node. Node looks for a
 * file's imports from where it finds the file, and so finds these.
 */
export function stagingRootStep(platform: Platform, architecture: Architecture): SetupStep {
  return {
    isDone: () => isCurrent(cache.stagingRoot(platform, architecture), stampOfStagingRoot()),
    async perform() {
      announce(`installing the dependencies for ${platform} ${architecture}, some seconds`);
      await makeFolder(cache.stagingRoot(platform, architecture), stampOfStagingRoot(), async folder => {
        await npmCi(projectRoot, folder, { os: platform, cpu: architecture });
        if (platform !== process.platform) shared.forEach(name => link(name, folder));
      });
    },
  };
}

/** Under Wine a symbolic link looks like a real folder, so that Node does not leave the staging root through it. */
function link(name: string, folder: string): void {
  rmSync(join(folder, name), { force: true });
  symlinkSync(join(projectRoot, name), join(folder, name));
}

/** A Node of this platform follows every kind of link back into the project, so for it the files are copied, each time anew. */
export function refreshStagingRoot(platform: Platform, architecture: Architecture): void {
  for (const name of shared) {
    const copy = join(cache.stagingRoot(platform, architecture), name);
    rmSync(copy, { recursive: true, force: true, maxRetries: 10 });
    if (existsSync(join(projectRoot, name))) cpSync(join(projectRoot, name), copy, { recursive: true });
  }
}

function stampOfStagingRoot(): string {
  return stampOf([stampOfLock(projectRoot), ...shared]);
}
