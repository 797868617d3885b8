import Table from 'cli-table3';
import type { PeerKind } from './peers/peer.js';
import type { Vitals } from './report/figures.js';
import { describeBroken, passed, type ScenarioReport, type Verdict } from './report/scenario-report.js';
import type { StressReport } from './report/stress-report.js';

const LABELS: Record<PeerKind, string> = {
  thread: `${process.arch} worker`,
  node: `${process.arch} Node`,
  node32: 'ia32 Node',
  helper32: 'i686 helper',
  helper64: 'x64 helper',
};

const RESULTS: Record<Verdict, string> = {
  held: 'held',
  broken: 'BROKEN',
  caught: 'broke, as it must',
  missed: 'DID NOT BREAK',
  inconclusive: 'interrupted',
};

/** The figures of a run, for people. */
export function toTable(reports: readonly ScenarioReport[]): string {
  const table = new Table({
    head: ['scenario', 'result', 'operations', 'per second', 'wait p50', 'p99', 'max', 'shared out', 'abandoned / kills'],
    colAligns: ['left', 'left', 'right', 'right', 'right', 'right', 'right', 'left', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const report of reports) {
    const { scenario, verdict, operations, seconds, waits, abandonments, faults } = report;
    table.push([
      scenario,
      RESULTS[verdict],
      operations.toLocaleString('en'),
      (seconds === 0 ? 0 : Math.round(operations / seconds)).toLocaleString('en'),
      ...(waits.count === 0 ? ['-', '-', '-'] : [microseconds(waits.p50), microseconds(waits.p99), microseconds(waits.max)]),
      sharesOf(report),
      `${abandonments} / ${faults.length}`,
    ]);
  }
  return table.toString();
}

function microseconds(nanoseconds: number): string {
  const value = nanoseconds / 1000;
  return `${value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 })} µs`;
}

/** Percent of the wins of each contender, gathered by kind. */
function sharesOf({ contenders }: ScenarioReport): string {
  const percents = new Map<PeerKind, number[]>();
  for (const { kind, share } of contenders) percents.set(kind, [...(percents.get(kind) ?? []), Math.round(100 * share)]);
  return [...percents].map(([kind, each]) => `${LABELS[kind]} ${each.join(' + ')} %`).join('\n');
}

/** Remarks and broken invariants, for below the table; empty if there are none. */
export function toNotes(reports: readonly ScenarioReport[]): string {
  const lines: string[] = [];
  for (const { scenario, remarks, eventLoopDelay, verdict, broken: [first] } of reports) {
    for (const remark of remarks) lines.push(`${scenario}: ${remark}`);
    if (eventLoopDelay !== undefined) lines.push(`${scenario}: event loop delay p99 at most ${(eventLoopDelay / 1e6).toFixed(1)} ms`);
    if (verdict === 'caught' && first !== undefined) lines.push(`${scenario}: noticed: ${describeBroken(first)}`);
  }
  for (const { scenario, verdict, broken } of reports.filter(each => !passed(each))) {
    if (verdict === 'missed') lines.push(`FAILED ${scenario}: the negative control broke no invariant, so the checks prove nothing`);
    for (const each of broken) lines.push(`FAILED ${scenario}: ${describeBroken(each)}`);
  }
  return lines.join('\n');
}

export function toVitals({ vitals, scenarios }: StressReport): string {
  const list = (what: keyof Vitals) => [vitals, ...scenarios.map(each => each.vitals)].map(each => each[what]).join(', ');
  return `this process, at first and after each scenario: ${list('handles')} handles; ${list('megabytes')} MiB`;
}
