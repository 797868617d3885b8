import type { ScenarioReport, Verdict } from '../../report/scenario-report.js';
import type { KernelRun, StressDocument } from '../../report/stress-document.js';
import type { StressReport } from '../../report/stress-report.js';
import { benchmarkSection } from './benchmarks.js';
import { handOverChart, holdChart, shareChart, throughputChart, waitChart } from './charts.js';
import { count, duration, figure, ratio, ROUNDING, type Path } from './figure.js';
import { embeddedJson, html, Markup, table, type Column } from './markup.js';
import { STYLESHEET } from './style.js';
import { handOverTable, techniqueTable, negativeControlTable, resourceUsageTable } from './tables.js';

const VERDICTS: Record<Verdict, Markup> = {
  held: html`held`,
  broken: html`<strong class="bad">BROKEN</strong>`,
  caught: html`broke, as it must`,
  missed: html`<strong class="bad">DID NOT BREAK</strong>`,
  inconclusive: html`not put to the test`,
};

/** A report as one HTML page, which needs nothing else: no network, no script. The document is in it as JSON. */
export function renderPage(document: StressDocument): string {
  const { runs, notRun, benchmarks = [] } = document;
  return html`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"><link rel="icon" href="data:,">
<title>waitable: stress report</title><style>${new Markup(STYLESHEET)}</style></head>
<body><h1>waitable: stress report</h1>
<p class="note">${ROUNDING} A percentile is that of a histogram with two significant digits. The whole report is in this page, as JSON in the element with the id “report”.</p>
${notRun.map(line => html`<p>${line}</p>`)}
${runs.map((run, index) => runSection(run, ['runs', index]))}
${benchmarks.map((run, index) => benchmarkSection(run, ['benchmarks', index]))}
<script type="application/json" id="report">${embeddedJson(document)}</script>
</body></html>
`.text;
}

function runSection(run: KernelRun, path: Path): Markup {
  const title = run.kernel === 'linux' ? 'Linux' : 'Win32';
  return html`<section><h2>${title}</h2>
${isWhole(run) ? preamble(run) : html`<p><strong class="bad">There is no report</strong> (exit code ${run.exitCode}): these scenarios had ended.</p>`}
${overview(run.scenarios, path)}
${handOverTable(run.scenarios, path)}
${isWhole(run) ? [negativeControlTable(run, path), techniqueTable(run, path), resourceUsageTable(run, path)] : []}
${run.scenarios.map(report => scenarioSection(report, path))}
</section>`;
}

function isWhole(run: KernelRun): run is KernelRun & StressReport {
  return 'machine' in run;
}

function preamble({ machine, options, startedAt, ended, passed }: StressReport): Markup {
  const contenders = Object.entries(options.contenders).map(([kind, number]) => `${number} ${kind}`).join(', ');
  return html`<p>${passed ? 'Passed' : html`<strong class="bad">FAILED</strong>`}; ended ${ended}. Begun ${startedAt}, seed ${String(options.seed)}, ${String(Number(options.seconds.toPrecision(3)))} s a scenario, contenders: ${contenders}.</p>
<p class="note">${machine.system}, ${machine.processor}, ${String(machine.processors)} processors; Node ${machine.node} ${machine.arch}; waitable ${machine.waitable}.</p>`;
}

const OVERVIEW: readonly Column[] = [
  { head: 'scenario' }, { head: 'verdict' }, ...['operations', 'a second', 'wait p50', 'p99', 'max', 'hold p50', 'p99', 'Jain’s index', 'abandoned', 'faults'].map(head => ({ head, isNumber: true })),
];

function overview(scenarios: readonly ScenarioReport[], path: Path): Markup | string {
  if (scenarios.length === 0) return '';
  const rows = scenarios.map((report, index) => {
    const { scenario, verdict, operations, seconds, fairness, abandonments, faults } = report;
    const at = (...steps: Path) => [...path, 'scenarios', index, ...steps];
    const time = (of: 'waits' | 'holds', what: 'p50' | 'p99' | 'max') => report[of].count === 0 ? '–' : figure(at(of, what), report[of][what], duration);
    return [
      html`<a href="#${anchor(report, path)}">${scenario}</a>`, VERDICTS[verdict], figure(at('operations'), operations, count), seconds === 0 ? '–' : count(Math.round(operations / seconds)),
      time('waits', 'p50'), time('waits', 'p99'), time('waits', 'max'), time('holds', 'p50'), time('holds', 'p99'),
      figure(at('fairness', 'jain'), fairness.jain, ratio), figure(at('abandonments'), abandonments, count), count(faults.length),
    ];
  });
  return html`<div class="wide">${table('Scenarios', OVERVIEW, rows)}</div>`;
}

function anchor({ scenario }: ScenarioReport, path: Path): string {
  return encodeURIComponent([...path, scenario].join('-'));
}

function scenarioSection(report: ScenarioReport, path: Path): Markup {
  const { scenario, verdict, remarks, broken } = report;
  return html`<section id="${anchor(report, path)}"><h3>${scenario}: ${VERDICTS[verdict]}</h3>
${broken.map(({ invariant, seen }) => html`<p>Did not hold: ${invariant}${seen === '' ? '' : `: ${seen}`}</p>`)}
${remarks.map(remark => html`<p class="note">${remark}</p>`)}
<div class="charts">${throughputChart(report)}${shareChart(report)}${waitChart(report)}${holdChart(report)}${handOverChart(report)}</div></section>`;
}
