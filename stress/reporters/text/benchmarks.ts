import { Table } from '../../util/libraries/cli-table.js';
import { HOT_PARTS, isContention, keepsBudget, PENDING_BYTES_BUDGET, type ContentionFigures, type Figures, type Measured, type PendingFigures, type Spread } from '../../report/benchmark-run.js';

const STYLE = { head: [], border: [], compact: true };

/** What parts of the benchmark measured, for people. */
export function toTables({ pending, ...hot }: Partial<Measured>): string {
  const tables = HOT_PARTS.flatMap<Figures | ContentionFigures>(part => hot[part] ?? []).map(figures => isContention(figures) ? contentionTable(figures) : hotPathTable(figures));
  return [...tables, ...(pending === undefined ? [] : [hotPathTable(pending.wakeUp), pendingTable(pending)])].map(table => `${table}\n`).join('\n');
}

function hotPathTable(figures: Figures): string {
  const { name, subject, nanoseconds, ratios, added } = figures;
  const table = new Table({ head: [name, 'median', 'p10 – p90', `${subject} : it`, 'takes more'], colAligns: ['left', 'right', 'right', 'right', 'right'], style: STYLE });
  for (const [runner, spread] of Object.entries(nanoseconds)) {
    const beside = runner === subject ? ['', ''] : [factor(ratios[runner]?.median), time(added[runner] ?? Number.NaN)];
    table.push([runner, time(spread.median), range(spread, time), ...beside]);
  }
  return `${table.toString()}\n${verdict(figures)}`;
}

function verdict(figures: Figures): string {
  const { subject, against, budget, ratios, extent } = figures;
  const ratio = ratios[against];
  const isKept = keepsBudget(figures);
  return [
    ...(ratio === undefined ? [] : [`${subject} : ${against} = ${ratio.median.toFixed(3)} (${range(ratio, value => value.toFixed(2))})`]),
    ...(budget === undefined || isKept === undefined ? [] : [`budget ${'nanoseconds' in budget ? time(budget.nanoseconds) : budget.times}: ${kept(isKept)}`]),
    extent,
  ].join(', ');
}

function contentionTable(figures: ContentionFigures): string {
  const { name, subject, nanoseconds, ratios, shares, longestWait } = figures;
  const table = new Table({
    head: [name, 'a second', 'p10 – p90', 'an owner', `${subject} : it`, 'shares', 'longest wait'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'left', 'right'],
    style: STYLE,
  });
  for (const [lock, { median, low, high }] of Object.entries(nanoseconds)) {
    table.push([
      lock, millions(median), `${millions(high)} – ${millions(low)}`, time(median), lock === subject ? '' : factor(ratios[lock]?.median),
      `${(shares[lock] ?? []).map(share => (100 * share).toFixed(0)).join(' + ')} %`, time(longestWait[lock] ?? Number.NaN),
    ]);
  }
  return `${table.toString()}\n${verdict(figures)}`;
}

function millions(nanoseconds: number): string {
  return `${(1000 / nanoseconds).toFixed(2)} M`;
}

function pendingTable({ bytes, threadMegabytes, loopDelay }: PendingFigures): string {
  const table = new Table({ head: ['waits that pend', '', 'beside'], colAligns: ['left', 'right', 'left'], style: STYLE });
  const memory = (taken: number) => [`${format(taken)} bytes`, `budget ${PENDING_BYTES_BUDGET.toLocaleString('en')}: ${kept(taken <= PENDING_BYTES_BUDGET)}`];
  table.push(
    ['memory of a wait for an event', ...memory(bytes.event)],
    ['memory of an acquire in a mutex\'s queue', ...memory(bytes.mutex)],
    ['memory of a wait thread (resident)', `${threadMegabytes.toFixed(1)} MiB`, ''],
    ['event loop delay p99, no wait', milliseconds(loopDelay.idle), ''],
    ['event loop delay p99, 1,000 waits', milliseconds(loopDelay.pending), `${factor(loopDelay.pending / loopDelay.idle)} × with none`],
  );
  return table.toString();
}

function milliseconds(nanoseconds: number): string {
  return `${(nanoseconds / 1e6).toFixed(2)} ms`;
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
