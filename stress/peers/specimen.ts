import { array, layout, utf16, utf8, type FieldsView } from 'waitable/bitness';
import { BOARD_BYTES } from './board.js';

const FILLED = {
  i8: 'int8', i64: 'int64', u8: 'uint8', f64: 'float64', i16: 'int16', u64: 'uint64', u16: 'uint16', f32: 'float32', i32: 'int32', u32: 'uint32', handle: 'handle32', next: 'offset32',
  text8: utf8(11), text16: utf16(7),
  i8s: array('int8', 3), i64s: array('int64', 3), u8s: array('uint8', 3), f64s: array('float64', 3), i16s: array('int16', 3), u64s: array('uint64', 3), u16s: array('uint16', 3), f32s: array('float32', 3),
  i32s: array('int32', 3), u32s: array('uint32', 3),
} as const;

/**
 * The specimen: a section with a field of every type there is, narrow beside wide ones, so that a compiler of either bitness would like to place some of them elsewhere. One side fills it from a seed and the other one
 * checks it; `helper/common/specimen.c` is the other implementation. The two counters are for atomic additions.
 */
export const specimenLayout = layout({
  ...FILLED,
  counter32: 'int32',
  counter64: 'uint64',
  spare: array('uint8', BOARD_BYTES), // peers map no less than a board
});

/** For C, where the structure has the same members. */
export const specimenHeader = specimenLayout.toCHeader('specimen');

type Specimen = FieldsView<typeof specimenLayout.fields>;

/** Each of them fits both texts; the last one fills them, and has no NUL at its end. */
const TEXTS8 = ['', 'plain', 'ä€', 'a𝄞b', '12345678€'] as const;
const TEXTS16 = ['', 'plain', 'ä€', 'a𝄞b', '123456€'] as const;

/** As the first bits of a number of 32, which a seed and a place determine. */
function mix(seed: number, place: number): number {
  let bits = (seed ^ Math.imul(place + 1, 0x9e3779b1)) | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

const wide = (seed: number, place: number) => (BigInt(mix(seed, place)) << 32n) | BigInt(mix(seed, place + 100));
/** Each of these is exact in its type. */
const single = (bits: number) => ((bits | 0) >> 8) / 256;
const double = (bits: number) => (bits | 0) / 1024;

/** What a specimen of this seed holds. */
function compose(seed: number): { readonly [Name in keyof typeof FILLED]: unknown } {
  const bits = (place: number) => mix(seed, place);
  const three = <Value>(place: number, convert: (place: number) => Value) => [convert(place), convert(place + 1), convert(place + 2)];
  return {
    i8: (bits(0) << 24) >> 24, i64: BigInt.asIntN(64, wide(seed, 1)), u8: bits(2) & 0xff, f64: double(bits(3)), i16: (bits(4) << 16) >> 16, u64: wide(seed, 5), u16: bits(6) & 0xffff, f32: single(bits(7)),
    i32: bits(8) | 0, u32: bits(9), handle: bits(10) | 0, next: bits(11) % 2 === 0 ? undefined : specimenLayout.offsetOf('u64s'),
    text8: TEXTS8[bits(12) % TEXTS8.length], text16: TEXTS16[bits(13) % TEXTS16.length],
    i8s: three(20, place => (bits(place) << 24) >> 24), i64s: three(23, place => BigInt.asIntN(64, wide(seed, place))), u8s: three(26, place => bits(place) & 0xff), f64s: three(29, place => double(bits(place))),
    i16s: three(32, place => (bits(place) << 16) >> 16), u64s: three(35, place => wide(seed, place)), u16s: three(38, place => bits(place) & 0xffff), f32s: three(41, place => single(bits(place))),
    i32s: three(44, place => bits(place) | 0), u32s: three(47, bits),
  };
}

export function fillSpecimen(specimen: Specimen, seed: number): void {
  for (const [name, value] of Object.entries(compose(seed))) {
    if (Array.isArray(value)) (specimen[name as keyof Specimen] as { set(values: unknown[]): void }).set(value);
    else Object.assign(specimen, { [name]: value });
  }
}

/** The fields that are not what the seed makes them, each with what it is. */
export function differencesOf(specimen: Specimen, seed: number): string[] {
  return Object.entries(compose(seed)).flatMap(([name, expected]) => {
    const found: unknown = specimen[name as keyof Specimen];
    const same = Array.isArray(expected) ? expected.every((value, index) => Object.is((found as unknown[])[index], value)) : Object.is(found, expected);
    return same ? [] : [`${name} is ${String(found)} instead of ${String(expected)}`];
  });
}

/** The field at a byte, counted from the first field. */
export function fieldAt(offset: number): string {
  return specimenLayout.placed.find(field => offset >= field.offset && offset < field.offset + field.byteLength)?.name ?? 'the space between two fields';
}
