import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { PrebuiltManifest } from '../../peers/prebuilt.js';
import { helperFiles } from './helper-files.js';
import { cache } from '../paths.js';
import { SetupError } from '../setup-error.js';
import type { SetupStep } from '../setup-steps.js';
import { isCurrent, makeFolder, stampOf } from '../stamped-folder.js';

const GIVEN = 'WAITABLE_HELPERS';

/** A folder of C programs that were made elsewhere, as a package has them in `dist/helpers`; `undefined` if none is. */
export function givenHelpers(): string | undefined {
  return process.env[GIVEN] === '' ? undefined : process.env[GIVEN];
}

/** Takes the C programs for Windows from that folder, each checked against the hash that it was packed with. */
export function givenHelpersStep(folder: string, target = cache.binaries): SetupStep {
  const manifest = () => readGiven(folder, 'manifest.json');
  return {
    isDone: () => isCurrent(target, stampOf([manifest()])),
    async perform() {
      const known = JSON.parse(manifest().toString()) as PrebuiltManifest;
      await makeFolder(target, stampOf([manifest()]), unfinished => {
        for (const [name, file] of helperFiles('win32')) {
          const program = readGiven(folder, name);
          const hash = createHash('sha256').update(program).digest('hex');
          if (known[name] !== hash) {
            throw new SetupError(`${join(folder, name)} is not the program that its manifest tells of.`);
          }
          writeFileSync(join(unfinished, basename(file)), program);
        }
        return Promise.resolve();
      });
    },
  };
}

function readGiven(folder: string, name: string): Buffer {
  try {
    return readFileSync(join(folder, name));
  } catch (error) {
    const { message } = error as NodeJS.ErrnoException;
    throw new SetupError(`${GIVEN} names ${folder}, where ${name} cannot be read: ${message}`);
  }
}
