import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { EXIT } from '../../../stress/util/exit-codes.js';
import { readDocument } from '../../../stress/report/read-document.js';

const COMMAND = ['dist/stress/checkout/bench.js', '--kernel', 'linux', '--quick', '--only', 'names'];

describe('the benchmark’s command', () => {
  const folder = mkdtempSync(join(tmpdir(), 'waitable-bench-cli-'));
  const run = (...args: string[]) => spawnSync(process.execPath, [...COMMAND, ...args], { encoding: 'utf8', timeout: 60_000 });

  afterAll(() => rmSync(folder, { recursive: true }));

  test('prints the tables of what it adds to a report', () => {
    const file = join(folder, 'report.json');
    const { stdout, status } = run('--no-pin', '--into', file);
    expect(status).toBe(EXIT.passed);
    const [figures] = readDocument(file).benchmarks ?? [];
    expect(figures).toMatchObject({ kernel: 'linux', exitCode: 0, arch: process.arch, node: process.version, rounds: 3, pinned: false });
    expect(figures?.names?.length).toBeGreaterThan(0);
    for (const { name } of figures?.names ?? []) expect(stdout).toContain(name);
    expect(stdout).toContain(`the figures are in ${file} too`);
  });

  test('prints one document instead, with --json', () => {
    const { runs: [figures], notRun } = JSON.parse(run('--json').stdout) as { runs: object[]; notRun: string[] };
    expect(figures).toMatchObject({ kernel: 'linux', pinned: true, names: [{ subject: 'among 10,000' }, { subject: 'among 10,000' }] });
    expect(notRun).toHaveLength(1);
  });

  test('refuses a file that is no report before it measures anything', () => {
    const file = join(folder, 'other.json');
    writeFileSync(file, '[]');
    const { stdout, stderr, status } = run('--into', file);
    expect([stdout, status]).toEqual(['', EXIT.couldNotRun]);
    expect(stderr).toContain(`error: ${file}: this is no report of a stress run`);
    expect(readFileSync(file, 'utf8')).toBe('[]');
  });
});
