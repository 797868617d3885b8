import { FAULT_NAMES, isDeadly } from '../../report/fault-name.js';
import { Table } from '../../util/libraries/cli-table.js';
import type { PeerKind } from '../../peers/peer.js';
import type { ResourceUsage } from '../../report/figures.js';
import { describeBroken, passed, type FaultReport, type ScenarioReport, type Verdict } from '../../report/scenario-report.js';
import type { StressReport } from '../../report/stress-report.js';
import { reportCount } from '../../techniques/run-techniques.js';
import { toNegativeControlNotes, toNegativeControlTable } from './negative-controls.js';
import { toTechniqueNotes, toTechniqueTable } from './techniques.js';

/** @param arch - Of the Node that drives the run. */
function labelsFor(arch: string): Record<PeerKind, string> {
  return { thread: `${arch} worker`, node: `${arch} Node`, node32: 'ia32 Node', helper32: 'i686 helper', helper64: 'x64 helper' };
}

const RESULTS: Record<Verdict, string> = {
  held: 'held',
  broken: 'BROKEN',
  caught: 'broke, as it must',
  missed: 'DID NOT BREAK',
  inconclusive: 'interrupted',
};

/** A whole report, for people. */
export function toText(report: StressReport): string {
  const { scenarios, negativeControls, techniques, machine, options: { seed, transport, scenarios: asked, techniques: wanted }, ended } = report;
  return [
    ...(scenarios.length === 0 ? [] : [toTable(scenarios, machine.arch), toNotes(scenarios), toResourceUsage(report)]),
    ...(negativeControls.length === 0 ? [] : [toNegativeControlTable(negativeControls), toNegativeControlNotes(negativeControls)]),
    ...(techniques.length === 0 ? [] : [toTechniqueTable(techniques), toTechniqueNotes(techniques)]),
    ...(ended === 'in time' ? [] : [`${ended}: ${scenarios.length} of ${asked.length} scenarios were begun${wanted ? `, and ${techniques.length} of ${reportCount} cells of techniques were filled` : ''}`]),
    ...(transport === 'pipe' ? [] : [`the C helpers were reached over ${transport.toUpperCase()}`]),
    `seed ${seed}`,
  ].filter(part => part !== '').join('\n');
}

/** The figures of scenarios. */
export function toTable(reports: readonly ScenarioReport[], arch: string = process.arch): string {
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
      sharesOf(report, labelsFor(arch)),
      `${abandonments} / ${faults.filter(({ fault }) => isDeadly(fault)).length}`,
    ]);
  }
  return table.toString();
}

function microseconds(nanoseconds: number): string {
  const value = nanoseconds / 1000;
  return `${value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 })} µs`;
}

/** Percent of the wins of each contender, gathered by kind. */
function sharesOf({ contenders }: ScenarioReport, labels: Record<PeerKind, string>): string {
  const percents = new Map<PeerKind, number[]>();
  for (const { kind, share } of contenders) percents.set(kind, [...(percents.get(kind) ?? []), Math.round(100 * share)]);
  return [...percents].map(([kind, each]) => `${labels[kind]} ${each.join(' + ')} %`).join('\n');
}

/** Remarks and broken invariants, for below the table; empty if there are none. */
function toNotes(reports: readonly ScenarioReport[]): string {
  const lines: string[] = [];
  for (const { scenario, remarks, eventLoopDelay, verdict, faults, broken: [first] } of reports) {
    if (faults.length > 0) lines.push(`${scenario}: struck by ${listFaults(faults)}`);
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

function listFaults(faults: readonly FaultReport[]): string {
  return FAULT_NAMES.map(name => [name, faults.filter(({ fault }) => fault === name).length] as const).filter(([, count]) => count > 0).map(([name, count]) => `${count.toLocaleString('en')} ${name}`).join(', ');
}

function toResourceUsage({ resourceUsage, scenarios }: StressReport): string {
  const list = (what: keyof ResourceUsage) => [resourceUsage, ...scenarios.map(each => each.resourceUsage)].map(each => each[what]).join(', ');
  return `this process, at first and after each scenario: ${list('handles')} handles; ${list('megabytes')} MiB`;
}
