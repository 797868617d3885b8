import { HOT_PARTS, isContention, keepsBudget, PENDING_BYTES_BUDGET, type BenchmarkRun, type Budget, type ContentionFigures, type Figures, type PartName, type PendingFigures, type Spread } from '../../report/benchmark-run.js';
import { ratioChart } from './charts.js';
import { bytes, count, duration, figure, megabytes, percent, ratio, type Path } from './figure.js';
import { html, table, type Column, type Markup } from './markup.js';

/** Figures, and where in the document they stand. */
interface Found {
  readonly figures: Figures | ContentionFigures;
  readonly path: Path;
}

const TITLES: Readonly<Record<PartName, string>> = {
  'hot-paths': 'Locks that nobody else wants',
  'wait-any': 'Waits for any of many that need not sleep',
  'ping-pong': 'Two processes that wake each other',
  'wake-up': 'Waking a process that waits for any of many',
  contention: 'A mutex that many processes want',
  'hand-over': 'A mutex from process to process',
  names: 'One name among many',
  recording: 'What it costs a contender of the stress run that its times are noted',
  pending: 'Waits that pend',
};

/** What `npm run bench` measured on one kernel. */
export function benchmarkSection(run: BenchmarkRun, path: Path): Markup {
  const hot = HOT_PARTS.map(part => ({ part, found: (run[part] ?? []).map((figures, index): Found => ({ figures, path: [...path, part, index] })) })).filter(({ found }) => found.length > 0);
  const wakeUp: Found[] = run.pending === undefined ? [] : [{ figures: run.pending.wakeUp, path: [...path, 'pending', 'wakeUp'] }];
  const all = [...hot.flatMap(({ found }) => found), ...wakeUp];
  return html`<section><h2>Benchmark: ${run.kernel === 'linux' ? 'Linux' : 'Win32'}, ${run.arch}</h2>
${run.exitCode === 0 ? '' : html`<p><strong class="bad">It ended before its time</strong> (exit code ${run.exitCode}): this had been measured.</p>`}
<p class="note">Node ${run.node} ${run.arch}, ${run.pinned ? 'processes placed on processors (--pin)' : 'processes where the system put them (--no-pin)'}; medians of ${String(run.rounds)} rounds of ${run.iterations.toLocaleString('en')} operations each, unless a table says otherwise, in turn, with the 10th and 90th percentile of the rounds. A ratio, and what the library’s way takes more, is the median of pairs in one round.</p>
${ratioChart('How many times as long the library takes', all.flatMap(({ figures: { name, against, ratios, budget } }) => {
    const beside = ratios[against];
    return beside === undefined ? [] : [{ name, against, ratio: beside, most: budget !== undefined && 'times' in budget ? budget.times : undefined }];
  }))}
${hot.map(({ part, found }) => html`<h3>${TITLES[part]}</h3>${found.map(figuresTable)}`)}
${run.pending === undefined ? '' : html`<h3>${TITLES.pending}</h3>${wakeUp.map(figuresTable)}${pendingTable(run.pending, [...path, 'pending'])}`}</section>`;
}

const SPREAD = ['median', 'low', 'high'] as const satisfies readonly (keyof Spread)[];
const numbers = (...heads: string[]): Column[] => heads.map(head => ({ head, isNumber: true }));

function figuresTable({ figures, path }: Found): Markup {
  const { subject, nanoseconds, ratios, added } = figures;
  const spread = (of: 'nanoseconds' | 'ratios', runner: string, values: Spread | undefined, format: (value: number) => string) =>
    SPREAD.map(what => values === undefined ? '' : figure([...path, of, runner, what], values[what], format));
  const rows = Object.keys(nanoseconds).map(runner => {
    const more = added[runner];
    const beside = runner === subject || more === undefined ? ['', '', '', ''] : [...spread('ratios', runner, ratios[runner], ratio), figure([...path, 'added', runner], more, duration)];
    return [runner, ...spread('nanoseconds', runner, nanoseconds[runner], duration), ...beside, ...(isContention(figures) ? contentionCells(figures, runner, path) : [])];
  });
  const columns = [{ head: '' }, ...numbers('median', 'p10', 'p90', `${subject} : it`, 'p10', 'p90', 'takes more'), ...(isContention(figures) ? numbers('shares of the wins', 'longest wait') : [])];
  return html`<div class="wide short">${table(captionOf(figures), columns, rows)}</div>`;
}

function contentionCells({ shares, longestWait }: ContentionFigures, lock: string, path: Path): (Markup | string)[] {
  const longest = longestWait[lock];
  return [
    html`${(shares[lock] ?? []).map((share, index) => html`${index === 0 ? '' : ' + '}${figure([...path, 'shares', lock, index], share, percent)}`)}`,
    longest === undefined ? '' : figure([...path, 'longestWait', lock], longest, duration),
  ];
}

function captionOf(figures: Figures): string {
  const { name, budget, extent } = figures;
  const isKept = keepsBudget(figures);
  return `${name} (${budget === undefined ? '' : `budget ${describe(budget)}${isKept === undefined ? '' : `: ${kept(isKept)}`}; `}${extent})`;
}

function describe(budget: Budget): string {
  return 'nanoseconds' in budget ? duration(budget.nanoseconds) : `${budget.times} times`;
}

function kept(isKept: boolean): string {
  return isKept ? 'kept' : 'EXCEEDED';
}

function pendingTable({ bytes: taken, threadMegabytes, loopDelay }: PendingFigures, path: Path): Markup {
  const at = (...steps: Path) => [...path, ...steps];
  const budget = (value: number) => `budget ${count(PENDING_BYTES_BUDGET)} bytes: ${kept(value <= PENDING_BYTES_BUDGET)}`;
  const rows = [
    ['memory of a wait for an event', figure(at('bytes', 'event'), taken.event, bytes), budget(taken.event)],
    ['memory of an acquire in a mutex’s queue', figure(at('bytes', 'mutex'), taken.mutex, bytes), budget(taken.mutex)],
    ['memory of a wait thread (resident)', figure(at('threadMegabytes'), threadMegabytes, megabytes), ''],
    ['event loop delay p99, no wait', figure(at('loopDelay', 'idle'), loopDelay.idle, duration), ''],
    ['event loop delay p99, 1,000 waits', figure(at('loopDelay', 'pending'), loopDelay.pending, duration), ''],
  ];
  return html`<div class="wide short">${table('What waits cost that pend (each measured once)', [{ head: '' }, ...numbers('measured'), { head: '' }], rows)}</div>`;
}
