import type { Budget } from '../report/benchmark-run.js';

/** Gives the ns that so many iterations took. */
export type Runner = (iterations: number) => Promise<number>;

/** One thing that is done over and over, by each runner in its own way. */
export interface HotPath {
  readonly name: string;
  /** The library's way; `against` is what it is compared with. */
  readonly subject: string;
  readonly against: string;
  readonly budget?: Budget;
  /** What a round is, where it is not so many operations. */
  readonly round?: string;
  readonly runners: Readonly<Record<string, Runner>>;
}

/** For an operation that takes so long that the call of a function is nothing beside it. */
export function timed(operation: () => void): Runner {
  return timedLoop(iterations => {
    for (let i = 0; i < iterations; i++) operation();
  });
}

export function timedAsync(operation: () => Promise<void>): Runner {
  return timedLoop(async iterations => {
    for (let i = 0; i < iterations; i++) await operation();
  });
}

/** For an operation of some ns: a loop that it has to itself is compiled for it alone. */
export function timedLoop(loop: (iterations: number) => void | Promise<void>): Runner {
  return async iterations => {
    const began = process.hrtime.bigint();
    const end = loop(iterations);
    if (end !== undefined) await end;
    return Number(process.hrtime.bigint() - began);
  };
}

/** For a runner that takes long: one turn for so many of the others', and the time that as many would take. */
export function oneIn(divisor: number, run: Runner): Runner {
  return async iterations => {
    const turns = Math.ceil(iterations / divisor);
    return await run(turns) * iterations / turns;
  };
}
