import { describe, expect, test } from 'vitest';
import { checkBoolean, checkInteger, checkText, checkTimeout } from '../../src/arguments.js';
import { INFINITE, MAXIMUM_TIMEOUT } from '../../src/kernel/status.js';
import { expectThrow } from '../support/expect-throw.js';

describe('a message shows what was given', () => {
  test.each<[unknown, string]>([
    [undefined, 'given: undefined'],
    [null, 'given: null'],
    [false, 'given: false'],
    ['text', 'given: "text"'],
    ['with\0NUL', 'given: "with\\u0000NUL"'],
    ['x'.repeat(1000), `given: "${'x'.repeat(40)}…"`],
    [10n, 'given: 10n'],
    [Symbol('s'), 'given: Symbol(s)'],
    [function named() { return 0; }, 'given: function named'],
    [{}, 'given: an object (Object)'],
    [[], 'given: an object (Array)'],
    [new Date(), 'given: an object (Date)'],
    [Object.create(null), 'given: an object (without a constructor)'],
    [{ constructor: undefined }, 'given: an object (without a constructor)'],
  ])('case %#', (value, shown) => {
    expect(() => checkInteger(value, 'argument', 1, 2)).toThrow(`argument must be an integer from 1 to 2; ${shown}`);
  });
});

describe('checkInteger', () => {
  test.each([-5, 0, 7])('gives %d, which is between its limits', value => {
    expect(checkInteger(value, 'n', -5, 7)).toBe(value);
  });

  test.each([-6, 8, 0.5, NaN, Infinity])('throws a RangeError for %s, which is not', value => {
    expectThrow(() => checkInteger(value, 'n', -5, 7), RangeError, { code: 'ERR_OUT_OF_RANGE', mentions: [`n must be an integer from -5 to 7; given: ${value}`] });
  });
});

describe('checkBoolean', () => {
  test('gives true and false, and throws for what is only like them', () => {
    expect([checkBoolean(true, 'b'), checkBoolean(false, 'b')]).toEqual([true, false]);
    for (const value of [undefined, null, 0, 1, '']) expectThrow(() => checkBoolean(value, 'b'), TypeError, { code: 'ERR_INVALID_ARG_TYPE', mentions: ['b must be true or false'] });
  });
});

describe('checkText', () => {
  test.each(['', 'text', 'a😀b', '\uffff'])('gives %j', text => {
    expect(checkText(text, 't')).toBe(text);
  });

  test.each([['a\0b', 'NUL'], ['a\ud83d', 'half a surrogate pair'], ['\ude00b', 'half a surrogate pair'], ['\ude00\ud83d', '"\\ude00\\ud83d"']])('throws for %j', (text, mention) => {
    expectThrow(() => checkText(text, 't'), TypeError, { code: 'ERR_INVALID_ARG_VALUE', mentions: ['t must not have', mention] });
  });
});

describe('checkTimeout', () => {
  test.each([0, 1, 0x7fffffff, 0x80000000, MAXIMUM_TIMEOUT])('gives %d', timeout => {
    expect(checkTimeout(timeout)).toBe(timeout);
  });

  test.each([undefined, Infinity])('gives the kernel\'s INFINITE for %s', timeout => {
    expect(checkTimeout(timeout)).toBe(INFINITE);
  });

  test.each([[0.1, 1], [1.5, 2], [MAXIMUM_TIMEOUT - 0.5, MAXIMUM_TIMEOUT], [-0.5, 0], [-1, 0], [-1e300, 0], [-Infinity, 0]])('takes %d for %d', (timeout, whole) => {
    expect(checkTimeout(timeout)).toBe(whole);
  });

  test.each([NaN, MAXIMUM_TIMEOUT + 0.5, MAXIMUM_TIMEOUT + 1])('throws for %s', timeout => {
    expectThrow(() => checkTimeout(timeout), RangeError, { code: 'ERR_OUT_OF_RANGE', mentions: ['timeout', MAXIMUM_TIMEOUT, timeout] });
  });
});
