import fc from 'fast-check';
import { array, utf16, utf8, type FieldType } from 'waitable/bitness';

const SIZES = { int8: 1, uint8: 1, int16: 2, uint16: 2, int32: 4, uint32: 4, int64: 8, uint64: 8, float32: 4, float64: 8, handle32: 4, offset32: 4 } as const;
const NUMBERS = ['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64', 'float32', 'float64'] as const;

/** Any type that a field can have. */
export const anyFieldType: fc.Arbitrary<FieldType> = fc.oneof(
  fc.constantFrom(...(Object.keys(SIZES) as (keyof typeof SIZES)[])),
  fc.tuple(fc.constantFrom(...NUMBERS), fc.integer({ min: 1, max: 20 })).map(([type, length]) => array(type, length)),
  fc.integer({ min: 1, max: 20 }).map(utf8),
  fc.integer({ min: 1, max: 20 }).map(utf16),
);

/** Of one element. */
export function sizeOf(type: FieldType): number {
  if (typeof type === 'string') return SIZES[type];
  return 'array' in type ? SIZES[type.array] : type.text === 'utf8' ? 1 : 2;
}
