import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** A hash of all that a folder is made from: files and plain text alike, given as their contents. */
export function stampOf(ingredients: readonly (string | Buffer)[]): string {
  const hash = createHash('sha256');
  for (const ingredient of ingredients) {
    hash.update(`${ingredient.length}:`).update(ingredient);
  }
  return hash.digest('hex');
}

const stampFile = 'waitable-stamp';

export function isCurrent(folder: string, stamp: string): boolean {
  try {
    return readFileSync(join(folder, stampFile), 'utf8') === stamp;
  } catch {
    return false;
  }
}

/** What killed attempts to make this folder have left beside it. */
export function leftoversOf(folder: string): string[] {
  const parent = dirname(folder);
  if (!existsSync(parent)) return [];
  return readdirSync(parent)
    .filter(name => name.startsWith(`${basename(folder)}.unfinished-`))
    .map(name => join(parent, name));
}

/**
 * Makes a folder whole or not at all: under another name first, and renamed when it is complete. The other name is this
 * process's own, for the children of a killed attempt may still be writing to theirs.
 */
export async function makeFolder(folder: string, stamp: string, fill: (folder: string) => Promise<void>): Promise<void> {
  leftoversOf(folder).forEach(remove);
  const unfinished = `${folder}.unfinished-${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  await fill(unfinished);
  writeFileSync(join(unfinished, stampFile), stamp);
  remove(folder);
  await rename(unfinished, folder);
}

const PATIENCE = 10_000;
const PAUSE = 100;

/** On Windows whoever looks into a new file, such as a virus scanner, keeps its folder from being renamed meanwhile. */
async function rename(from: string, to: string): Promise<void> {
  for (let waited = 0; ; waited += PAUSE) {
    try {
      renameSync(from, to);
      return;
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (!['EPERM', 'EACCES', 'EBUSY'].includes(code) || waited >= PATIENCE) throw error;
      await setTimeout(PAUSE);
    }
  }
}

function remove(folder: string): void {
  // Windows keeps a folder busy for a moment after the last program in it has ended; an orphan may write while we remove.
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
