import { HOT_PARTS, type BenchmarkRun, type Budget, type Figures, type Spread } from '../report/benchmark-run.js';
import { duration, figure, ratio, type Path } from './figure.js';
import { html, table, type Column, type Markup } from './markup.js';

/** What `npm run bench` measured on one kernel. */
export function benchmarkSection(run: BenchmarkRun, path: Path): Markup {
  const tables = HOT_PARTS.flatMap(part => (run[part] ?? []).map((figures, index) => hotPathTable(figures, [...path, part, index])));
  return html`<section><h2>Benchmark: ${run.kernel === 'linux' ? 'Linux' : 'Win32'}</h2>
<p class="note">Node ${run.node} ${run.arch}; medians of ${String(run.rounds)} rounds of ${run.iterations.toLocaleString('en')} operations each, in turn, with the 10th and 90th percentile of the rounds. A ratio is that of pairs in one round.</p>
${tables.map(each => html`<div class="wide">${each}</div>`)}</section>`;
}

const COLUMNS: readonly Column[] = [{ head: '' }, ...['median', 'p10', 'p90'].map(head => ({ head, isNumber: true }))];

function hotPathTable({ name, subject, budget, nanoseconds, ratios }: Figures, path: Path): Markup {
  const spread = (of: 'nanoseconds' | 'ratios', runner: string, values: Spread | undefined, format: (value: number) => string) =>
    (['median', 'low', 'high'] as const).map(what => values === undefined ? '' : figure([...path, of, runner, what], values[what], format));
  const rows = Object.keys(nanoseconds).map(runner => [
    runner, ...spread('nanoseconds', runner, nanoseconds[runner], duration), ...(runner === subject ? ['', '', ''] : spread('ratios', runner, ratios[runner], ratio)),
  ]);
  const caption = budget === undefined ? name : `${name} (budget: ${describe(budget)})`;
  return table(caption, [...COLUMNS, ...[`${subject} : it`, 'p10', 'p90'].map(head => ({ head, isNumber: true }))], rows);
}

function describe(budget: Budget): string {
  return 'nanoseconds' in budget ? duration(budget.nanoseconds) : `${budget.times} times`;
}
