import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LARGEST_SEED, Random, randomSeed, seedFor } from '../../../stress/util/random.js';

const seeds = fc.integer({ min: 1, max: LARGEST_SEED });

describe('a generator of random choices', () => {
  test('is the xorshift32 that the C helpers have', () => {
    const random = new Random(1);
    // Marsaglia's shifts 13, 17 and 5, from 1: 270369, 67634689, 2647435461, 307599695.
    expect([1, 2, 3, 4].map(() => random.below(2 ** 32))).toEqual([270_369, 67_634_689, 2_647_435_461, 307_599_695]);
  });

  test('is xorshift32 with the shifts 13, 17 and 5, as the C helper has it', () => {
    const random = new Random(1);
    // 270369, 67634689 and 2647435461 of 2^32: the first numbers after 1.
    expect([random.below(2 ** 31), random.below(2 ** 31), random.below(2 ** 31)]).toEqual([135184, 33817344, 1323717730]);
  });

  test('makes the same choices from the same seed', () => {
    fc.assert(fc.property(seeds, seed => {
      const [one, other] = [new Random(seed), new Random(seed)];
      for (let choice = 0; choice < 20; choice++) expect(one.below(1000)).toBe(other.below(1000));
    }));
  });

  test('stays within what it is asked for', () => {
    fc.assert(fc.property(seeds, fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 500 }), (seed, least, width) => {
      const random = new Random(seed);
      const value = random.between(least, least + width);
      expect(value).toBeGreaterThanOrEqual(least);
      expect(value).toBeLessThanOrEqual(least + width);
      expect(random.seed()).toBeGreaterThanOrEqual(1);
      expect(random.pick([value])).toBe(value);
    }));
  });

  test.each([0, -1, 1.5, 2 ** 31, Number.NaN])('refuses %d for a seed', seed => {
    expect(() => new Random(seed)).toThrow(`seed must be an integer from 1 to ${LARGEST_SEED}; given: ${seed}`);
  });

  test('gets a seed of its own for each purpose, and another one in another run', () => {
    fc.assert(fc.property(seeds, fc.string(), (seed, purpose) => {
      expect(seedFor(purpose, seed)).toBe(seedFor(purpose, seed));
      expect(() => new Random(seedFor(purpose, seed))).not.toThrow();
    }));
    expect(new Set(['kills', 'lives', 'flows'].flatMap(purpose => [1, 2, 3].map(seed => seedFor(purpose, seed)))).size).toBe(9);
    expect(() => new Random(randomSeed())).not.toThrow();
  });
});
