import { createHash, randomInt } from 'node:crypto';

const RANGE = 2 ** 32;
/** Seeds are from 1 up to this, so that C takes them for signed. */
export const LARGEST_SEED = 2 ** 31 - 1;

/**
 * What is left to chance in a run comes from here, so that its seed brings the same choices again. Marsaglia's xorshift32 (shifts 13, 17, 5): the same numbers in every language that
 * has 32-bit integers. `helper/common/random.h` is the other implementation.
 *
 * @see {@link https://doi.org/10.18637/jss.v008.i14 | Xorshift RNGs}
 */
export class Random {
  #state: number;

  /** @param seed - From 1 to 2^31 - 1: from 0 it would never get away. */
  constructor(seed: number) {
    if (!Number.isInteger(seed) || seed < 1 || seed > LARGEST_SEED) throw new RangeError(`seed must be an integer from 1 to ${LARGEST_SEED}; given: ${seed}`);
    this.#state = seed;
  }

  /** From 0 to `limit` - 1. */
  below(limit: number): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state;
    return Math.floor(((state >>> 0) * limit) / RANGE);
  }

  /** From `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  /** Heads or tails. */
  flip(): boolean {
    return this.below(2) === 1;
  }

  pick<Item>(items: readonly Item[]): Item | undefined {
    return items[this.below(items.length)];
  }

  /** For another generator. */
  seed(): number {
    return 1 + this.below(LARGEST_SEED);
  }
}

/** Another one each time. */
export function randomSeed(): number {
  return randomInt(1, LARGEST_SEED + 1);
}

/** The seed for one purpose among those of a run: what others draw, and whether they run at all, changes nothing for it. */
export function seedFor(purpose: string, seed: number): number {
  const digest = createHash('sha256').update(`${seed} ${purpose}`).digest();
  return 1 + (digest.readUInt32LE() % LARGEST_SEED);
}
