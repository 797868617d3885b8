import { Durations } from '../../measure/durations.js';
import { HOT_PARTS, type BenchmarkRun, type Figures, type Spread } from '../../report/benchmark-run.js';
import { reportOf, type DurationsReport } from '../../report/figures.js';
import { ratesOf } from '../../report/throughput.js';
import type { ContenderReport, ScenarioReport } from '../../report/scenario-report.js';
import type { KernelRun, StressDocument } from '../../report/stress-document.js';
import type { TechniqueReport } from '../../report/technique-report.js';
import type { NegativeControlReport } from '../../report/negative-control-report.js';
import { quantile } from '../../util/statistics.js';

/** A number that a later report can have too. */
export interface Figure {
  /** The kernel, and the scenario or whatever else it is of. */
  readonly where: string;
  readonly what: string;
  readonly unit: 'ns' | 'a second' | 'times';
  readonly value: number;
  readonly family: Family;
  /** How far it goes within one run, as a ratio: of the 90th to the 10th percentile of the run's parts. */
  readonly spread?: number;
}

/** Figures of one family vary about as much as each other from run to run. */
export type Family = 'throughput' | 'median' | 'p99' | 'hand-over median' | 'hand-over p99' | 'technique' | 'detection' | 'benchmark' | 'ratio';

/** With fewer slices no spread can be told. */
const LEAST_SLICES = 4;
/** With fewer durations their percentile is that of a handful. */
const LEAST_COUNTS = { p50: 100, p99: 5000 } as const;

export function figuresOf({ runs, benchmarks = [] }: StressDocument): Figure[] {
  return [...runs.flatMap(ofRun), ...benchmarks.flatMap(ofBenchmark)];
}

function ofRun(run: KernelRun): Figure[] {
  const scenarios = run.scenarios.flatMap(scenario => ofScenario(scenarioTitle(run, scenario), scenario));
  if (!('machine' in run)) return scenarios;
  return [...scenarios, ...run.negativeControls.flatMap(control => ofNegativeControl(negativeControlTitle(run, control), control)), ...run.techniques.flatMap(technique => ofTechnique(techniqueTitle(run, technique), technique))];
}

export function scenarioTitle({ kernel }: KernelRun, { scenario }: ScenarioReport): string {
  return `${kernel} ${scenario}`;
}

export function negativeControlTitle({ kernel }: KernelRun, { scenario, defect }: NegativeControlReport): string {
  return `${kernel} ${scenario}, ${defect}`;
}

export function techniqueTitle({ kernel }: KernelRun, { technique, direction }: TechniqueReport): string {
  return `${kernel} ${technique} ${direction}`;
}

function ofScenario(where: string, { timeline, contenders, handOvers }: ScenarioReport): Figure[] {
  const rates = ratesOf(timeline).map(({ perSecond }) => perSecond);
  const low = quantile(rates, 0.1);
  const within = rates.length >= LEAST_SLICES && low > 0 ? { spread: quantile(rates, 0.9) / low } : {};
  const throughput: Figure[] = rates.length === 0 ? [] : [{ where, what: 'operations', unit: 'a second', value: quantile(rates, 0.5), family: 'throughput', ...within }];
  // Kind by kind: how much of all comes from whom is the scheduler's choice, and between a thread of Node and a C program there is a factor of two.
  const kinds = [...new Set(contenders.map(({ kind }) => kind))];
  const perKind = kinds.flatMap(kind => {
    const own = contenders.filter(each => each.kind === kind);
    return [['wait', together(own, 'waits')] as const, ['hold', together(own, 'holds')] as const].flatMap(([what, durations]) => [
      ...percentile('p50', { where, what: `${what} of a ${kind}`, family: 'median', ...within }, durations),
      ...percentile('p99', { where, what: `${what} of a ${kind}`, family: 'p99' }, durations),
    ]);
  });
  const perPair = handOvers.flatMap(({ from, to, durations }) => [
    ...percentile('p50', { where, what: `hand-over ${from} → ${to}`, family: 'hand-over median' }, durations),
    ...percentile('p99', { where, what: `hand-over ${from} → ${to}`, family: 'hand-over p99' }, durations),
  ]);
  return [...throughput, ...perKind, ...perPair];
}

function together(contenders: readonly ContenderReport[], which: 'waits' | 'holds'): DurationsReport {
  const sum = new Durations();
  for (const contender of contenders) sum.add(Durations.decode(contender[which].histogram));
  return reportOf(sum);
}

function percentile(which: 'p50' | 'p99', { what, ...figure }: Pick<Figure, 'where' | 'what' | 'family' | 'spread'>, durations: DurationsReport): Figure[] {
  return durations.count < LEAST_COUNTS[which] ? [] : [{ ...figure, what: `${what}, ${which}`, unit: 'ns', value: durations[which] }];
}

function ofNegativeControl(where: string, { verdict, seconds }: NegativeControlReport): Figure[] {
  return verdict === 'caught' && seconds > 0 ? [{ where, what: 'until it was caught', unit: 'ns', value: seconds * 1e9, family: 'detection' }] : [];
}

function ofTechnique(where: string, { verdict, operations, seconds, unit }: TechniqueReport): Figure[] {
  return verdict === 'held' && operations > 0 && seconds > 0 ? [{ where, what: unit, unit: 'a second', value: operations / seconds, family: 'technique' }] : [];
}

/** The library's way, and how it compares with what stands beside it: that is of pairs in the same round, which the machine's drift leaves alone. */
function ofBenchmark(run: BenchmarkRun): Figure[] {
  const wakeUps = run.pending === undefined ? [] : [run.pending.wakeUp];
  return [...HOT_PARTS.flatMap((part): readonly Figures[] => run[part] ?? []), ...wakeUps].flatMap(({ name, subject, against, nanoseconds, ratios }) => {
    const where = `${run.kernel} benchmark: ${name}`;
    return [
      ...spread(nanoseconds[subject], { where, what: subject, unit: 'ns', family: 'benchmark' }),
      ...(subject === against ? [] : spread(ratios[against], { where, what: `${subject} : ${against}`, unit: 'times', family: 'ratio' })),
    ];
  });
}

function spread(of: Spread | undefined, figure: Omit<Figure, 'value' | 'spread'>): Figure[] {
  return of === undefined || !(of.median > 0 && of.low > 0) ? [] : [{ ...figure, value: of.median, spread: of.high / of.low }];
}
