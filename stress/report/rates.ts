import type { ScenarioReport } from './scenario-report.js';

/** In ms: the last sample in time is taken a little after it. */
const GRACE = 100;

export interface Rate {
  /** The end of the slice, in ms since the scenario began. */
  readonly at: number;
  /** Operations a second. */
  readonly perSecond: number;
}

/** Slice by slice of the timeline, while the contenders were to contend: the last sample is taken when all have come to their ends. */
export function ratesOf({ timeline: { at, operations }, seconds }: Pick<ScenarioReport, 'timeline' | 'seconds'>, isCounted: (contender: number) => boolean = () => true): Rate[] {
  const counted = operations.filter((_, contender) => isCounted(contender));
  const end = (at[0] ?? 0) + seconds * 1000 + GRACE;
  return at.slice(1).flatMap((time, index) => {
    const milliseconds = time - (at[index] ?? 0);
    const done = counted.reduce((sum, own) => sum + (own[index + 1] ?? 0) - (own[index] ?? 0), 0);
    return milliseconds <= 0 || time > end ? [] : [{ at: time, perSecond: done * 1000 / milliseconds }];
  });
}
