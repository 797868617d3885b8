import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ScenarioContext } from '../runner/scenario-context.js';
import type { Random } from '../util/random.js';
import { atOnce, type Fault } from '../runner/fault.js';

const PROGRAM = fileURLToPath(new URL('full-main.js', import.meta.url));

export const full: Fault = {
  name: 'full',
  summary: 'a process fills a table of objects of its own until it is refused: a clear error, and what it has open goes on',
  usualRate: 0.1,
  whyNotHere: () => process.platform === 'linux' ? undefined : 'only Linux has objects in shared memory',
  arm: atOnce(fill),
};

/** In a folder of its own: nobody else's objects may be refused. */
async function fill(context: ScenarioContext, _: Random, over: AbortSignal): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'waitable-stress-'));
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM], { env: { ...process.env, WAITABLE_DIR: folder }, signal: over });
    context.recordFault('full');
    context.check('a full table refuses one object more, and the others go on', stdout.trim() === 'as it should', stdout.trim());
  } catch (error) {
    if (!over.aborted) throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
