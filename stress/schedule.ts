import { reportCount } from './techniques/run-techniques.js';

/** Of the time of a scenario, for each technique in each direction: they are many, and each is a small matter. */
export const TECHNIQUE_SHARE = 1 / 5;

/** What follows one another in a run. */
export interface Schedule {
  readonly scenarios: number;
  readonly techniques: boolean;
  /** Each has all of it. */
  readonly kernels: number;
}

/** For each scenario, where all of the run is to last `duration` seconds. */
export function secondsEach(duration: number, { scenarios, techniques, kernels }: Schedule): number {
  return duration / (kernels * (scenarios + techniqueParts(techniques)));
}

/** What the techniques take, in times of a scenario. */
export function techniqueParts(techniques: boolean): number {
  return techniques ? reportCount * TECHNIQUE_SHARE : 0;
}
