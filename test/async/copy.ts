import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll } from 'vitest';
import type * as Library from 'waitable';

export type Copy = typeof Library;

/**
 * Another copy of the library in this thread, as a bundle brings it, for all tests of a `describe`.
 *
 * @param changes - Texts of the copy, and what stands in their place: each has to be there.
 */
export function useCopy(changes: Readonly<Record<string, string>> = {}): () => Copy {
  // Beside the tests, so that `koffi` is found from there.
  const folder = mkdtempSync(fileURLToPath(new URL('bundle-', import.meta.url)));
  let copy: Copy | undefined;
  beforeAll(async () => {
    const file = join(folder, 'copy.mjs');
    await build({
      entryPoints: [fileURLToPath(new URL('../../src/index.js', import.meta.url))],
      outfile: file, format: 'esm', bundle: true, platform: 'node', target: 'node20', external: ['koffi'], logLevel: 'silent',
    });
    let text = readFileSync(file, 'utf8');
    for (const [original, change] of Object.entries(changes)) {
      if (!text.includes(original)) throw new Error(`the library does not have ${original}`);
      text = text.replaceAll(original, change);
    }
    writeFileSync(file, text);
    copy = await import(pathToFileURL(file).href) as Copy;
    copy.setWaitThread(new URL('../../workers/wait-thread.js', import.meta.url));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return () => {
    if (copy === undefined) throw new Error('the copy has not been made');
    return copy;
  };
}

/** A copy that shares nothing with others: what it knows of a thread, it keeps to itself. */
export const ALONE = { 'Symbol.for("waitable.thread@1")': 'Symbol("of this copy alone")' } as const;
