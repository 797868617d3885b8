import { expect, test } from 'vitest';
import { compareDocuments } from '../../stress/compare/compare.js';
import { Durations } from '../../stress/peers/durations.js';
import { jainsIndex, reportOf } from '../../stress/report/figures.js';
import type { ScenarioReport } from '../../stress/report/scenario-report.js';
import type { StressDocument } from '../../stress/report/stress-document.js';

/** With so many operations in each quarter of a second, and waits that took so long. */
function scenario(slices: readonly number[], wait: number, verdict: ScenarioReport['verdict'] = 'held'): ScenarioReport {
  const durations = reportOf(Durations.fromField(`${wait}:1000`));
  const operations = slices.reduce<number[]>((sums, slice) => [...sums, (sums.at(-1) ?? 0) + slice], [0]);
  return {
    scenario: 'mutex', control: false, verdict, interrupted: false, seed: 1, seconds: slices.length / 4, operations: operations.at(-1) ?? 0, waits: durations, holds: durations,
    handOvers: [{ from: 32, to: 64, durations }], fairness: { jain: 1, longestWait: wait }, contenders: [{ kind: 'thread', bits: 64, operations: 1, share: 1, waits: durations, holds: durations }],
    timeline: { at: operations.map((_, index) => index * 250), operations: [operations] }, faults: [], abandonments: 0, loop: { p50: 0, p99: 0, max: 0 }, vitals: { handles: 1, megabytes: 1 }, processes: [], remarks: [], broken: [],
  };
}

function document(...scenarios: ScenarioReport[]): StressDocument {
  return { runs: [{ kernel: 'linux', exitCode: 0, scenarios }], notRun: [] };
}

const STEADY = [1000, 1010, 990, 1005, 995, 1000, 1002, 998];
const RESTLESS = [500, 2000, 700, 1900, 600, 1500, 1000, 1000];

test('a change is told when it goes beyond the spread over the time slices, not below', () => {
  const faster = compareDocuments(document(scenario(STEADY, 1000)), document(scenario(STEADY.map(each => each * 2), 500)));
  expect(faster.changes.map(({ what }) => what)).toEqual(['operations', 'wait p50', 'wait p99', 'hold p50', 'hold p99', 'hand-over 32 → 64 p50', 'hand-over 32 → 64 p99']);
  expect(faster.changes[0]).toMatchObject({ where: 'linux mutex', unit: 'a second', old: 4000, current: 8000 });
  const restless = compareDocuments(document(scenario(RESTLESS, 1000)), document(scenario(RESTLESS.map(each => each * 2), 500)));
  expect(restless.changes).toEqual([]);
  expect(restless.compared).toBe(faster.compared);
});

test('a report does not differ from itself', () => {
  const same = document(scenario(STEADY, 1000));
  expect(compareDocuments(same, same)).toMatchObject({ verdicts: [], changes: [] });
});

test('verdicts that differ, and what only one of two reports has, are always told', () => {
  const broken = compareDocuments(document(scenario(RESTLESS, 1)), document(scenario(RESTLESS, 1, 'broken')));
  expect(broken.verdicts).toEqual([{ where: 'linux mutex', old: 'held', current: 'broken' }]);
  expect(compareDocuments(document(), document(scenario(STEADY, 1))).remarks).toContain('linux mutex: not in the older report');
  expect(compareDocuments(document(scenario(STEADY, 1)), document()).remarks).toContain('linux mutex: only in the older report');
  expect(compareDocuments({ runs: [], notRun: [] }, document()).remarks).toEqual(['linux: the older report has no run on it']);
});

test('of a run that is too short to know its noise, no change is told', () => {
  const { changes, remarks } = compareDocuments(document(scenario([10, 10], 1000)), document(scenario([99, 99], 1)));
  expect(changes).toEqual([]);
  expect(remarks).toContain('linux mutex: too short to tell a change from noise');
});

test('Jain’s index is 1 where all have the same, and 1 / n where one has everything', () => {
  expect(jainsIndex([7, 7, 7, 7])).toBe(1);
  expect(jainsIndex([9, 0, 0])).toBeCloseTo(1 / 3);
  expect(jainsIndex([])).toBe(1);
});
