import type { TechniqueContext } from './technique-context.js';

/** One of the ways in which programs of different bitness share something, and the exact invariants that are checked while it is used over and over again. */
export interface Technique {
  readonly name: string;
  /** One line: what is run. */
  readonly summary: string;
  /** What its operations are, in the plural. */
  readonly unit: string;
  /** A negative control has to break an invariant, described in these words: it proves that the checks would notice. */
  readonly control?: RegExp;
  run(context: TechniqueContext): Promise<void>;
}
