/** From the bitness of the Node that uses the technique to that of its peer. */
export type Direction = '64→32' | '32→64';

export const directions = ['64→32', '32→64'] as const satisfies readonly Direction[];

/** What a run of one technique in one direction showed. */
export interface Cell {
  readonly technique: string;
  readonly control: boolean;
  readonly direction: Direction;
  readonly outcome: 'held' | 'broken' | 'not run';
  readonly seconds: number;
  readonly operations: number;
  /** What is noteworthy besides. */
  readonly remarks: readonly string[];
  /** The invariants that did not hold, each with what was seen. */
  readonly broken: readonly string[];
  /** Why it was not run. */
  readonly reason?: string;
}

/** Whether the run may succeed with it. A negative control passes by failing; what was not run has shown nothing, and is said to. */
export function passed({ control, outcome }: Cell): boolean {
  return outcome === 'not run' || outcome === (control ? 'broken' : 'held');
}

export function notRun(technique: { readonly name: string; readonly control?: true }, direction: Direction, reason: string): Cell {
  return { technique: technique.name, control: technique.control ?? false, direction, outcome: 'not run', seconds: 0, operations: 0, remarks: [], broken: [], reason };
}
