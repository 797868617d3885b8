import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import type { StressDocument } from '../../../stress/report/stress-document.js';

const SLOW = 120_000;

const stress = fileURLToPath(new URL('../../../stress/cli/waitable-stress.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'waitable-command-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [stress, '--scenario', 'mutex', '--seconds', '1', ...args], { cwd: folder, encoding: 'utf8' });
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

describe('the stress command', () => {
  test('writes its report as JSON and as a page that has the same in it, and tells what has changed since older ones', () => {
    run('--json', 'first.json');
    const told = run('--json', 'second.json', '--html', 'second.html', '--compare', 'first.json', 'first.json');
    const document = JSON.parse(readFileSync(join(folder, 'second.json'), 'utf8')) as StressDocument;
    const page = readFileSync(join(folder, 'second.html'), 'utf8');
    const [, embedded = ''] = /<script type="application\/json" id="report">(.*?)<\/script>/s.exec(page) ?? [];
    expect(JSON.parse(embedded)).toEqual(document);
    expect(page).toContain('<svg');
    expect(told).toMatch(/of \d+ figures/);
  }, SLOW);
});
