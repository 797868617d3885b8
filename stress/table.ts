import Table from 'cli-table3';
import { operationsOf, passed, waitsOf, type Outcome } from './outcome.js';
import type { PeerKind } from './peers/peer.js';

const LABELS: Record<PeerKind, string> = {
  thread: `${process.arch} worker`,
  node: `${process.arch} Node`,
  node32: 'ia32 Node',
  helper32: 'i686 helper',
  helper64: 'x64 helper',
};

/** The report of a run, for people. */
export function toTable(outcomes: readonly Outcome[]): string {
  const table = new Table({
    head: ['scenario', 'result', 'operations', 'per second', 'wait p50', 'p99', 'max', 'shared out', 'abandoned / kills'],
    colAligns: ['left', 'left', 'right', 'right', 'right', 'right', 'right', 'left', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const outcome of outcomes) {
    const operations = operationsOf(outcome);
    const waits = waitsOf(outcome);
    table.push([
      outcome.scenario,
      resultOf(outcome),
      operations.toLocaleString('en'),
      Math.round(operations / outcome.seconds).toLocaleString('en'),
      ...(waits.count === 0 ? ['-', '-', '-'] : [microseconds(waits.percentile(50)), microseconds(waits.percentile(99)), microseconds(waits.maximum)]),
      sharesOf(outcome, operations),
      `${outcome.abandonments} / ${outcome.kills}`,
    ]);
  }
  return table.toString();
}

function resultOf(outcome: Outcome): string {
  if (outcome.control) return passed(outcome) ? 'broke, as it must' : 'DID NOT BREAK';
  return passed(outcome) ? 'held' : 'BROKEN';
}

function microseconds(nanoseconds: number): string {
  const value = nanoseconds / 1000;
  return `${value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 })} µs`;
}

/** Percent of the wins of each contender, gathered by kind. */
function sharesOf({ shares }: Outcome, operations: number): string {
  const percents = new Map<PeerKind, number[]>();
  for (const share of shares) {
    const percent = operations === 0 ? 0 : Math.round((100 * share.operations) / operations);
    percents.set(share.kind, [...(percents.get(share.kind) ?? []), percent]);
  }
  return [...percents].map(([kind, each]) => `${LABELS[kind]} ${each.join(' + ')} %`).join('\n');
}

/** Remarks and broken invariants, for below the table; empty if there are none. */
export function toNotes(outcomes: readonly Outcome[]): string {
  const lines: string[] = [];
  for (const outcome of outcomes) {
    for (const remark of outcome.remarks) lines.push(`${outcome.scenario}: ${remark}`);
    if (outcome.control && passed(outcome)) lines.push(`${outcome.scenario}: noticed: ${outcome.broken[0] ?? ''}`);
  }
  for (const outcome of outcomes.filter(each => !passed(each))) {
    if (outcome.control) lines.push(`FAILED ${outcome.scenario}: the negative control broke no invariant, so the checks prove nothing`);
    for (const broken of outcome.broken) lines.push(`FAILED ${outcome.scenario}: ${broken}`);
  }
  return lines.join('\n');
}
