import type { FaultName } from '../../report/fault-name.js';
import { Durations } from '../../measure/durations.js';
import type { Spread } from '../../report/benchmark-run.js';
import type { DurationsReport } from '../../report/figures.js';
import { ratesOf } from '../../report/throughput.js';
import type { ScenarioReport } from '../../report/scenario-report.js';
import { drawSvg } from './draw.js';
import { duration, percent, ratio, significant } from './figure.js';
import { html, Markup } from './markup.js';
import { COLOURS, styleOfBits, styleOfPair, TOTAL, type LineStyle } from './style.js';

const COMPACT = new Intl.NumberFormat('en', { notation: 'compact' });

const WIDTH = 620;
/** Of one with names that are sentences beside it. */
const WIDE = 880;
const HEIGHT = 270;
const BAR_HEIGHT = 24;
const STRIP_HEIGHT = 12;
const FONT = { fontSize: 12, color: '#000', fontFamily: 'system-ui, "DejaVu Sans", sans-serif' };
const AXIS_LINE = { lineStyle: { color: '#000' } };
const SPLIT_LINE = { lineStyle: { color: '#ddd' } };

/** As text, and as echarts draws it. */
const FAULT_MARKS: Readonly<Record<FaultName, { readonly sign: string; readonly symbol: string; readonly turned?: number }>> = {
  kill: { sign: '▲', symbol: 'triangle' },
  reap: { sign: '△', symbol: 'path://M5 0L10 10H0ZM5 3L2 8.5H8Z' },
  suspend: { sign: '■', symbol: 'rect' },
  close: { sign: '◆', symbol: 'diamond' },
  exhaust: { sign: '●', symbol: 'circle' },
  interrupt: { sign: '◇', symbol: 'emptyDiamond' },
  full: { sign: '▼', symbol: 'triangle', turned: 180 },
  clock: { sign: '✚', symbol: 'path://M4 0h2v4h4v2h-4v4h-2v-4h-4v-2h4z' },
};

/** Of the time axis: beyond it the lines' names may come down to where its labels would be. */
const CLEAR = 0.9;

/** The last stands for the maximum. */
const PERCENTILES = [50, 75, 90, 95, 99, 99.9, 99.99, 100] as const;

/** How long something took, by percentile: a line for each name. Lines with no durations are left out; with none at all there is no chart. */
export function percentileChart(caption: string, lines: readonly { readonly name: string; readonly durations: Durations; readonly style: LineStyle }[]): Markup[] {
  const drawn = lines.filter(({ durations }) => durations.count > 0);
  if (drawn.length === 0) return [];
  return [chart(caption, {
    grid: { left: 76, right: 110, top: 16, bottom: 44 },
    xAxis: { type: 'category', name: 'percentile', nameLocation: 'middle', nameGap: 28, nameTextStyle: FONT, data: PERCENTILES.map(each => each === 100 ? 'max' : String(each)), axisLabel: FONT, axisLine: AXIS_LINE },
    yAxis: { type: 'log', axisLabel: { ...FONT, formatter: duration }, axisLine: { show: true, ...AXIS_LINE }, splitLine: SPLIT_LINE },
    series: drawn.map(({ name, durations, style }) => line(name, style, PERCENTILES.map(each => Math.max(1, durations.percentile(each))), { symbolSize: 7 })),
  })];
}

export function waitChart({ contenders }: ScenarioReport): Markup[] {
  return percentileChart('How long waits took, by the bitness of who waited', perBits(contenders, each => each.waits));
}

export function holdChart({ contenders }: ScenarioReport): Markup[] {
  return percentileChart('How long what was waited for was held, by the bitness of who held it', perBits(contenders, each => each.holds));
}

export function handOverChart({ handOvers }: ScenarioReport): Markup[] {
  return percentileChart('Hand-over, by the bitnesses of who let go → who came next', handOvers.map(({ from, to, durations }) => {
    const name = `${from} → ${to}`;
    return { name, durations: Durations.decode(durations.histogram), style: styleOfPair(name) };
  }));
}

function perBits(contenders: ScenarioReport['contenders'], of: (contender: ScenarioReport['contenders'][number]) => DurationsReport): { name: string; durations: Durations; style: LineStyle }[] {
  const sums = new Map<number, Durations>();
  for (const contender of contenders) {
    const sum = sums.get(contender.bits) ?? new Durations();
    sum.add(Durations.decode(of(contender).histogram));
    sums.set(contender.bits, sum);
  }
  return [...sums].map(([bits, durations]) => ({ name: `${bits} bits`, durations, style: styleOfBits(bits) }));
}

/** Operations a second between two samples, with a mark above for each fault. */
export function throughputChart(report: ScenarioReport): Markup[] {
  const { contenders, faults, timeline: { at } } = report;
  const rates = (isCounted?: (contender: number) => boolean) => ratesOf(report.timeline, isCounted).map(rate => [rate.at / 1000, rate.perSecond]);
  const end = (at.at(-1) ?? 0) / 1000;
  const bitnesses = [...new Set(contenders.map(({ bits }) => bits))];
  const total = rates();
  if (total.length === 0) return [];
  const showSymbol = total.length === 1; // there is no line then
  const parts = bitnesses.length < 2 ? [] : bitnesses.map(bits => line(`${bits} bits`, styleOfBits(bits), rates(contender => contenders[contender]?.bits === bits), { showSymbol }));
  const kinds = [...new Set(faults.map(({ fault }) => fault))];
  const timesOf = (kind: FaultName) => faults.filter(({ fault }) => fault === kind).map(fault => fault.at / 1000);
  const ticks = kinds.map((kind, index) => ({
    type: 'scatter', name: kind, xAxisIndex: 1, yAxisIndex: 1, symbol: FAULT_MARKS[kind].symbol, symbolRotate: FAULT_MARKS[kind].turned ?? 0, symbolSize: 8, itemStyle: { color: COLOURS.black }, silent: true,
    data: timesOf(kind).map(time => [time, index]),
  }));
  const strip = STRIP_HEIGHT * kinds.length;
  const legend = kinds.map(kind => `${FAULT_MARKS[kind].sign} ${kind} (${timesOf(kind).length})`).join(', ');
  return [chart(`Throughput over time${legend === '' ? '' : `; above: ${legend}`}`, {
    grid: [{ left: 76, right: 110, top: 16 + strip, bottom: 44 }, { left: 76, right: 110, top: 8, height: strip }],
    xAxis: [
      { type: 'value', name: 'seconds', nameLocation: 'middle', nameGap: 28, nameTextStyle: FONT, min: 0, max: end, axisLabel: { ...FONT, formatter: (second: number) => second > CLEAR * end ? '' : String(second) }, axisLine: AXIS_LINE, splitLine: { show: false } },
      { type: 'value', gridIndex: 1, min: 0, max: end, show: false },
    ],
    yAxis: [
      { type: 'value', min: 0, axisLabel: { ...FONT, formatter: (rate: number) => `${COMPACT.format(rate)}/s` }, axisLine: { show: true, ...AXIS_LINE }, splitLine: SPLIT_LINE },
      { type: 'value', gridIndex: 1, min: -0.5, max: Math.max(0.5, kinds.length - 0.5), show: false },
    ],
    series: [line('all', TOTAL, total, { showSymbol }), ...parts, ...ticks],
  })];
}

/** A bar for each contender, filled for 64 bits. */
export function shareChart({ contenders, operations }: ScenarioReport): Markup[] {
  if (operations === 0) return [];
  const height = 50 + BAR_HEIGHT * contenders.length;
  return [chart('Share of the operations', {
    grid: { left: 150, right: 70, top: 6, bottom: 40 },
    xAxis: { type: 'value', min: 0, axisLabel: { ...FONT, formatter: percent }, splitLine: SPLIT_LINE, splitNumber: 4 },
    yAxis: { type: 'category', inverse: true, data: contenders.map(({ kind, bits }, index) => `${index}: ${kind.replace(/\d+$/, '')}, ${bits} bits`), axisLabel: FONT, axisLine: AXIS_LINE, axisTick: { show: false } },
    series: [{
      type: 'bar', barWidth: 14, label: { show: true, position: 'right', ...FONT, formatter: ({ value }: { value: number }) => percent(value) },
      data: contenders.map(({ share, bits }) => ({ value: share, itemStyle: { color: bits === 32 ? '#fff' : COLOURS.blue, borderColor: bits === 32 ? COLOURS.vermilion : COLOURS.blue, borderWidth: 2 } })),
    }],
  }, { height })];
}

export interface RatioBar {
  readonly name: string;
  readonly against: string;
  readonly ratio: Spread;
  /** The most that the ratio may be. */
  readonly most: number | undefined;
}

/** How many times as long one way takes as another, on an axis where twice as long and half as long are as far from as long. */
export function ratioChart(caption: string, bars: readonly RatioBar[]): Markup[] {
  if (bars.length === 0) return [];
  const side = (labels: readonly string[], more: object) => ({ type: 'category', inverse: true, data: labels, axisLabel: { ...FONT, interval: 0 }, axisLine: AXIS_LINE, axisTick: { show: false }, ...more });
  const whiskers = bars.map(({ ratio: { low, high } }, index) => ({
    type: 'line', data: [[low, index], [high, index]], symbol: 'rect', symbolSize: [2, 10], lineStyle: { color: COLOURS.blue, width: 2 }, itemStyle: { color: COLOURS.blue }, silent: true,
  }));
  const budgets = bars.flatMap(({ most }, index) => most === undefined ? [] : [[most, index]]);
  return [chart(`${caption}: ● the median, ├─┤ the 10th to the 90th percentile of the rounds${budgets.length === 0 ? '' : ', ◆ the budget'}`, {
    grid: { left: 376, right: 172, top: 6, bottom: 44 },
    xAxis: { type: 'log', ...decadesOf(bars), name: 'times as long', nameLocation: 'middle', nameGap: 28, nameTextStyle: FONT, axisLabel: { ...FONT, formatter: significant }, splitLine: SPLIT_LINE, minorTick: { show: true, splitNumber: 9 }, minorSplitLine: { show: true, lineStyle: { color: '#eee' } } },
    yAxis: [side(bars.map(({ name }) => name), {}), side(bars.map(({ against, ratio: { median } }) => `${ratio(median)} × ${against}`), { position: 'right', axisLine: { show: false } })],
    series: [
      ...whiskers,
      { type: 'scatter', data: budgets, symbol: 'diamond', symbolSize: 13, itemStyle: { color: '#fff', borderColor: COLOURS.vermilion, borderWidth: 2 } },
      { type: 'scatter', data: bars.map(({ ratio: { median } }, index) => [median, index]), symbol: 'circle', symbolSize: 9, itemStyle: { color: COLOURS.blue }, markLine: { symbol: 'none', silent: true, label: { show: false }, lineStyle: { color: '#000', type: 'solid', width: 1 }, data: [{ xAxis: 1 }] } },
    ],
  }, { width: WIDE, height: 50 + BAR_HEIGHT * bars.length })];
}

/** From a power of ten to another, with 1 between. */
function decadesOf(bars: readonly RatioBar[]): { min: number; max: number } {
  const all = bars.flatMap(({ ratio: { low, high }, most = 1 }) => [low, high, most, 1]);
  return { min: 10 ** Math.floor(Math.log10(Math.min(...all))), max: 10 ** Math.ceil(Math.log10(Math.max(...all))) };
}

/** It carries its name at its end. */
function line(name: string, { colour, dash, mark }: LineStyle, data: readonly (number | readonly number[])[], more: object): object {
  return {
    type: 'line', name, data, symbol: mark, symbolSize: 5, lineStyle: { color: colour, type: dash, width: 2 }, itemStyle: { color: colour },
    endLabel: { show: true, ...FONT, color: colour, fontWeight: 'bold', textBorderColor: '#fff', textBorderWidth: 3, formatter: name, distance: 8 }, labelLayout: { moveOverlap: 'shiftY' }, ...more,
  };
}

function chart(caption: string, option: object, { width = WIDTH, height = HEIGHT } = {}): Markup {
  return html`<figure${width > WIDTH ? new Markup(' class="wide-chart"') : ''}><figcaption>${caption}</figcaption>${new Markup(drawSvg({ textStyle: FONT, ...option }, width, height))}</figure>\n`;
}
