import { Table } from '../libraries/cli-table.js';
import type { ContentionFigures } from './contention.js';
import type { HandOver } from './hand-over.js';
import type { Figures, Spread } from './measure.js';
import { OPEN_BUDGET, type NameFigures } from './names.js';
import { PENDING_BYTES_BUDGET, type PendingFigures } from './pending-waits.js';

const STYLE = { head: [], border: [], compact: true };

export function hotPathTable(figures: Figures): string {
  const { name, subject, nanoseconds, ratios, added } = figures;
  const table = new Table({ head: [name, 'median', 'p10 – p90', `${subject} : it`, 'takes more'], colAligns: ['left', 'right', 'right', 'right', 'right'], style: STYLE });
  for (const [runner, spread] of Object.entries(nanoseconds)) {
    const beside = runner === subject ? ['', ''] : [factor(ratios[runner]?.median), time(added[runner] ?? Number.NaN)];
    table.push([runner, time(spread.median), range(spread, time), ...beside]);
  }
  return `${table.toString()}\n${verdict(figures)}`;
}

function verdict({ subject, against, budget, nanoseconds, ratios }: Figures): string {
  const own = nanoseconds[subject]?.median ?? Number.NaN;
  const ratio = ratios[against];
  const parts = ratio === undefined ? [] : [`${subject} : ${against} = ${ratio.median.toFixed(3)} (${range(ratio, value => value.toFixed(2))})`];
  if (budget !== undefined && 'nanoseconds' in budget) parts.push(`budget ${time(budget.nanoseconds)}: ${kept(own <= budget.nanoseconds)}`);
  if (budget !== undefined && 'times' in budget && ratio !== undefined) parts.push(`budget ${budget.times}: ${kept(ratio.median <= budget.times)}`);
  return parts.length === 0 ? '' : `${parts.join(', ')}\n`;
}

export function contentionTable({ processes, locks }: ContentionFigures): string {
  const table = new Table({
    head: [`one mutex, ${processes} processes`, 'a second', 'p10 – p90', 'an owner', 'waitable : it', 'shares', 'longest wait'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'left', 'right'],
    style: STYLE,
  });
  for (const [lock, { nanoseconds, ratio, shares, longestWait }] of Object.entries(locks)) {
    const { median, low, high } = nanoseconds;
    table.push([
      lock, millions(median), `${millions(high)} – ${millions(low)}`, time(median), lock === 'waitable' ? '' : factor(ratio.median),
      `${shares.map(share => share.toFixed(0)).join(' + ')} %`, time(longestWait),
    ]);
  }
  return `${table.toString()}\n`;
}

function millions(nanoseconds: number): string {
  return `${(1000 / nanoseconds).toFixed(2)} M`;
}

export function namesTable(figures: readonly NameFigures[]): string {
  const table = new Table({ head: ['a name among', 'open + close', 'p10 – p90', ': the fewest', 'create + close'], colAligns: ['left', 'right', 'right', 'right', 'right'], style: STYLE });
  for (const { names, openAndClose, ratio, createAndClose } of figures) {
    table.push([names.toLocaleString('en'), time(openAndClose.median), range(openAndClose, time), factor(ratio.median), time(createAndClose.median)]);
  }
  const last = figures.at(-1)?.ratio.median ?? Number.NaN;
  return `${table.toString()}\nthe most : the fewest = ${last.toFixed(3)}, budget ${OPEN_BUDGET}: ${kept(last <= OPEN_BUDGET)}\n`;
}

export function pendingTable({ wakeUp, bytes, threadBytes, loopDelay }: PendingFigures): string {
  const table = new Table({ head: ['waits that pend', '', 'beside'], colAligns: ['left', 'right', 'left'], style: STYLE });
  const alone = wakeUp[0]?.microseconds;
  for (const { pending, microseconds } of wakeUp) {
    table.push([`wake-up with ${pending.toLocaleString('en')} pending`, `${format(microseconds)} µs`, pending === 1 || alone === undefined ? '' : `${factor(microseconds / alone)} × with 1`]);
  }
  const memory = (taken: number) => [`${format(taken)} bytes`, `budget ${PENDING_BYTES_BUDGET.toLocaleString('en')}: ${kept(taken <= PENDING_BYTES_BUDGET)}`];
  table.push(
    ['memory of a wait for an event', ...memory(bytes.event)],
    ['memory of an acquire in a mutex\'s queue', ...memory(bytes.mutex)],
    ['memory of a wait thread (resident)', `${(threadBytes / 2 ** 20).toFixed(1)} MiB`, ''],
    ['event loop delay p99, no wait', `${loopDelay.idle.toFixed(2)} ms`, ''],
    ['event loop delay p99, 1,000 waits', `${loopDelay.pending.toFixed(2)} ms`, `${factor(loopDelay.pending / loopDelay.idle)} × with none`],
  );
  return table.toString();
}

export function handOverTable({ c, sync, async }: HandOver): string {
  const table = new Table({ head: ['hand-over of a mutex between two processes', '', ': C'], colAligns: ['left', 'right', 'right'], style: STYLE });
  if (c !== undefined) table.push(['C', `${format(c)} µs`, '']);
  for (const [way, microseconds] of [['waitSync()', sync], ['await acquire()', async]] as const) {
    table.push([way, `${format(microseconds)} µs`, c === undefined ? '' : factor(microseconds / c)]);
  }
  return table.toString();
}

function range({ low, high }: Spread, of: (value: number) => string): string {
  return `${of(low)} – ${of(high)}`;
}

function kept(isKept: boolean): string {
  return isKept ? 'kept' : 'EXCEEDED';
}

/** Small ones with their digits: some of what is compared takes ten thousand times as long. */
function factor(value: number | undefined): string {
  if (value === undefined) return '';
  return value < 0.1 ? value.toPrecision(1) : value.toFixed(2);
}

function time(nanoseconds: number): string {
  const size = Math.abs(nanoseconds);
  if (size < 10_000) return `${format(nanoseconds)} ns`;
  return size < 10_000_000 ? `${format(nanoseconds / 1000)} µs` : `${format(nanoseconds / 1e6)} ms`;
}

function format(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: Math.abs(value) < 100 ? 1 : 0 });
}
