import { describe, expect, test } from 'vitest';
import { compareDocuments } from '../../../stress/reporters/comparison/compare.js';
import { toComparison } from '../../../stress/reporters/text/comparison.js';
import { Durations } from '../../../stress/measure/durations.js';
import type { BenchmarkRun } from '../../../stress/report/benchmark-run.js';
import { jainsIndex, reportOf } from '../../../stress/report/figures.js';
import type { ContenderReport, FaultReport, ScenarioReport } from '../../../stress/report/scenario-report.js';
import type { StressDocument } from '../../../stress/report/stress-document.js';
import { REPORT_VERSION, type StressReport } from '../../../stress/report/stress-report.js';

/** With so many operations in each quarter of a second, and waits that took so long. */
function scenario(slices: readonly number[], wait: number, more: Partial<ScenarioReport> = {}): ScenarioReport {
  const durations = lasting(wait);
  const operations = slices.reduce<number[]>((sums, slice) => [...sums, (sums.at(-1) ?? 0) + slice], [0]);
  return {
    scenario: 'mutex', control: false, verdict: 'held', interrupted: false, seed: 1, seconds: slices.length / 4, operations: operations.at(-1) ?? 0, waits: durations, holds: durations,
    handOvers: [{ from: 32, to: 64, durations }], fairness: { jain: 1, longestWait: wait }, contenders: [contender('thread', wait)],
    timeline: { at: operations.map((_, index) => index * 250), operations: [operations] }, faults: [], abandonments: 0, loop: { p50: 0, p99: 0, max: 0 }, resourceUsage: { handles: 1, megabytes: 1 }, processes: [], remarks: [], broken: [],
    ...more,
  };
}

function contender(kind: ContenderReport['kind'], wait: number, count = 10_000): ContenderReport {
  return { kind, bits: 64, operations: count, share: 1, waits: lasting(wait, count), holds: lasting(wait, count) };
}

function lasting(wait: number, count = 10_000) {
  return reportOf(Durations.fromField(`${Math.round(wait)}:${count}`));
}

function document(...scenarios: ScenarioReport[]): StressDocument {
  return { runs: [{ kernel: 'linux', exitCode: 0, scenarios }], notRun: [] };
}

function fullDocument(more: Partial<StressReport> = {}): StressDocument {
  const report: StressReport = {
    version: REPORT_VERSION,
    machine: { kernel: 'linux', system: 'Linux 6', arch: 'x64', processors: 2, processor: 'one', node: 'v20.0.0', waitable: '0.1.0' },
    options: { seconds: 5, seed: 1, contenders: { thread: 2, helper32: 2 }, transport: 'pipe', faults: {}, scenarios: [], selfTest: [], techniques: true },
    startedAt: '2026-01-01T00:00:00.000Z', ended: 'in time', passed: true, resourceUsage: { handles: 1, megabytes: 1 }, scenarios: [], negativeControls: [], techniques: [],
    ...more,
  };
  return { runs: [{ kernel: 'linux', exitCode: 0, ...report }], notRun: [] };
}

const STEADY = [1000, 1010, 990, 1005, 995, 1000, 1002, 998];
const RESTLESS = [500, 2000, 700, 1900, 600, 1500, 1000, 1000];
/** What five runs of one program may differ by. */
const FROM_RUN_TO_RUN = [1, 1.06, 0.95, 1.02, 0.98];

const times = (slices: readonly number[], factor: number) => slices.map(each => each * factor);
const whatChanged = (comparison: ReturnType<typeof compareDocuments>) => comparison.changes.map(({ what }) => what).sort();

describe('beside one older report', () => {
  test('a throughput or median has changed when it goes beyond the square of the spread over the time slices, and no other figure is judged', () => {
    const faster = compareDocuments(document(scenario(STEADY, 1000)), document(scenario(times(STEADY, 2), 500)));
    expect(whatChanged(faster)).toEqual(['hold of a thread, p50', 'operations', 'wait of a thread, p50']);
    expect(faster.changes.find(({ what }) => what === 'operations')).toMatchObject({ where: 'linux mutex', unit: 'a second', old: 4000, current: 8000 });
    expect(faster).toMatchObject({ compared: 3, unjudged: 4 });
    const restless = compareDocuments(document(scenario(RESTLESS, 1000)), document(scenario(times(RESTLESS, 2), 500)));
    expect(restless).toMatchObject({ changes: [], compared: 3 });
  });

  test('a report does not differ from itself', () => {
    const same = document(scenario(STEADY, 1000));
    expect(compareDocuments(same, same)).toMatchObject({ outcomes: [], changes: [], overall: { throughput: 1, median: 1 } });
  });

  test('of a run that is too short to know its noise, nothing is judged', () => {
    expect(compareDocuments(document(scenario([10, 10], 1000)), document(scenario([99, 99], 1)))).toMatchObject({ changes: [], compared: 0, unjudged: 7 });
  });
});

describe('beside several older reports', () => {
  const older = FROM_RUN_TO_RUN.map(factor => document(scenario(times(RESTLESS, factor), 1000 * factor)));

  test('how they differ among each other is the noise, of all figures', () => {
    const another = compareDocuments(older, document(scenario(times(RESTLESS, 1.1), 1100)));
    expect(another).toMatchObject({ changes: [], compared: 7, unjudged: 0 });
    const slower = compareDocuments(older, document(scenario(times(RESTLESS, 0.5), 2000)));
    expect(slower.changes).toHaveLength(7);
  });

  test('the change that is furthest beyond its noise comes first', () => {
    const kinds = (thread: number, node: number) => document(scenario(STEADY, 1000, { handOvers: [], contenders: [contender('thread', thread), contender('node', node)] }));
    const { changes } = compareDocuments(FROM_RUN_TO_RUN.map(factor => kinds(1000 * factor, 1000 * factor)), kinds(2000, 8000));
    const beyond = changes.map(({ old, current, noise }) => Math.abs(Math.log(current / old)) / Math.log(noise));
    expect(changes[0]?.what).toContain('of a node');
    expect(changes.at(-1)?.what).toContain('of a thread');
    expect(beyond).toEqual(beyond.toSorted((one, other) => other - one));
  });

  test('that two of them agree by chance makes nobody take the third for a change', () => {
    const both = (wait: number, kind: 'thread' | 'node', other: number) => document(scenario(STEADY, 1, { contenders: [contender('helper32', wait), contender('helper64', wait), contender(kind, other)] }));
    const agreeing = [both(1000, 'thread', 700), both(1200, 'thread', 700)];
    expect(whatChanged(compareDocuments(agreeing, both(1100, 'thread', 800)))).toEqual([]);
  });

  test('the contenders of each kind are compared among themselves, whatever share of all each kind has', () => {
    const shared = (threads: number, wait: number) => document(scenario(STEADY, 1, { handOvers: [], contenders: [contender('thread', wait, threads), contender('helper32', 300)] }));
    const olds = FROM_RUN_TO_RUN.map(factor => shared(1000 * factor, 1000 * factor));
    expect(whatChanged(compareDocuments(olds, shared(500_000, 1000)))).toEqual([]);
    expect(whatChanged(compareDocuments(olds, shared(1000, 2500)))).toEqual(['hold of a thread, p50', 'wait of a thread, p50']);
  });

  test('a percentile of a handful of durations is none', () => {
    const few = (wait: number) => document(scenario(STEADY, 1, { handOvers: [{ from: 32, to: 32, durations: lasting(wait, 60) }], contenders: [] }));
    expect(compareDocuments([few(10), few(11), few(12)], few(1e6))).toMatchObject({ changes: [], compared: 1, unjudged: 0 });
  });
});

describe('told in any case', () => {
  test('verdicts that none of the older reports has', () => {
    const broken = document(scenario(RESTLESS, 1, { verdict: 'broken' }));
    const held = document(scenario(RESTLESS, 1));
    expect(compareDocuments(held, broken).outcomes).toEqual([{ where: 'linux mutex', old: 'held', current: 'broken' }]);
    expect(compareDocuments([held, broken], broken).outcomes).toEqual([]);
  });

  test('verdicts of broken twins and techniques', () => {
    const twin = { scenario: 'mutex', defect: 'a lock that does not lock', verdict: 'caught', interrupted: false, attempts: 1, seconds: 0.1 } as const;
    const technique = { technique: 'RPC', summary: '', control: false, direction: '64→32', verdict: 'held', seconds: 1, operations: 1000, unit: 'calls', remarks: [], broken: [] } as const;
    const old = fullDocument({ negativeControls: [twin], techniques: [technique] });
    const current = fullDocument({ negativeControls: [{ ...twin, verdict: 'missed' }], techniques: [{ ...technique, verdict: 'not run' }] });
    expect(compareDocuments(old, current).outcomes).toEqual([
      { where: 'linux mutex, a lock that does not lock', old: 'caught', current: 'missed' },
      { where: 'linux RPC 64→32', old: 'held', current: 'not run' },
    ]);
  });

  test('abandonments that chance does not explain among as many kills', () => {
    const faults = Array.from({ length: 100 }, (): FaultReport => ({ at: 0, fault: 'kill', kind: 'helper32' }));
    const killed = (abandonments: number) => document(scenario(STEADY, 1, { faults, abandonments }));
    expect(compareDocuments(killed(20), killed(26)).outcomes).toEqual([]);
    expect(compareDocuments(killed(20), killed(60)).outcomes).toEqual([{ where: 'linux mutex', old: '20 abandonments of 100 kills', current: '60 abandonments of 100 kills' }]);
    expect(compareDocuments(document(scenario(STEADY, 1)), killed(20)).outcomes).toEqual([]);
  });

  test('what only one of them has', () => {
    expect(compareDocuments(document(), document(scenario(STEADY, 1))).remarks).toContain('linux mutex: not in the older report');
    expect(compareDocuments(document(scenario(STEADY, 1)), document()).remarks).toContain('linux mutex: not in the newer report');
    expect(compareDocuments({ runs: [], notRun: [] }, document()).remarks).toEqual(['linux: not in the older report']);
  });

  test('what was different about the machine and the run', () => {
    const old = fullDocument();
    const [run] = old.runs;
    if (run === undefined || !('machine' in run)) throw new Error('a full document has a report');
    const current = fullDocument({ machine: { ...run.machine, processors: 8 }, options: { ...run.options, seconds: 1, seed: 2, contenders: { thread: 4 }, faults: { kill: 2 } }, ended: 'interrupted' });
    expect(compareDocuments([old, old], current).remarks).toEqual([
      'linux: processors 2 then, 8 now', 'linux: seconds 5 then, 1 now', 'linux: contenders thread=2 helper32=2 then, thread=4 now', 'linux: faults none then, kill=2 now', 'linux: ended in time then, interrupted now',
    ]);
    expect(compareDocuments(old, document()).remarks).toContain('linux: the newer run has no report of its own (exit code 0)');
  });
});

test('benchmarks are compared by what the library takes, and by its ratio to what stands beside it, each with the spread over its rounds', () => {
  const benchmark = (nanoseconds: number, ratio: number): StressDocument => {
    const spread = (median: number) => ({ median, low: median * 0.99, high: median * 1.01 });
    const run: BenchmarkRun = {
      kernel: 'linux', exitCode: 0, arch: 'x64', node: 'v20.0.0', rounds: 41, iterations: 1000, pinned: true,
      'hot-paths': [{ name: 'a lock', subject: 'waitable', against: 'C', extent: '41 rounds', nanoseconds: { waitable: spread(nanoseconds), C: spread(50) }, ratios: { waitable: spread(1), C: spread(ratio) }, added: {} }],
    };
    return { runs: [], notRun: [], benchmarks: [run] };
  };
  expect(compareDocuments(benchmark(60, 1.1), benchmark(61, 1.12)).changes).toEqual([]);
  expect(compareDocuments(benchmark(60, 1.1), benchmark(90, 1.6)).changes.map(({ where, what, unit }) => [where, what, unit])).toEqual([
    ['linux benchmark: a lock', 'waitable', 'ns'], ['linux benchmark: a lock', 'waitable : C', 'times'],
  ]);
});

describe('for people', () => {
  test('the changes are a table, and what all figures have in common is pointed out', () => {
    const text = toComparison(compareDocuments(document(scenario(STEADY, 1000)), document(scenario(times(STEADY, 2), 500))));
    expect(text).toMatch(/linux mutex.*operations.*4,000 a second.*8,000 a second.*2\.00/);
    expect(text).toContain('3 of 3 figures have changed beyond the noise');
    expect(text).toContain('4 more are not judged');
    expect(text).toContain('throughputs are 2.00 times what they were, medians of waits and holds 0.50 times: where everything goes one way, it is mostly the machine');
  });

  test('nothing is said to be nothing', () => {
    const same = document(scenario(STEADY, 1000));
    expect(toComparison({ ...compareDocuments([same, same, same], same), remarks: [] })).toBe('nothing has changed beyond the noise, of 7 figures\nin the middle, throughputs are 1.00 times what they were, medians of waits and holds 1.00 times');
  });
});

test('Jain’s index is 1 where all have the same, and 1 / n where one has everything', () => {
  expect(jainsIndex([7, 7, 7, 7])).toBe(1);
  expect(jainsIndex([9, 0, 0])).toBeCloseTo(1 / 3);
  expect(jainsIndex([])).toBe(1);
});
