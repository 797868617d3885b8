import { ratesOf } from '../report/rates.js';
import type { ScenarioReport } from '../report/scenario-report.js';

/** For people: what counts as noise. */
export const NOISE = `What counts as noise: of each scenario, each run's throughput is looked at in the time slices of its timeline (a quarter of a second, in long runs more). Its spread is the ratio of the 90th to the 10th percentile of the slices.
A median of throughput, or of the durations of waits, holds and hand-overs, has changed if it is more times greater or less than the greater spread of the two runs, and at least 5 % off. A 99th percentile has to change by the
square of that. Verdicts, and what only one of the reports has, are always told. All of it holds for runs on one machine, at rest, with the same contenders; where these differ, it is said.`;

/** No change is told below it: the histograms' buckets alone are 1/32 wide. */
const LEAST = 1.05;
/** With fewer slices no spread can be told. */
const LEAST_SLICES = 4;

/** The ratio beyond which a change is one; absent when a run is too short to tell. */
export function noiseOf(old: ScenarioReport, current: ScenarioReport): number | undefined {
  const spreads = [old, current].map(report => spreadOf(throughputOf(report)));
  const [one, other] = spreads;
  return one === undefined || other === undefined ? undefined : Math.max(LEAST, one, other);
}

/** Operations a second, slice by slice. */
export function throughputOf(report: ScenarioReport): number[] {
  return ratesOf(report.timeline).map(({ perSecond }) => perSecond);
}

function spreadOf(rates: readonly number[]): number | undefined {
  if (rates.length < LEAST_SLICES) return undefined;
  const low = quantile(rates, 0.1);
  return low > 0 ? quantile(rates, 0.9) / low : undefined;
}

/** The value that so great a part of all does not exceed. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}
