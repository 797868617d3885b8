import { expect, test } from 'vitest';
import { Random } from '../../../stress/history/random.js';

test('a generator is xorshift32 with the shifts 13, 17 and 5', () => {
  const random = new Random(1);
  // 270369, 67634689 and 2647435461 of 2^32: the first numbers after 1.
  expect([random.below(2 ** 31), random.below(2 ** 31), random.below(2 ** 31)]).toEqual([135184, 33817344, 1323717730]);
});

test('its numbers are below the limit, and each of them comes up', () => {
  const random = new Random(7);
  const found = new Set(Array.from({ length: 1000 }, () => random.below(5)));
  expect([...found].sort()).toEqual([0, 1, 2, 3, 4]);
});

test('its seeds are good seeds', () => {
  const random = new Random(2 ** 31 - 1);
  for (let turn = 0; turn < 1000; turn++) expect(() => new Random(random.seed())).not.toThrow();
});

test.each([0, -1, 2 ** 31, 1.5, NaN])('a seed that is none is refused: %d', seed => {
  expect(() => new Random(seed)).toThrow(/seed must be an integer from 1 to 2147483647; given: /);
});
