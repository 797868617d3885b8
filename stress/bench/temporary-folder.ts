import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Of files in memory: one that is mapped there is never written to a disk. */
export const MEMORY = '/dev/shm';

/** A folder that goes with this process. */
export function temporaryFolder(within = tmpdir()): string {
  const folder = mkdtempSync(join(within, 'waitable-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
