import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalName, checkName, MAXIMUM_NAME_LENGTH, safeName } from '../../src/names.js';
import { expectThrow, untyped } from '../support/expect-throw.js';

const SAFE_LENGTH = MAXIMUM_NAME_LENGTH - 60;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** The same sequence each time (mulberry32), so that a failure can be repeated. */
function* pseudoRandom(seed: number): Generator<number, never> {
  for (;;) {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    yield ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}

/** Of texts made of these, many differ only in what has to be escaped. */
const PIECES = ['%', '%#', '%u', '%5C', '%uD83D', '\\', '\0', '\u001f', '\u007f', '\ud83d', '\ude00', '😀', 'Local', 'Global', 'Session', 'AppContainerNamedObjects', 'Restricted',
  'a', 'A', '0', ' ', '/', 'ü', '鍵', '\uffff', 'Local\\', 'x'.repeat(50)] as const;

function texts(count: number): string[] {
  const random = pseudoRandom(1);
  const below = (limit: number) => Math.floor(random.next().value * limit);
  return Array.from({ length: count }, () => Array.from({ length: below(10) }, () => PIECES[below(PIECES.length)] ?? '').join(''));
}

describe('safeName', () => {
  test('gives a legal name for any text, behind either prefix too, and other names for other texts', () => {
    const named = new Map<string, string>();
    for (const text of texts(20_000)) {
      const name = safeName(text);
      for (const prefix of ['', 'Local\\', 'Global\\']) expect(checkName(prefix + name)).toBe(prefix + name);
      expect(name.length).toBeLessThanOrEqual(SAFE_LENGTH);
      expect(name).not.toMatch(LONE_SURROGATE);
      const other = named.get(name);
      if (other !== undefined) expect(other).toBe(text);
      named.set(name, text);
    }
    expect(named.size).toBeGreaterThan(10_000);
  });

  test('gives the same name for the same text', () => {
    for (const text of texts(100)) expect(safeName(text)).toBe(safeName(text));
  });

  test.each(['a', 'plain text', 'C:/path/to', 'https://example.org/?a=b&c', 'ключ 鍵 🔑', 'local', 'Local2', 'x'.repeat(SAFE_LENGTH)])('leaves legal text as it is: %j', text => {
    expect(safeName(text)).toBe(text);
  });

  test.each([
    ['', '%'],
    ['%', '%25'],
    ['100 %', '100 %25'],
    ['C:\\Users', 'C:%5CUsers'],
    ['a\0b', 'a%00b'],
    ['\t\n\u007f', '%09%0A%7F'],
    ['\ud83d', '%uD83D'],
    ['\ude00\ud83d', '%uDE00%uD83D'],
    ['Local', '%4Cocal'],
    ['Global', '%47lobal'],
    ['Session', '%53ession'],
    ['Local\\x', 'Local%5Cx'],
  ])('escapes %j as %j', (text, name) => {
    expect(safeName(text)).toBe(name);
  });

  test('cuts a text that gets too long, and ends it in a hash', () => {
    const [long, other] = ['x'.repeat(SAFE_LENGTH + 1), `${'x'.repeat(SAFE_LENGTH)}y`];
    for (const text of [long, other]) expect(safeName(text)).toMatch(/^x+%#[0-9a-f]{64}$/);
    expect(safeName(long)).toHaveLength(SAFE_LENGTH);
    expect(safeName(long)).not.toBe(safeName(other));
  });

  test('counts what it has escaped', () => {
    expect(safeName('\\'.repeat(66))).toBe('%5C'.repeat(66));
    expect(safeName('\\'.repeat(67))).toMatch(/%#[0-9a-f]{64}$/);
  });

  test('does not mistake a text that looks like what it gives', () => {
    const given = safeName('x'.repeat(1000));
    expect(safeName(given)).not.toBe(given);
    expect(safeName('%')).not.toBe(safeName(''));
  });

  test('cuts no surrogate pair in two', () => {
    for (let before = 0; before < 4; before++) expect(safeName('x'.repeat(before) + '😀'.repeat(200))).not.toMatch(LONE_SURROGATE);
  });

  test('tells long texts apart that differ in half of a surrogate pair alone', () => {
    const [high, low] = [`${'x'.repeat(300)}\ud83d`, `${'x'.repeat(300)}\ud83e`];
    expect(safeName(high)).not.toBe(safeName(low));
  });

  test.each([undefined, null, 7, {}, ['a']])('refuses %s', text => {
    expectThrow(() => safeName(untyped(text)), TypeError, { code: 'ERR_INVALID_ARG_TYPE', mentions: ['text must be a string'] });
  });
});

/** Any UTF-16 at all, halves of surrogate pairs included, and long texts of few different pieces. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 400 }).map(units => String.fromCharCode(...units)),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map(pieces => pieces.join('')),
);

describe('safeName of any text', () => {
  test('is accepted behind either prefix, with words of 52 units before and behind it', () => {
    fc.assert(fc.property(anyText, fc.constantFrom('', 'Local\\', 'Global\\'), fc.nat(52), (text, prefix, words) => {
      const name = `${prefix}${'w'.repeat(words)}${safeName(text)}${'w'.repeat(52 - words)}`;
      expect(checkName(name)).toBe(name);
      expect(checkName(prefix + safeName(text))).toBe(prefix + safeName(text));
    }), { numRuns: 2000 });
  });

  test('is another for another text', () => {
    fc.assert(fc.property(anyText, anyText, (one, other) => {
      expect(safeName(one) === safeName(other)).toBe(one === other);
    }), { numRuns: 2000 });
  });

  test('is another for a text that differs in one unit', () => {
    fc.assert(fc.property(anyText.filter(text => text !== ''), fc.nat(), fc.integer({ min: 0, max: 0xffff }), (text, position, unit) => {
      const at = position % text.length;
      const other = text.slice(0, at) + String.fromCharCode(unit) + text.slice(at + 1);
      expect(safeName(text) === safeName(other)).toBe(text === other);
    }), { numRuns: 2000 });
  });

  test('is another than what it gives for that', () => {
    fc.assert(fc.property(anyText, text => {
      const name = safeName(text);
      // What it leaves alone has no escape in it.
      expect(safeName(name) === name).toBe(!name.includes('%'));
    }), { numRuns: 2000 });
  });

  test('is well-formed, so that every platform can write it down', () => {
    fc.assert(fc.property(anyText, text => {
      expect(safeName(text)).not.toMatch(LONE_SURROGATE);
    }), { numRuns: 2000 });
  });
});

describe('canonicalName', () => {
  test.each([
    ['x', 'Local\\x'],
    ['Local\\x', 'Local\\x'],
    ['Global\\x', 'Global\\x'],
    ['local', 'Local\\local'],
    ['Globalx', 'Local\\Globalx'],
  ])('of %j is %j', (name, canonical) => {
    expect(canonicalName(name, false)).toBe(canonical);
  });

  test('is the same with every prefix where the namespaces are one, as in the session of services', () => {
    for (const name of ['x', 'Local\\x', 'Global\\x']) expect(canonicalName(name, true)).toBe('Local\\x');
  });
});
