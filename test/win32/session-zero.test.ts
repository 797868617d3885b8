import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Event } from 'waitable';
import { uniqueName } from '../support/names.js';
import { PATIENCE } from '../support/patience.js';
import { underWine } from '../support/rows.js';

/** Only an elevated process may have the system run a task. Hosted runners are elevated. */
const mayRunTasks = !underWine && schtasks('/query') && spawnSync('fltmc.exe', { stdio: 'ignore' }).status === 0;

function schtasks(...args: string[]): boolean {
  return spawnSync('schtasks.exe', args, { stdio: 'ignore' }).status === 0;
}

test.runIf(mayRunTasks)('in the session of services, names with and without Global\\ are one object, which one flow owns at a time', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'waitable-session-'));
  const [file, task] = [join(folder, 'found.json'), `waitable-test-${process.pid}`];
  using done = Event.create(`Global\\${uniqueName()}`, { security: 'everyone' });
  const program = fileURLToPath(new URL('fixtures/session-zero.js', import.meta.url));
  // In a batch file, since schtasks takes no more than 261 characters.
  const batch = join(folder, 'task.cmd');
  writeFileSync(batch, [process.execPath, program, file, done.name ?? '', uniqueName()].map(word => `"${word}"`).join(' '));
  try {
    expect(schtasks('/create', '/f', '/tn', task, '/ru', 'SYSTEM', '/sc', 'once', '/st', '00:00', '/tr', batch)).toBe(true);
    expect(schtasks('/run', '/tn', task)).toBe(true);
    expect((await done.wait({ timeout: PATIENCE })).status).toBe('signaled');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ one: true, excluded: true, refused: 'TypeError' });
  } finally {
    schtasks('/delete', '/f', '/tn', task);
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  }
});
