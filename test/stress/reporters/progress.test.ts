import { afterEach, describe, expect, test, vi } from 'vitest';
import { parseOptions } from '../../../stress/cli/options.js';
import { runConfigOf } from '../../../stress/runner/run-config.js';
import { progressOf } from '../../../stress/reporters/progress.js';
import type { ScenarioReport } from '../../../stress/report/scenario-report.js';

afterEach(() => {
  vi.restoreAllMocks();
});

describe('how a run goes on, where stderr is no terminal', () => {
  test('is told in whole lines, with the time that is left for all kernels', async () => {
    const lines: string[] = [];
    vi.spyOn(process.stderr, 'write').mockImplementation(text => lines.push(String(text)) > 0);
    const position = (index: number) => ({ index, count: 2 });
    const progress = progressOf(runConfigOf(await parseOptions(['--scenario', 'mutex', 'semaphore', '--seconds', '100']), 2), 2);

    progress.begin('linux');
    progress.take({ type: 'start', scenario: 'mutex', position: position(0) });
    progress.take({ type: 'progress', scenario: 'mutex', position: position(0), elapsed: 29.5, seconds: 100, operations: 999 });
    progress.take({ type: 'progress', scenario: 'mutex', position: position(0), elapsed: 30.25, seconds: 100, operations: 1000 });
    progress.take({ type: 'end', report: { scenario: 'mutex', verdict: 'held', operations: 4000 } as ScenarioReport, position: position(0) });
    progress.end();
    progress.begin('win32');
    progress.take({ type: 'start', scenario: 'mutex', position: position(0) });
    progress.end();

    expect(lines).toEqual([
      'linux mutex: begun, 1 of 2; 06:40 left\n',
      'linux mutex: 30 s of 100 s, 1,000 operations; 06:10 left\n',
      'linux mutex: held, 4,000 operations; 05:00 left\n',
      'win32 mutex: begun, 1 of 2; 03:20 left\n',
    ]);
  });
});

describe('the duration of a whole run', () => {
  test('is shared equally between kernels and scenarios', async () => {
    const options = await parseOptions(['--scenario', 'mutex', 'semaphore', '--duration', '2m']);
    expect(runConfigOf(options, 2).seconds).toBe(30);
    expect(runConfigOf(options, 1).seconds).toBe(60);
  });
});
