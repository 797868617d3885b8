import { describeBroken, headlineOf, type ScenarioReport } from '../../report/scenario-report.js';
import type { StressReport } from '../../report/stress-report.js';
import type { TechniqueReport } from '../../report/technique-report.js';
import type { NegativeControlReport } from '../../report/negative-control-report.js';
import { count, duration, figure, megabytes, significant, type Path } from './figure.js';
import { html, table, type Column, type Markup } from './markup.js';

const numbers = (...heads: string[]): Column[] => heads.map(head => ({ head, isNumber: true }));
const texts = (...heads: string[]): Column[] => heads.map(head => ({ head }));
const PERCENTILES = ['p50', 'p90', 'p99', 'p999', 'max'] as const;

export function handOverTable(scenarios: readonly ScenarioReport[], path: Path): Markup | string {
  const rows = scenarios.flatMap(({ scenario, handOvers }, index) => handOvers.map(({ from, to, durations }, pair) => {
    const at = (what: string) => [...path, 'scenarios', index, 'handOvers', pair, 'durations', what];
    return [scenario, `${from} → ${to}`, figure(at('count'), durations.count, count), ...PERCENTILES.map(what => figure(at(what), durations[what], duration))];
  }));
  if (rows.length === 0) return '';
  return html`<div class="wide">${table('Hand-over, by the bitnesses of who let go and of who came next', [...texts('scenario', 'bits'), ...numbers('times', 'p50', 'p90', 'p99', 'p99.9', 'max')], rows)}</div>`;
}

export function resourceUsageTable({ resourceUsage, scenarios }: StressReport, path: Path): Markup {
  const first = ['at first', figure([...path, 'resourceUsage', 'handles'], resourceUsage.handles, count), figure([...path, 'resourceUsage', 'megabytes'], resourceUsage.megabytes, megabytes), '', '', ''];
  const rows = scenarios.map(({ scenario, resourceUsage: { handles, megabytes: memory }, loop, processes }, index) => {
    const at = (...steps: Path) => [...path, 'scenarios', index, ...steps];
    const each = processes.map((process, number) => {
      const where = (what: string) => at('processes', number, what);
      const own = process.handles === undefined ? '' : html` (${figure(where('handles'), process.handles, count)})`;
      return html`${number === 0 ? '' : ', '}${process.kind} ${figure(where('megabytes'), process.megabytes, megabytes)}${own}`;
    });
    return [
      `after ${scenario}`, figure(at('resourceUsage', 'handles'), handles, count), figure(at('resourceUsage', 'megabytes'), memory, megabytes),
      figure(at('loop', 'p99'), loop.p99, duration), figure(at('loop', 'max'), loop.max, duration), each,
    ];
  });
  const columns = [...texts(''), ...numbers('handles', 'memory', 'event loop held up, p99', 'max'), ...texts('contenders: memory (handles)')];
  return html`<div class="wide">${table('What the runner and its contenders use', columns, [first, ...rows])}</div>`;
}

export function techniqueTable({ techniques }: StressReport, path: Path): Markup | string {
  if (techniques.length === 0) return '';
  const rows = techniques.map(({ technique, direction, verdict, operations, remarks, broken, reason, summary }, index) => {
    return [technique, direction, RESULTS[verdict], figure([...path, 'techniques', index, 'operations'], operations, count), reason ?? [...broken.map(describeBroken), ...remarks, summary].join('; ')];
  });
  return html`<div class="wide">${table('Techniques of sharing between the bitnesses', [...texts('technique', 'direction', 'result'), ...numbers('operations'), ...texts('what was, or would have been, run')], rows)}</div>`;
}

const RESULTS: Record<TechniqueReport['verdict'], Markup | string> = {
  'not run': 'not run',
  held: 'held',
  broken: html`<strong class="bad">BROKEN</strong>`,
  caught: 'broke, as it must',
  missed: html`<strong class="bad">DID NOT BREAK</strong>`,
};

export function negativeControlTable({ negativeControls }: StressReport, path: Path): Markup | string {
  if (negativeControls.length === 0) return '';
  const rows = negativeControls.map(({ scenario, defect, verdict, seconds, noticed }, index) => {
    return [scenario, defect, NEGATIVE_CONTROL_RESULTS[verdict], figure([...path, 'negativeControls', index, 'seconds'], seconds, significant), noticed === undefined ? '' : headlineOf(noticed)];
  });
  return html`<div class="wide">${table('Broken twins, which the checks have to catch', [...texts('scenario', 'what is wrong with it', 'result'), ...numbers('after, in s'), ...texts('noticed by')], rows)}</div>`;
}

const NEGATIVE_CONTROL_RESULTS: Record<NegativeControlReport['verdict'], Markup | string> = { caught: 'caught', missed: html`<strong class="bad">MISSED</strong>`, inconclusive: 'not tried to its end' };
