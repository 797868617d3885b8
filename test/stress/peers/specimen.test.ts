import fc from 'fast-check';
import { expect, test } from 'vitest';
import { layout, SharedMemory } from 'waitable/bitness';
import { differencesOf, fieldAt, fillSpecimen, specimenLayout } from '../../../stress/peers/specimen.js';
import { uniqueName } from '../../support/names.js';

const seeds = fc.integer({ min: 0, max: 0xffffffff });

test('a specimen that was filled from a seed differs in nothing from that seed, and from others nearly everywhere', () => {
  using memory = SharedMemory.create(uniqueName(), specimenLayout);
  fc.assert(fc.property(seeds, seed => {
    fillSpecimen(memory.fields, seed);
    expect(differencesOf(memory.fields, seed)).toEqual([]);
    expect(differencesOf(memory.fields, (seed + 1) % 2 ** 32).length).toBeGreaterThan(15);
  }));
});

test('a byte that is changed is found, whichever field it is in', () => {
  using memory = SharedMemory.create(uniqueName(), specimenLayout);
  const bytes = new Uint8Array(memory.buffer, specimenLayout.begin);
  for (const { name, offset } of specimenLayout.placed) {
    if (specimenLayout.offsetOf('counter32') <= offset || name === 'next' || name.startsWith('text')) continue;
    fillSpecimen(memory.fields, 5);
    bytes[offset] = (bytes[offset] ?? 0) ^ 1;
    expect(differencesOf(memory.fields, 5)).toEqual([expect.stringMatching(new RegExp(`^${name} is `)) as unknown]);
    expect(fieldAt(offset)).toBe(name);
  }
});

test('a specimen has a field of every type', () => {
  const types = Object.values(specimenLayout.fields).map(type => typeof type === 'string' ? type : 'array' in type ? `${type.array}[]` : type.text);
  const numbers = ['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64', 'float32', 'float64'];
  for (const type of [...numbers, ...numbers.map(number => `${number}[]`), 'handle32', 'offset32', 'utf8', 'utf16']) expect(types).toContain(type);
  expect(layout({ ...specimenLayout.fields }).fingerprint).toBe(specimenLayout.fingerprint);
});
