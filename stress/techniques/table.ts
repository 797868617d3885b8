import { Table } from '../libraries/cli-table.js';
import { directions, type Cell } from './cell.js';
import { techniques } from './index.js';

/** Technique × direction, for people. */
export function toTechniqueTable(cells: readonly Cell[]): string {
  const table = new Table({ head: ['technique', 'what is run', '64-bit Node → i686 C helper', '32-bit Node → x64 C helper'], colWidths: [null, 60, null, null], wordWrap: true, style: { head: [], border: [], compact: true } });
  for (const { name, summary, unit } of techniques) {
    table.push([name, summary, ...directions.map(direction => textOf(cells.find(cell => cell.technique === name && cell.direction === direction), unit))]);
  }
  return table.toString();
}

function textOf(cell: Cell | undefined, unit: string): string {
  if (cell === undefined || cell.outcome === 'not run') return 'not run';
  if (cell.control) return cell.passed ? 'broke, as it must' : 'DID NOT BREAK';
  return `${cell.outcome === 'held' ? 'held' : 'BROKEN'}: ${cell.operations.toLocaleString('en')} ${unit}`;
}

/** Remarks, what was not run and why, and broken invariants, for below the table; empty if there are none. */
export function toTechniqueNotes(cells: readonly Cell[]): string {
  const lines: string[] = [];
  for (const cell of cells) {
    for (const remark of cell.remarks) lines.push(`${titleOf(cell)}: ${remark}`);
    if (cell.control && cell.passed) lines.push(`${titleOf(cell)}: noticed: ${cell.broken[0] ?? ''}`);
  }
  for (const [reason, left] of leftOut(cells)) lines.push(`not run: ${left.map(titleOf).join(', ')}: ${reason}`);
  for (const cell of cells.filter(each => each.passed === false)) {
    if (cell.control) lines.push(`FAILED ${titleOf(cell)}: the negative control did not break what it has to, so the checks prove nothing`);
    for (const broken of cell.broken) lines.push(`FAILED ${titleOf(cell)}: ${broken}`);
  }
  return lines.join('\n');
}

/** What was not run, by the reason. */
function leftOut(cells: readonly Cell[]): ReadonlyMap<string, readonly Cell[]> {
  const byReason = new Map<string, Cell[]>();
  for (const cell of cells) if (cell.reason !== undefined) byReason.set(cell.reason, [...(byReason.get(cell.reason) ?? []), cell]);
  return byReason;
}

function titleOf({ technique, direction }: Cell): string {
  return `${technique} ${direction}`;
}
