import { Table } from '../../util/libraries/cli-table.js';
import { describeBroken } from '../../report/scenario-report.js';
import { techniquePassed, type TechniqueReport } from '../../report/technique-report.js';

const RESULTS: Record<TechniqueReport['verdict'], string> = { held: 'held', broken: 'BROKEN', caught: 'broke, as it must', missed: 'DID NOT BREAK', 'not run': 'not run' };

/** Technique × direction, for people. */
export function toTechniqueTable(reports: readonly TechniqueReport[]): string {
  const table = new Table({ head: ['technique', 'what is run', '64-bit Node → i686 C helper', '32-bit Node → x64 C helper'], colWidths: [null, 60, null, null], wordWrap: true, style: { head: [], border: [], compact: true } });
  for (const name of new Set(reports.map(({ technique }) => technique))) {
    const row = reports.filter(({ technique }) => technique === name);
    table.push([name, row[0]?.summary ?? '', ...(['64→32', '32→64'] as const).map(direction => textOf(row.find(report => report.direction === direction)))]);
  }
  return table.toString();
}

/** One that is missing was not come to. */
function textOf(report: TechniqueReport | undefined): string {
  if (report === undefined) return RESULTS['not run'];
  const { verdict, operations, unit } = report;
  return verdict === 'held' || verdict === 'broken' ? `${RESULTS[verdict]}: ${operations.toLocaleString('en')} ${unit}` : RESULTS[verdict];
}

/** Remarks, what was not run and why, and broken invariants, for below the table; empty if there are none. */
export function toTechniqueNotes(reports: readonly TechniqueReport[]): string {
  const lines: string[] = [];
  for (const report of reports) {
    const { remarks, verdict, broken: [first] } = report;
    for (const remark of remarks) lines.push(`${titleOf(report)}: ${remark}`);
    if (verdict === 'caught' && first !== undefined) lines.push(`${titleOf(report)}: noticed: ${describeBroken(first)}`);
  }
  for (const [reason, left] of leftOut(reports)) lines.push(`not run: ${left.map(titleOf).join(', ')}: ${reason}`);
  for (const report of reports.filter(each => !techniquePassed(each))) {
    if (report.verdict === 'missed') lines.push(`FAILED ${titleOf(report)}: the negative control did not break what it has to, so the checks prove nothing`);
    for (const each of report.broken) lines.push(`FAILED ${titleOf(report)}: ${describeBroken(each)}`);
  }
  return lines.join('\n');
}

/** What was not run, by the reason. */
function leftOut(reports: readonly TechniqueReport[]): ReadonlyMap<string, readonly TechniqueReport[]> {
  const byReason = new Map<string, TechniqueReport[]>();
  for (const report of reports) if (report.reason !== undefined) byReason.set(report.reason, [...(byReason.get(report.reason) ?? []), report]);
  return byReason;
}

function titleOf({ technique, direction }: TechniqueReport): string {
  return `${technique} ${direction}`;
}
