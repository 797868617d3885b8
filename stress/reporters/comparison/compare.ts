import type { StressDocument } from '../../report/stress-document.js';
import { median } from '../../util/statistics.js';
import { differencesOfConditions } from './conditions.js';
import { figuresOf, type Family, type Figure } from './figures.js';
import { groupBy } from './group-by.js';
import { geometricMean, noiseOf, usualDeviations, type Counterparts } from './noise.js';
import { changedAbandonments, changedVerdicts, verdictsOf, type OutcomeChange } from './outcomes.js';

/** What differs between a report and one or more older ones. */
export interface Comparison {
  /** Why what follows has to be taken with care: another machine, other contenders; and what only one of them has. */
  readonly remarks: readonly string[];
  readonly outcomes: readonly OutcomeChange[];
  /** Those that are furthest beyond the noise first. */
  readonly changes: readonly Change[];
  /** How many figures were compared, and how many more there are of which the noise is not known. */
  readonly compared: number;
  readonly unjudged: number;
  /** By how much all throughputs and all medians of durations have changed: the median of their ratios. Absent where there are none. */
  readonly overall: Readonly<Partial<Record<'throughput' | 'median', number>>>;
}

/** A figure that has changed beyond the noise. */
export interface Change extends Pick<Figure, 'where' | 'what' | 'unit'> {
  /** The geometric mean, if there are several older reports. */
  readonly old: number;
  readonly current: number;
  /** The ratio that the change had to exceed. */
  readonly noise: number;
}

/** @param old - One report, or better several of what should be the same: how they differ among each other is the noise. */
export function compareDocuments(old: StressDocument | readonly StressDocument[], current: StressDocument): Comparison {
  const olds = 'runs' in old ? [old] : old;
  const before = groupBy(olds.flatMap(figuresOf), keyOf);
  const pairs = figuresOf(current).flatMap((figure): Counterparts[] => {
    const counterparts = before.get(keyOf(figure));
    return counterparts === undefined ? [] : [{ current: figure, old: counterparts }];
  });
  const usual = usualDeviations(pairs);
  const judged = pairs.flatMap((pair): Judged[] => {
    const noise = noiseOf(pair, usual);
    return noise === undefined ? [] : [{ ...pair, noise }];
  });
  return {
    remarks: [...differencesOfConditions(olds, current), ...onlyInOne(olds, current)],
    outcomes: [...changedVerdicts(olds, current), ...changedAbandonments(olds, current)],
    changes: judged.filter(pair => beyondNoise(pair) > 1).sort((one, other) => beyondNoise(other) - beyondNoise(one)).map(toChange),
    compared: judged.length,
    unjudged: pairs.length - judged.length,
    overall: { ...overallOf('throughput', pairs), ...overallOf('median', pairs) },
  };
}

function keyOf({ where, what }: Figure): string {
  return `${where}: ${what}`;
}

interface Judged extends Counterparts {
  readonly noise: number;
}

/** How many times the noise it has changed by. */
function beyondNoise(pair: Judged): number {
  return Math.abs(Math.log(ratioOf(pair))) / Math.log(pair.noise);
}

function toChange({ current: { where, what, unit, value }, old, noise }: Judged): Change {
  return { where, what, unit, old: geometricMean(old), current: value, noise };
}

function ratioOf({ current, old }: Counterparts): number {
  return current.value / geometricMean(old);
}

function overallOf(family: Family & ('throughput' | 'median'), pairs: readonly Counterparts[]): Comparison['overall'] {
  const ratios = pairs.filter(({ current }) => current.family === family).map(ratioOf);
  return ratios.length === 0 ? {} : { [family]: median(ratios) };
}

function onlyInOne(old: readonly StressDocument[], current: StressDocument): string[] {
  const before = new Set(old.flatMap(contentsOf));
  const now = new Set(contentsOf(current));
  return [...[...now].filter(each => !before.has(each)).map(each => `${each}: not in ${old.length === 1 ? 'the older report' : 'any older report'}`), ...[...before].filter(each => !now.has(each)).map(each => `${each}: not in the newer report`)];
}

/** What a report is of: kernels; scenarios, twins and techniques by their verdicts; benchmarks by their figures. */
function contentsOf(document: StressDocument): string[] {
  return [...document.runs.map(({ kernel }) => kernel), ...verdictsOf(document).keys(), ...figuresOf({ ...document, runs: [] }).map(({ where }) => where)];
}
