import type { Scenario } from './scenario.js';
import { reportCount } from '../techniques/run-techniques.js';

/** Of the time of a scenario, for each technique in each direction: they are many, and each is a small matter. */
export const TECHNIQUE_SHARE = 1 / 5;

/** Of the time of a scenario, for each broken twin: most are caught in a small part of it. */
export const NEGATIVE_CONTROL_SHARE = 1 / 4;

/** What follows one another in a run. */
export interface Schedule {
  readonly scenarios: readonly Scenario[];
  /** Whose broken twins. */
  readonly selfTest: readonly Scenario[];
  readonly techniques: boolean;
  /** Each has all of it. */
  readonly kernels: number;
}

/** For each scenario, where all of the run is to last `duration` seconds. */
export function secondsEach(duration: number, { scenarios, selfTest, techniques, kernels }: Schedule): number {
  return duration / (kernels * (scenarios.length + negativeControlParts(selfTest) + techniqueParts(techniques)));
}

/** What broken twins take, in times of a scenario. */
export function negativeControlParts(selfTest: readonly Scenario[]): number {
  return selfTest.reduce((sum, { negativeControls = [] }) => sum + negativeControls.length, 0) * NEGATIVE_CONTROL_SHARE;
}

/** What the techniques take, in times of a scenario. */
export function techniqueParts(techniques: boolean): number {
  return techniques ? reportCount * TECHNIQUE_SHARE : 0;
}
