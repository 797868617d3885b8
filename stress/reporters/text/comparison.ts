import { Table } from '../../util/libraries/cli-table.js';
import { duration } from '../html/figure.js';
import type { Change, Comparison } from '../comparison/compare.js';

/** Beyond it, what has changed everywhere is pointed out. */
const NOTEWORTHY = 1.15;

/** For people. */
export function toComparison({ remarks, outcomes, changes, compared, unjudged, overall }: Comparison): string {
  const lines = [...remarks, ...outcomes.map(({ where, old, current }) => `${where}: ${old} then, ${current} now`)];
  if (changes.length > 0) lines.push(toTable(changes));
  lines.push(changes.length === 0 ? `nothing has changed beyond the noise, of ${compared} figures` : `${changes.length} of ${compared} figures have changed beyond the noise`);
  if (unjudged > 0) lines.push(`${unjudged} more are not judged: they differ too much from run to run for one older report to tell, several would`);
  lines.push(...toOverall(overall));
  return lines.join('\n');
}

function toTable(changes: readonly Change[]): string {
  const table = new Table({
    head: ['changed', 'figure', 'then', 'now', 'times', 'noise up to'],
    colAligns: ['left', 'left', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const change of changes) {
    const { where, what, old, current, noise } = change;
    table.push([where, what, format(change, old), format(change, current), (current / old).toFixed(2), noise.toFixed(2)]);
  }
  return table.toString();
}

function toOverall({ throughput, median }: Comparison['overall']): string[] {
  const parts = [
    ...(throughput === undefined ? [] : [`throughputs are ${throughput.toFixed(2)} times what they were`]),
    ...(median === undefined ? [] : [`medians of waits and holds ${median.toFixed(2)} times`]),
  ];
  if (parts.length === 0) return [];
  const isNoteworthy = [throughput, median].some(ratio => ratio !== undefined && Math.abs(Math.log(ratio)) > Math.log(NOTEWORTHY));
  return [`in the middle, ${parts.join(', ')}${isNoteworthy ? ': where everything goes one way, it is mostly the machine, its clock speed or other load' : ''}`];
}

function format({ unit }: Change, value: number): string {
  if (unit === 'ns') return duration(value);
  return unit === 'times' ? value.toFixed(3) : `${Math.round(value).toLocaleString('en')} ${unit}`;
}
