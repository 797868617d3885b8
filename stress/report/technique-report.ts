import type { BrokenInvariant, Verdict } from './scenario-report.js';

/** From the bitness of the Node that uses the technique to that of its peer, a C helper. */
export type Direction = '64→32' | '32→64';

/** What a run of one technique in one direction showed: a cell of the table technique × direction. */
export interface TechniqueReport {
  readonly technique: string;
  /** What was, or would have been, run. */
  readonly summary: string;
  /** A negative control: it has to break an invariant of its own, and no other will do. */
  readonly control: boolean;
  readonly direction: Direction;
  /** What was not run has shown nothing, neither that it works nor that it does not. */
  readonly verdict: Exclude<Verdict, 'inconclusive'> | 'not run';
  /** How long it took, in seconds. */
  readonly seconds: number;
  readonly operations: number;
  /** What the operations are, in the plural. */
  readonly unit: string;
  /** What is noteworthy besides. */
  readonly remarks: readonly string[];
  readonly broken: readonly BrokenInvariant[];
  /** Why it was not run. */
  readonly reason?: string;
}

export function techniquePassed({ verdict }: TechniqueReport): boolean {
  return verdict !== 'broken' && verdict !== 'missed';
}
