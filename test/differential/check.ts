import fc, { type Arbitrary } from 'fast-check';
import type { Program } from './actions.js';
import type { Model } from './model.js';
import { compare, Difference, type World } from './run.js';

/** How many programs, and which: `WAITABLE_FUZZ_RUNS`, and `WAITABLE_FUZZ_SEED` to see a failure again. */
const RUNS = Number(process.env['WAITABLE_FUZZ_RUNS'] ?? 25);
const SEED = process.env['WAITABLE_FUZZ_SEED'] === undefined ? undefined : Number(process.env['WAITABLE_FUZZ_SEED']);

/** The longest that random programs, and the shrinking of one that failed, may go on, in ms. Only a difference that makes waits hang comes near it. */
const LONGEST = 60_000;

/** More than that, for the tests: fast-check is the one to end. */
export const CHECK_TIMEOUT = 2 * LONGEST * Math.max(1, RUNS / 100);

export interface Found {
  /** The shortest difference found. */
  readonly difference: Difference;
  readonly report: string;
}

/** Compares random programs; `undefined` if no difference was found. */
export async function check(programs: Arbitrary<Program>, model: () => Model, world: () => World, { runs = RUNS, seed = SEED } = {}): Promise<Found | undefined> {
  const property = fc.asyncProperty(programs, program => compare(program, model(), world()));
  const details = await fc.check(property, { numRuns: runs, interruptAfterTimeLimit: CHECK_TIMEOUT / 2, ...(seed === undefined ? {} : { seed }) });
  if (!details.failed) return undefined;
  const { errorInstance: difference } = details;
  if (!(difference instanceof Difference)) throw new Error(`the programs could not be run (WAITABLE_FUZZ_SEED=${details.seed})`, { cause: difference });
  return { difference, report: report(difference, details) };
}

function report({ message }: Difference, { seed, numRuns, numShrinks }: { seed: number; numRuns: number; numShrinks: number }): string {
  return `the kernel and the model differ, as program ${numRuns} shows (shrunk ${numShrinks} times; again by WAITABLE_FUZZ_SEED=${seed}):\n\n${message}\n`;
}
