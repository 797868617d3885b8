import type { TimelineReport } from './scenario-report.js';

export interface Rate {
  /** The end of the slice, in ms since the scenario began. */
  readonly at: number;
  /** Operations a second. */
  readonly perSecond: number;
}

/** A slice that is shorter than so much of the others says nothing: the one before the end may be of a millisecond. */
const LEAST_LENGTH = 0.5;

/** Slice by slice of the timeline. The last one is left out: it is that of coming to the end, and as long as that takes. */
export function ratesOf({ at, operations }: TimelineReport, isCounted: (contender: number) => boolean = () => true): Rate[] {
  const counted = operations.filter((_, contender) => isCounted(contender));
  const usual = ((at.at(-2) ?? 0) - (at[0] ?? 0)) / Math.max(1, at.length - 2);
  return at.slice(1, -1).flatMap((time, index) => {
    const milliseconds = time - (at[index] ?? 0);
    const done = counted.reduce((sum, own) => sum + (own[index + 1] ?? 0) - (own[index] ?? 0), 0);
    return milliseconds <= LEAST_LENGTH * usual ? [] : [{ at: time, perSecond: done * 1000 / milliseconds }];
  });
}
