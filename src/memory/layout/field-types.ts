/** The integers that `Atomics` can work on. */
const INTEGERS = {
  int8: { bytes: 1, c: 'int8_t', view: Int8Array },
  uint8: { bytes: 1, c: 'uint8_t', view: Uint8Array },
  int16: { bytes: 2, c: 'int16_t', view: Int16Array },
  uint16: { bytes: 2, c: 'uint16_t', view: Uint16Array },
  int32: { bytes: 4, c: 'int32_t', view: Int32Array },
  uint32: { bytes: 4, c: 'uint32_t', view: Uint32Array },
  int64: { bytes: 8, c: 'int64_t', view: BigInt64Array },
  uint64: { bytes: 8, c: 'uint64_t', view: BigUint64Array },
} as const;

/** Fixed width, and the same bits in 32-bit and in 64-bit processes. */
export const NUMBERS = {
  ...INTEGERS,
  float32: { bytes: 4, c: 'float', view: Float32Array },
  float64: { bytes: 8, c: 'double', view: Float64Array },
} as const;

/** What stands for something that has another size in the other bitness. */
export const REFERENCES = {
  handle32: { bytes: 4, c: 'int32_t', view: Int32Array },
  offset32: { bytes: 4, c: 'int32_t', view: Int32Array },
} as const;

export const SCALARS = { ...NUMBERS, ...REFERENCES } as const;

export const TEXTS = {
  utf8: { bytes: 1, c: 'char', view: Uint8Array },
  utf16: { bytes: 2, c: 'uint16_t', view: Uint16Array },
} as const;

export type IntegerType = keyof typeof INTEGERS;
export type NumberType = keyof typeof NUMBERS;
export type ScalarType = keyof typeof SCALARS;
export type TextType = keyof typeof TEXTS;

export function isIntegerType(type: string): type is IntegerType {
  return Object.hasOwn(INTEGERS, type);
}

/** So many numbers, one behind the other. */
export interface ArrayType<Type extends NumberType = NumberType> {
  readonly array: Type;
  readonly length: number;
}

/** A string of so many units at most: bytes in UTF-8, 16 bits each in UTF-16. It ends with the first NUL, or where the field ends. */
export interface FixedText {
  readonly text: TextType;
  readonly length: number;
}

export type FieldType = ScalarType | ArrayType | FixedText;

/** A field, and where it is: counted from the first field. */
export interface Placed {
  readonly name: string;
  readonly type: FieldType;
  readonly offset: number;
  readonly byteLength: number;
}

/** Where the fields of a layout are; see `Layout`. */
export interface LayoutShape {
  readonly placed: readonly Placed[];
  readonly begin: number;
  readonly byteLength: number;
  readonly fingerprint: string;
}

/** Types that are as wide as a pointer, or as a compiler likes. */
const POINTER_SIZED = ['pointer', 'void*', 'void *', 'size_t', 'ssize_t', 'ptrdiff_t', 'intptr', 'intptr_t', 'uintptr', 'uintptr_t', 'long', 'unsigned long', 'ulong', 'handle', 'HANDLE', 'SIZE_T', 'DWORD_PTR'] as const;
export type PointerSizedType = (typeof POINTER_SIZED)[number];

/** What the compiler shows where a field has such a type. */
export type PointerSizedRefused = 'This type has another width in the other bitness. Use int32 or int64, handle32 for a handle, offset32 for a pointer.';

export function isPointerSized(type: unknown): boolean {
  return (POINTER_SIZED as readonly unknown[]).includes(type);
}

/** What a field is in TypeScript. */
export type FieldValue<Type> =
  Type extends 'int64' | 'uint64' ? bigint :
  Type extends 'offset32' ? number | undefined :
  Type extends ScalarType ? number :
  Type extends FixedText ? string :
  Type extends ArrayType<infer Element> ? InstanceType<(typeof NUMBERS)[Element]['view']> :
  never;
