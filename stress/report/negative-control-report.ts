import type { BrokenInvariant, Verdict } from './scenario-report.js';

/** What became of a scenario's broken twin. */
export interface NegativeControlReport {
  readonly scenario: string;
  /** What is wrong with it. */
  readonly defect: string;
  readonly verdict: Extract<Verdict, 'caught' | 'missed' | 'inconclusive'>;
  readonly interrupted: boolean;
  /** How often it was run, each time longer. */
  readonly attempts: number;
  /** Until it was caught or given up, over all attempts. */
  readonly seconds: number;
  /** What was noticed first. */
  readonly noticed?: BrokenInvariant;
}
