import { Table } from '../libraries/cli-table.js';
import { duration } from '../page/figure.js';
import type { Change, Comparison } from './compare.js';

/** For people. */
export function toComparison({ remarks, verdicts, changes, compared }: Comparison): string {
  const lines = [...remarks, ...verdicts.map(({ where, old, current }) => `${where}: ${old} then, ${current} now`)];
  if (changes.length === 0) return [...lines, `nothing has changed beyond the noise, of ${compared} figures`].join('\n');
  const table = new Table({
    head: ['changed', 'figure', 'then', 'now', 'times', 'noise up to'],
    colAligns: ['left', 'left', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const change of changes) {
    const { where, what, old, current, noise } = change;
    table.push([where, what, format(change, old), format(change, current), (current / old).toFixed(2), noise.toFixed(2)]);
  }
  return [...lines, table.toString(), `${changes.length} of ${compared} figures have changed beyond the noise`].join('\n');
}

function format({ unit }: Change, value: number): string {
  return unit === 'ns' ? duration(value) : `${Math.round(value).toLocaleString('en')} ${unit}`;
}
