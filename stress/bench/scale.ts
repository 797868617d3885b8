/** How much is measured. */
export interface Scale {
  readonly rounds: number;
  /** In each round, of each operation. */
  readonly iterations: number;
  /** Of what has a number or a time of its own, this part. */
  readonly fraction: number;
  /** Whether processes that wake each other are placed on processors, or left where the system puts them. */
  readonly pinned: boolean;
}

const USUAL = { rounds: 41, fraction: 1 } as const;
/** Enough for a spread, and for nothing to be left out. */
const QUICK = { rounds: 3, iterations: 100, fraction: 0.1 } as const;

export interface ScaleOptions {
  readonly rounds?: number;
  readonly iterations?: number;
  readonly quick: boolean;
  readonly pin: boolean;
}

/** @param iterations - As many as the kernel's speed makes sensible. */
export function scaleOf({ rounds, iterations: asked, quick, pin }: ScaleOptions, iterations: number): Scale {
  const { fraction, ...usual } = quick ? QUICK : { ...USUAL, iterations };
  return { rounds: rounds ?? usual.rounds, iterations: asked ?? usual.iterations, fraction, pinned: pin };
}

/** Of a number of its own, at least 1. */
export function partOf(usual: number, { fraction }: Scale): number {
  return Math.ceil(usual * fraction);
}
