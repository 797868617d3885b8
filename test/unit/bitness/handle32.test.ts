import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromHandle32, isSignificant, toHandle32 } from 'waitable/bitness';
import { expectThrow, untyped } from '../../support/expect-throw.js';

const handle = fc.integer({ min: -0x80000000, max: 0x7fffffff });

describe('a handle', () => {
  test('comes back from a 32-bit process as it went', () => {
    fc.assert(fc.property(handle, value => {
      expect(fromHandle32(toHandle32(value))).toBe(value);
      expect(fromHandle32(toHandle32(BigInt(value)))).toBe(value);
      expect(toHandle32(BigInt.asUintN(64, BigInt(value)))).toBe(toHandle32(value));
    }));
  });

  test('is the same 32 bits to a 32-bit process, whether that takes them for signed or not', () => {
    fc.assert(fc.property(handle, value => {
      expect(toHandle32(value) | 0).toBe(value);
      expect(fromHandle32(value)).toBe(value);
    }));
  });

  test('is significant exactly if its upper half repeats its sign', () => {
    fc.assert(fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }), value => {
      const upper = BigInt.asUintN(32, value >> 32n);
      const negative = (value & 0x80000000n) !== 0n;
      expect(isSignificant(value)).toBe(upper === (negative ? 0xffffffffn : 0n));
    }));
    fc.assert(fc.property(handle, value => {
      expect(isSignificant(value)).toBe(true);
    }));
  });

  test.each([[-1, 0xffffffff], [-2, 0xfffffffe], [0x7c, 0x7c], [-0x80000000, 0x80000000], [0x7fffffff, 0x7fffffff]])('%d is %d when it is truncated', (wide, narrow) => {
    expect([toHandle32(wide), fromHandle32(narrow)]).toEqual([narrow, wide]);
  });
});

describe('what is no handle', () => {
  test.each([0xfffffffe, 0xfffffffen, 0x80000000, 2 ** 31, -(2 ** 31) - 1, 2n ** 64n, -(2n ** 63n) - 1n, 0x1_0000_0004n, 1.5, NaN, Infinity])('is not significant, and not truncated: %s', value => {
    expect(isSignificant(value)).toBe(false);
    expectThrow(() => toHandle32(value), RangeError, { code: 'ERR_OUT_OF_RANGE', mentions: ['handle', 'sign', String(value)] });
  });

  test.each([-(2 ** 31) - 1, 2 ** 32, 0.5, NaN])('is not extended: %s', value => {
    expectThrow(() => fromHandle32(value), RangeError, { code: 'ERR_OUT_OF_RANGE', mentions: ['value', '4294967295'] });
  });

  test.each(['4', undefined, null, {}])('has no such type: %j', value => {
    expectThrow(() => toHandle32(untyped(value)), TypeError, { mentions: ['handle'] });
    expectThrow(() => fromHandle32(untyped(value)), TypeError, { mentions: ['value'] });
  });

  test('a bigint is no 32-bit value', () => {
    expectThrow(() => fromHandle32(untyped(4n)), TypeError, { mentions: ['value', '4n'] });
  });
});
