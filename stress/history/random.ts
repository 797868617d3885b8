const RANGE = 2 ** 32;

/**
 * Marsaglia's xorshift32 (shifts 13, 17, 5): the same numbers in every language that has 32-bit integers. `helper/common/random.h` is the other implementation.
 *
 * @see {@link https://doi.org/10.18637/jss.v008.i14 | Xorshift RNGs}
 */
export class Random {
  #state: number;

  /** @param seed - From 1 to 2^31 - 1: from 0 it would never get away. */
  constructor(seed: number) {
    if (!Number.isInteger(seed) || seed < 1 || seed >= RANGE / 2) throw new RangeError(`seed must be an integer from 1 to ${RANGE / 2 - 1}; given: ${seed}`);
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

  /** For another generator. */
  seed(): number {
    return 1 + this.below(RANGE / 2 - 1);
  }
}
