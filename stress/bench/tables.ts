import Table from 'cli-table3';
import type { HandOver } from './hand-over.js';
import type { Figures } from './measure.js';
import type { PendingFigures } from './pending-waits.js';

const STYLE = { head: [], border: [], compact: true };

export function hotPathTable({ name, subject, against, budget, nanoseconds, ratio, added }: Figures): string {
  const table = new Table({ head: [name, 'median', `${subject} takes more`], colAligns: ['left', 'right', 'right'], style: STYLE });
  for (const [runner, value] of Object.entries(nanoseconds)) {
    table.push([runner, `${format(value)} ns`, runner === subject ? '' : `${format(added[runner] ?? Number.NaN)} ns`]);
  }
  const kept = ratio.median <= budget ? 'kept' : 'EXCEEDED';
  return `${table.toString()}\n${subject} : ${against} = ${ratio.median.toFixed(3)} (p10 ${ratio.low.toFixed(2)}, p90 ${ratio.high.toFixed(2)}), budget ${budget}: ${kept}\n`;
}

export function pendingTable({ wakeUp, bytes, threadBytes, loopDelay }: PendingFigures): string {
  const table = new Table({ head: ['waits that pend', ''], colAligns: ['left', 'right'], style: STYLE });
  for (const { pending, microseconds } of wakeUp) table.push([`wake-up with ${pending.toLocaleString('en')} pending`, `${format(microseconds)} µs`]);
  table.push(
    ['memory of a wait for an event', `${format(bytes.event)} bytes`],
    ['memory of an acquire in a mutex\'s queue', `${format(bytes.mutex)} bytes`],
    ['memory of a wait thread (resident)', `${(threadBytes / 2 ** 20).toFixed(1)} MiB`],
    ['event loop delay p99, no wait', `${loopDelay.idle.toFixed(2)} ms`],
    ['event loop delay p99, 1,000 waits', `${loopDelay.pending.toFixed(2)} ms`],
  );
  return table.toString();
}

export function handOverTable({ c, sync, async }: HandOver): string {
  const table = new Table({ head: ['hand-over of a mutex between two processes', ''], colAligns: ['left', 'right'], style: STYLE });
  table.push(['C', `${format(c)} µs`], ['waitSync()', `${format(sync)} µs`], ['await acquire()', `${format(async)} µs`]);
  return table.toString();
}

function format(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: Math.abs(value) < 100 ? 1 : 0 });
}
