import { median } from '../../util/statistics.js';
import type { Family, Figure } from './figures.js';
import { groupBy } from './group-by.js';

/** For people. */
export const NOISE = `What counts as noise. Runs of one program differ, mostly because the machine does: its clock speed, and what else it has to do. How much can only be told from several runs, best made at different times: give some older
reports, three or more. Of each figure, their geometric mean is compared. It has changed if it is further off than 3 n / (n - 1) standard deviations of its logarithm (times the root of 1 + 1 / n) in the n older reports, and
at least 5 %. A deviation that is small by chance counts as much as is usual in these reports: as the median of those of such figures, such as all medians of waits and holds.

With one older report, all that is known of the noise is how far the throughput of a scenario, or a benchmark, goes within its run: the ratio of the 90th to the 10th percentile of the time slices, or of the rounds, the greater of the
two reports. A throughput or a median has to change by the square of it: that finds great changes alone. What differs by more than that between runs of one program is not judged: 99th percentiles, hand-overs, techniques, and how
long it takes to catch a broken twin.

Waits and holds are compared for each kind of contender. Verdicts, abandonments that came to be more or fewer among as many kills than chance explains (3.3 standard deviations), and what only one of the reports has, are told in any
case. What differs in machine, contenders, seconds or faults is said first: such runs compare badly.`;

/** No change is told below it: the histograms' buckets alone are 1/32 wide. */
const LEAST = 1.05;
/** Tried on runs of one program, of which it tells two figures in a hundred as changed: at 4 it is one, and half of what a slower lock changes goes unnoticed. */
const DEVIATIONS = 3;

/** A figure beside its counterparts in the older reports, of which there is at least one. */
export interface Counterparts {
  readonly current: Figure;
  readonly old: readonly Figure[];
}

/** Of each family, the deviation that is usual from run to run. */
export type Usual = ReadonlyMap<Family, number>;

export function usualDeviations(all: readonly Counterparts[]): Usual {
  const families = groupBy(all.filter(({ old }) => old.length > 1), ({ current }) => current.family);
  return new Map([...families].map(([family, some]) => [family, median(some.map(({ old }) => deviation(old)))]));
}

/** The ratio beyond which a change is one; absent where it cannot be told. */
export function noiseOf({ current, old }: Counterparts, usual: Usual): number | undefined {
  const [only, ...others] = old;
  if (only === undefined || others.length > 0) return betweenRuns(current.family, old, usual);
  return current.spread === undefined || only.spread === undefined ? undefined : Math.max(LEAST, Math.max(current.spread, only.spread) ** 2);
}

function betweenRuns(family: Family, old: readonly Figure[], usual: Usual): number {
  const count = old.length;
  const deviations = DEVIATIONS * count / (count - 1) * Math.sqrt(1 + 1 / count);
  return Math.max(LEAST, Math.exp(deviations * Math.max(deviation(old), usual.get(family) ?? 0)));
}

export function geometricMean(figures: readonly Figure[]): number {
  const [first] = figures;
  if (first === undefined) return Number.NaN;
  // As ratios to one of them: of one alone, or of equal ones, it is exact.
  return first.value * Math.exp(figures.reduce((sum, { value }) => sum + Math.log(value / first.value), 0) / figures.length);
}

/** The standard deviation of the logarithms: what is a ratio varies by a ratio. */
function deviation(figures: readonly Figure[]): number {
  const mean = geometricMean(figures);
  return Math.sqrt(figures.reduce((sum, { value }) => sum + Math.log(value / mean) ** 2, 0) / (figures.length - 1));
}
