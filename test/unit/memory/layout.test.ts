import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { array, layout, utf16, utf8 } from 'waitable/bitness';
import { expectThrow, untyped } from '../../support/expect-throw.js';
import { anyFieldType, sizeOf } from '../../support/layouts.js';

const anyFields = fc.array(anyFieldType, { minLength: 1, maxLength: 12 }).map(types => Object.fromEntries(types.map((type, index) => [`f${index}`, type])));

describe('a layout', () => {
  test('places its fields in order, each aligned to its own size and none over another, and all of them to 8 bytes', () => {
    fc.assert(fc.property(anyFields, fields => {
      const made = layout(fields);
      let end = 0;
      for (const { name, type, offset, byteLength } of made.placed) {
        expect(offset).toBeGreaterThanOrEqual(end);
        expect(offset - end).toBeLessThan(8);
        expect(offset % sizeOf(type)).toBe(0);
        expect(byteLength).toBe(sizeOf(type) * (typeof type === 'string' ? 1 : type.length));
        expect(made.offsetOf(name)).toBe(offset);
        end = offset + byteLength;
      }
      expect(made.placed.map(({ name }) => name)).toEqual(Object.keys(fields));
      expect(made.byteLength % 8).toBe(0);
      expect(made.byteLength - end).toBeGreaterThanOrEqual(0);
      expect(made.byteLength - end).toBeLessThan(8);
      expect(made.begin % 8).toBe(0);
    }));
  });

  test('has the fingerprint of its equals, and of no other', () => {
    fc.assert(fc.property(anyFields, anyFields, (one, other) => {
      expect(layout({ ...one }).fingerprint).toBe(layout(one).fingerprint);
      const same = JSON.stringify(Object.entries(one)) === JSON.stringify(Object.entries(other));
      expect(layout(one).fingerprint === layout(other).fingerprint).toBe(same);
    }));
    const fingerprints = [layout({ a: 'int32', b: 'int32' }), layout({ b: 'int32', a: 'int32' }), layout({ a: 'uint32', b: 'int32' }), layout({ a: array('int32', 2) }), layout({ a: array('int32', 1), b: 'int32' })];
    expect(new Set(fingerprints.map(({ fingerprint }) => fingerprint)).size).toBe(fingerprints.length);
    for (const { fingerprint } of fingerprints) expect(fingerprint).toMatch(/^[0-9a-f]{16}$/);
  });

  test('tells where a field is, and refuses one that it has not', () => {
    const made = layout({ small: 'uint8', wide: 'float64' });
    expect([made.offsetOf('small'), made.offsetOf('wide'), made.byteLength]).toEqual([0, 8, 16]);
    expectThrow(() => made.offsetOf(untyped('none')), TypeError, { mentions: ['none', 'small, wide'] });
  });

  test('is printed for C with each padding written out', () => {
    const header = layout({ small: 'uint8', wide: 'float64', name: utf16(3), owner: 'handle32' }).toCHeader('job');
    for (const line of ['uint8_t small;', 'uint8_t padding_1[7];', 'double wide;', 'uint16_t name[3];', 'uint8_t padding_22[2];', 'int32_t owner;', 'uint8_t padding_28[4];', '#define JOB_BEGIN 64', 'sizeof(struct job) == 32']) {
      expect(header).toContain(line);
    }
  });
});

describe('a layout is refused', () => {
  test.each(['pointer', 'void *', 'size_t', 'intptr', 'uintptr', 'long', 'HANDLE'])('with the pointer-sized type %s', type => {
    expectThrow(() => layout(untyped({ a: type })), TypeError, { code: 'ERR_INVALID_ARG_TYPE', mentions: ['fields.a', type, 'other bitness', 'offset32', 'handle32'] });
    expectThrow(() => array(untyped(type), 2), TypeError, { mentions: [type, 'other bitness'] });
  });

  test('with one by the compiler, too', () => {
    // @ts-expect-error -- a pointer has another width in the other bitness
    expect(() => layout({ a: 'int32', b: 'pointer' })).toThrow(TypeError);
    // @ts-expect-error -- so has a size
    expect(() => layout({ length: 'size_t' })).toThrow(TypeError);
  });

  test.each([
    ['fields', undefined], ['fields', 5], ['fields', {}], ['fields', { '': 'int32' }], ['fields', { '1a': 'int32' }], ['fields', { 'a-b': 'int32' }], ['fields', { register: 'int32' }],
    ['fields.a', { a: 'int24' }], ['fields.a', { a: 5 }], ['fields.a', { a: null }], ['fields.a', { a: {} }],
  ])('with wrong %s: %j', (argument, fields) => {
    expectThrow(() => layout(untyped(fields)), TypeError, { mentions: [argument] });
  });

  test('with no elements, or too many', () => {
    for (const act of [() => array('int8', 0), () => utf8(-1), () => utf16(0.5), () => layout({ a: array('int64', 2 ** 28) })]) expect(act).toThrow(RangeError);
    expectThrow(() => layout({ a: 'int32' }).toCHeader('a b'), TypeError, { mentions: ['name', 'identifier'] });
  });
});
