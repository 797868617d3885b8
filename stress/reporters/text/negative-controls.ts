import { Table } from '../../util/libraries/cli-table.js';
import { headlineOf } from '../../report/scenario-report.js';
import type { NegativeControlReport } from '../../report/negative-control-report.js';

const RESULTS: Record<NegativeControlReport['verdict'], string> = { caught: 'caught', missed: 'MISSED', inconclusive: 'not tried to its end' };

/** What became of the broken twins, for people. */
export function toNegativeControlTable(controls: readonly NegativeControlReport[]): string {
  const table = new Table({ head: ['scenario', 'broken twin', 'result', 'after', 'noticed by'], colWidths: [null, 44, null, null, 60], wordWrap: true, colAligns: ['left', 'left', 'left', 'right', 'left'], style: { head: [], border: [], compact: true } });
  for (const { scenario, defect, verdict, seconds, noticed } of controls) table.push([scenario, defect, RESULTS[verdict], `${seconds.toFixed(2)} s`, noticed === undefined ? '' : headlineOf(noticed)]);
  return table.toString();
}

/** For below the table; empty if all were caught. */
export function toNegativeControlNotes(controls: readonly NegativeControlReport[]): string {
  return controls.flatMap(({ scenario, verdict, interrupted }) => {
    if (verdict === 'missed') return `FAILED ${scenario}: no check noticed that its twin is broken, so they prove nothing`;
    if (verdict === 'inconclusive' && !interrupted) return `${scenario}: its twin had nothing to break it with: it takes processes that can be killed, or more time`;
    return [];
  }).join('\n');
}
