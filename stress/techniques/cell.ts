import type { Technique } from './technique.js';

/** From the bitness of the Node that uses the technique to that of its peer. */
export type Direction = '64→32' | '32→64';

export const directions = ['64→32', '32→64'] as const satisfies readonly Direction[];

/** What a run of one technique in one direction showed. */
export interface Cell {
  readonly technique: string;
  /** What was, or would have been, run. */
  readonly summary: string;
  readonly control: boolean;
  readonly direction: Direction;
  readonly outcome: 'held' | 'broken' | 'not run';
  readonly seconds: number;
  readonly operations: number;
  /** What is noteworthy besides. */
  readonly remarks: readonly string[];
  /** The invariants that did not hold, each with what was seen. */
  readonly broken: readonly string[];
  /** Absent where it was not run: that has shown nothing, neither that it works nor that it does not. A negative control passes by breaking what it has to break. */
  readonly passed?: boolean;
  /** Why it was not run. */
  readonly reason?: string;
}

/** What is found out while a technique is used. */
export type Findings = Pick<Cell, 'seconds' | 'operations' | 'remarks' | 'broken'>;

export function cellOf(technique: Technique, direction: Direction, findings: Findings): Cell {
  const { control } = technique;
  const { broken } = findings;
  const passed = control === undefined ? broken.length === 0 : broken.some(text => control.test(text));
  return { ...head(technique, direction), outcome: broken.length === 0 ? 'held' : 'broken', ...findings, passed };
}

export function notRun(technique: Technique, direction: Direction, reason: string): Cell {
  return { ...head(technique, direction), outcome: 'not run', seconds: 0, operations: 0, remarks: [], broken: [], reason };
}

/** The other end came before it was through with this. Not even a control has failed as it must. */
export function cutShort(technique: Technique, direction: Direction, how: string): Cell {
  return cellOf(technique, direction, { seconds: 0, operations: 0, remarks: [], broken: [`the Node that was to run it ended before (${how})`] });
}

function head({ name, summary, control }: Technique, direction: Direction): Pick<Cell, 'technique' | 'summary' | 'control' | 'direction'> {
  return { technique: name, summary, control: control !== undefined, direction };
}
