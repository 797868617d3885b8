import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { addToReport, reportIn } from '../../../stress/bench/add-to-report.js';
import { measurePingPong } from '../../../stress/bench/ping-pong.js';
import { parseBenchOptions } from '../../../stress/bench/options.js';
import { benchmarks } from '../../../stress/bench/parts.js';
import { scaleOf } from '../../../stress/bench/scale.js';
import { toTables } from '../../../stress/reporters/text/benchmarks.js';
import { measureWakeUps } from '../../../stress/bench/wake-up-any.js';
import { CommanderError } from '../../../stress/util/libraries/commander.js';
import { HOT_PARTS, isContention, keepsBudget, type BenchmarkRun, type ContentionFigures, type Figures } from '../../../stress/report/benchmark-run.js';
import { NoReportError } from '../../../stress/report/read-document.js';

afterEach(() => {
  vi.restoreAllMocks();
});

const kernel = process.platform === 'win32' ? 'win32' : 'linux';
const { parts, iterations } = benchmarks[kernel];
const quick = scaleOf(parseBenchOptions(['--quick']), iterations);

/** Each number says something, and low is not above high. */
function expectFigures(figures: Figures | ContentionFigures): void {
  const { subject, nanoseconds, ratios, added } = figures;
  const runners = Object.keys(nanoseconds);
  expect(runners).toContain(subject);
  expect([Object.keys(ratios), Object.keys(added)]).toEqual([runners, runners]);
  for (const { low, median, high } of [...Object.values(nanoseconds), ...Object.values(ratios)]) {
    expectPositive(low, median, high);
    expect([low, median, high].sort((a, b) => a - b)).toEqual([low, median, high]);
  }
  for (const more of Object.values(added)) expect(more).toSatisfy(Number.isFinite);
  if (!isContention(figures)) return;
  expectPositive(...Object.values(figures.longestWait));
  expect(Object.keys(figures.longestWait)).toEqual(runners);
  for (const shares of Object.values(figures.shares)) {
    expect(shares).toHaveLength(figures.processes);
    expect(shares.reduce((sum, share) => sum + share)).toBeCloseTo(1);
  }
}

function expectPositive(...values: readonly number[]): void {
  for (const value of values) expect(value).toSatisfy((each: number) => Number.isFinite(each) && each > 0);
}

describe('the benchmark', () => {
  test.each(HOT_PARTS.filter(part => part in parts))('measures %s', async part => {
    const measured = await parts[part]?.(quick) ?? [];
    expect(measured.length).toBeGreaterThan(0);
    for (const figures of measured) expectFigures(figures);
    const text = toTables({ [part]: measured });
    for (const { name, extent } of measured) expect([text.includes(name), text.includes(extent)]).toEqual([true, true]);
  });

  test('measures what waits cost that pend', async () => {
    const pending = await parts.pending?.(quick);
    if (pending === undefined) throw new Error('it is measured on every kernel');
    const { wakeUp, bytes, threadMegabytes, loopDelay } = pending;
    expectFigures(wakeUp);
    expectPositive(bytes.event, bytes.mutex, threadMegabytes, loopDelay.idle, loopDelay.pending);
    expect(toTables({ pending })).toContain('memory of a wait for an event');
  });

  test.runIf(kernel === 'linux').each([['ping-pong', measurePingPong], ['wake-up', measureWakeUps]] as const)('measures %s where the system puts the processes, if it is told to', async (_, measure) => {
    const measured = await measure({ ...quick, pinned: false });
    for (const figures of measured) expectFigures(figures);
    for (const { name } of measured) expect(name).not.toMatch(/on (one|two) processors?/);
  });
});

describe('how much the benchmark measures', () => {
  const of = (...argv: string[]) => scaleOf(parseBenchOptions(argv), 50_000);

  test('is by default what the kernel’s speed makes sensible, with processes placed', () => {
    expect(of()).toEqual({ rounds: 41, iterations: 50_000, fraction: 1, pinned: true });
    expect(of('--pin')).toEqual(of());
  });

  test('is what the command line says', () => {
    expect(of('--rounds', '5', '--iterations', '7', '--no-pin')).toEqual({ rounds: 5, iterations: 7, fraction: 1, pinned: false });
  });

  test('is little with --quick, but for what the command line says', () => {
    const { rounds, iterations, fraction } = of('--quick');
    expect([rounds < 41, iterations < 50_000, fraction < 1]).toEqual([true, true, true]);
    expect(of('--quick', '--rounds', '9')).toEqual({ ...of('--quick'), rounds: 9 });
  });

  test.each([
    [['--rounds', '0'], 'from 1 to 10000'],
    [['--iterations', 'x'], 'from 1 to 1000000'],
    [['--only', 'nothing'], 'Allowed choices are hot-paths'],
    [['--arch', 'arm64'], 'x64, ia32'],
    [['--pin', 'two'], 'too many arguments'],
  ])('is refused, with the reason: %j', (argv, reason) => {
    const printed: string[] = [];
    vi.spyOn(process.stderr, 'write').mockImplementation(text => printed.push(String(text)) > 0);
    expect(() => parseBenchOptions(argv)).toThrow(CommanderError);
    expect(printed.join('')).toContain(reason);
  });

  test('is told by --help, with the reason for placing processes', () => {
    const printed: string[] = [];
    vi.spyOn(process.stdout, 'write').mockImplementation(text => printed.push(String(text)) > 0);
    expect(() => parseBenchOptions(['--help'])).toThrow(CommanderError);
    expect(printed.join('')).toContain('Why --pin');
  });
});

describe('the benchmark’s figures in a report', () => {
  const folder = mkdtempSync(join(tmpdir(), 'waitable-bench-test-'));
  const fileOf = (name: string) => join(folder, name);
  const run = (more: Partial<BenchmarkRun>): BenchmarkRun => ({ kernel: 'linux', exitCode: 0, arch: 'x64', node: 'v20.0.0', rounds: 1, iterations: 1, pinned: true, ...more });

  afterAll(() => rmSync(folder, { recursive: true }));

  test('make one where there is none', () => {
    const file = fileOf('new.json');
    addToReport(file, run({}));
    expect(reportIn(file)).toEqual({ runs: [], notRun: [], benchmarks: [run({})] });
  });

  test('stand beside everything else, in place of those of the same kernel and bitness', () => {
    const file = fileOf('old.json');
    const rest = { runs: [{ kernel: 'linux', exitCode: 0, scenarios: [] }], notRun: ['not run: something'] };
    const others = [run({ kernel: 'win32' }), run({ kernel: 'win32', arch: 'ia32' })];
    writeFileSync(file, JSON.stringify({ ...rest, benchmarks: [run({ rounds: 2 }), ...others] }));
    addToReport(file, run({ rounds: 3 }));
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ ...rest, benchmarks: [...others, run({ rounds: 3 })] });
  });

  test('are not added to what is no report', () => {
    const file = fileOf('other.json');
    writeFileSync(file, '{"name":"waitable"}');
    expect(() => addToReport(file, run({}))).toThrow(NoReportError);
    expect(readFileSync(file, 'utf8')).toBe('{"name":"waitable"}');
  });
});

describe('a budget', () => {
  const spread = (median: number) => ({ median, low: median, high: median });
  const figures: Figures = { name: 'a lock', subject: 'own', against: 'C', extent: '1 round', nanoseconds: { own: spread(30), C: spread(20) }, ratios: { own: spread(1), C: spread(1.5) }, added: { own: 0, C: 10 } };

  test.each([
    [{ nanoseconds: 30 }, true],
    [{ nanoseconds: 29 }, false],
    [{ times: 1.5 }, true],
    [{ times: 1.4 }, false],
  ])('is kept by what takes no more: %j', (budget, isKept) => {
    expect(keepsBudget({ ...figures, budget })).toBe(isKept);
    expect(toTables({ 'hot-paths': [{ ...figures, budget }] })).toContain(isKept ? 'kept' : 'EXCEEDED');
  });

  test('says nothing where what it is a multiple of was not measured, or there is none', () => {
    expect(keepsBudget(figures)).toBeUndefined();
    expect(keepsBudget({ ...figures, against: 'nobody', budget: { times: 2 } })).toBeUndefined();
  });
});
