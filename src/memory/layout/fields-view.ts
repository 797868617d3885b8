import { TextDecoder, TextEncoder } from 'node:util';
import { checkInteger, LONE_SURROGATE, rangeError, typeError } from '../../arguments.js';
import { SyncError } from '../../errors.js';
import { ERROR_FILE_CORRUPT } from '../../kernel/status.js';
import { isIntegerType, SCALARS, TEXTS, NUMBERS, type FieldValue, type FixedText, type IntegerType, type Placed, type ScalarType } from './field-types.js';
import type { Fields, Layout } from './layout.js';

/** The fields of a section, read and written in place. Arrays are typed arrays on the section itself, which are filled but not replaced. */
export type FieldsView<Declared extends Fields> =
  { -readonly [Name in keyof Declared as Declared[Name] extends { array: unknown } ? never : Name]: FieldValue<Declared[Name]> } &
  { readonly [Name in keyof Declared as Declared[Name] extends { array: unknown } ? Name : never]: FieldValue<Declared[Name]> };

/** The names of fields that are integers, or handles. */
type AtomicName<Declared extends Fields> = { [Name in keyof Declared]: Declared[Name] extends IntegerType | 'handle32' ? Name : never }[keyof Declared];

/**
 * `Atomics` for fields that are integers, between processes. (Of a field that is an array, `Atomics` itself takes the typed array.)
 *
 * @see {@link https://developer.mozilla.org/docs/Web/JavaScript/Reference/Global_Objects/Atomics}
 */
export interface AtomicFields<Declared extends Fields> {
  load<Name extends AtomicName<Declared>>(field: Name): FieldValue<Declared[Name]>;
  store<Name extends AtomicName<Declared>>(field: Name, value: FieldValue<Declared[Name]>): void;
  /** These give the value before. */
  add<Name extends AtomicName<Declared>>(field: Name, value: FieldValue<Declared[Name]>): FieldValue<Declared[Name]>;
  sub<Name extends AtomicName<Declared>>(field: Name, value: FieldValue<Declared[Name]>): FieldValue<Declared[Name]>;
  and<Name extends AtomicName<Declared>>(field: Name, value: FieldValue<Declared[Name]>): FieldValue<Declared[Name]>;
  or<Name extends AtomicName<Declared>>(field: Name, value: FieldValue<Declared[Name]>): FieldValue<Declared[Name]>;
  xor<Name extends AtomicName<Declared>>(field: Name, value: FieldValue<Declared[Name]>): FieldValue<Declared[Name]>;
  exchange<Name extends AtomicName<Declared>>(field: Name, value: FieldValue<Declared[Name]>): FieldValue<Declared[Name]>;
  compareExchange<Name extends AtomicName<Declared>>(field: Name, expected: FieldValue<Declared[Name]>, replacement: FieldValue<Declared[Name]>): FieldValue<Declared[Name]>;
}

/** Memory that a layout lies over. */
export interface Ground {
  readonly buffer: ArrayBufferLike;
  /** Where the fields begin. */
  readonly begin: number;
  /** Throws if the memory is not there any more. */
  readonly check: () => void;
}

/** How one field is read and written. */
interface Accessor {
  readonly get: () => unknown;
  readonly set?: (value: unknown) => void;
}

export function fieldsOver<Declared extends Fields>(layout: Layout<Declared>, ground: Ground): FieldsView<Declared> {
  const view = {};
  for (const field of layout.placed) {
    const { get, set } = accessorOf(field, layout, ground);
    Object.defineProperty(view, field.name, {
      enumerable: true,
      get() {
        ground.check();
        return get();
      },
      set(value: unknown) {
        ground.check();
        if (set === undefined) throw typeError(field.name, 'left as it is: an array is filled, by set() or by index', value);
        set(value);
      },
    });
  }
  return Object.freeze(view) as FieldsView<Declared>;
}

function accessorOf(field: Placed, layout: Layout, ground: Ground): Accessor {
  const { type, offset, name } = field;
  if (typeof type === 'string') return scalar(type, name, offset, layout, ground);
  if ('text' in type) return text(type, name, offset, ground);
  const values = new NUMBERS[type.array].view(ground.buffer as ArrayBuffer, ground.begin + offset, type.length);
  return { get: () => values };
}

function scalar(type: ScalarType, name: string, offset: number, layout: Layout, ground: Ground): Accessor {
  const cell = cellOf(type, offset, ground);
  const get = () => cell[0];
  switch (type) {
    case 'int64':
    case 'uint64': return { get, set: value => cell[0] = checkWide(value, name, type) };
    case 'float32':
    case 'float64': return { get, set: value => cell[0] = checkNumber(value, name) };
    case 'offset32': return { get: () => target(Number(cell[0]), name, offset, layout), set: value => cell[0] = relative(value, name, offset, layout) };
    default: return { get, set: value => cell[0] = checkNarrow(value, name, type) };
  }
}

/** One element, as a typed array of its own. */
function cellOf(type: ScalarType, offset: number, { buffer, begin }: Ground): Record<number, number | bigint | undefined> {
  return new SCALARS[type].view(buffer as ArrayBuffer, begin + offset, 1);
}

function checkNumber(value: unknown, name: string): number {
  if (typeof value !== 'number') throw typeError(name, 'a number', value);
  return value;
}

/** A value that does not fit is refused, and not cut. */
function checkNarrow(value: unknown, name: string, type: ScalarType): number {
  const bits = SCALARS[type].bytes * 8;
  const signed = !type.startsWith('u');
  return checkInteger(value, name, signed ? -(2 ** (bits - 1)) : 0, 2 ** (signed ? bits - 1 : bits) - 1);
}

function checkWide(value: unknown, name: string, type: 'int64' | 'uint64'): bigint {
  const [least, most] = type === 'int64' ? [-(2n ** 63n), 2n ** 63n - 1n] : [0n, 2n ** 64n - 1n];
  if (typeof value !== 'bigint') throw typeError(name, `a bigint from ${least} to ${most}`, value);
  if (value < least || value > most) throw rangeError(name, `a bigint from ${least} to ${most}`, value);
  return value;
}

/** Others can write the memory: where it points to is checked before anybody goes there. */
function target(relative: number, name: string, offset: number, { byteLength }: Layout): number | undefined {
  if (relative === 0) return undefined;
  const place = offset + relative;
  if (place >= 0 && place < byteLength) return place;
  throw new SyncError(`the field ${name} points outside of its section: ${relative} bytes from itself`, { errno: ERROR_FILE_CORRUPT });
}

function relative(value: unknown, name: string, offset: number, { byteLength }: Layout): number {
  if (value === undefined) return 0;
  const place = checkInteger(value, name, 0, byteLength - 1);
  if (place === offset) throw rangeError(name, 'undefined, or a place other than its own, for which 0 would stand', value);
  return place - offset;
}

function text({ text: type, length }: FixedText, name: string, offset: number, { buffer, begin }: Ground): Accessor {
  const units = new TEXTS[type].view(buffer as ArrayBuffer, begin + offset, length);
  const decode = type === 'utf8' ? utf8Decoder() : fromUnits;
  return {
    // A copy first: neither does the decoder take shared memory, nor is what it reads to change meanwhile.
    get() {
      const copy = units.slice();
      const end = copy.indexOf(0);
      return decode(end < 0 ? copy : copy.subarray(0, end));
    },
    set(value) {
      if (typeof value !== 'string') throw typeError(name, 'a string', value);
      if (value.includes('\0')) throw rangeError(name, 'a string without NULs', value);
      if (type === 'utf8' && LONE_SURROGATE.test(value)) throw rangeError(name, 'a string without halves of surrogate pairs, which UTF-8 has no bytes for', value);
      const encoded = type === 'utf8' ? new TextEncoder().encode(value) : Uint16Array.from({ length: value.length }, (_, index) => value.charCodeAt(index));
      if (encoded.length > length) throw rangeError(name, `a string of at most ${length} ${type === 'utf8' ? 'bytes in UTF-8' : 'UTF-16 units'}, and not of ${encoded.length}`, value);
      units.set(encoded);
      units.fill(0, encoded.length);
    },
  };
}

function utf8Decoder(): (bytes: Uint8Array | Uint16Array) => string {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  return bytes => decoder.decode(bytes);
}

/** As many as one call takes arguments in any engine. */
const UNITS_AT_ONCE = 0x2000;

/** A decoder would replace half a surrogate pair, which Windows allows in names, and so give another name. */
function fromUnits(units: Uint8Array | Uint16Array): string {
  let text = '';
  for (let at = 0; at < units.length; at += UNITS_AT_ONCE) text += String.fromCharCode(...units.subarray(at, at + UNITS_AT_ONCE));
  return text;
}

const OPERATIONS = ['load', 'store', 'add', 'sub', 'and', 'or', 'xor', 'exchange', 'compareExchange'] as const;

export function atomicsOver<Declared extends Fields>(layout: Layout<Declared>, ground: Ground): AtomicFields<Declared> {
  const cells = new Map<unknown, { readonly cell: Int32Array; readonly check: (value: unknown) => unknown }>();
  for (const { name, type, offset } of layout.placed) {
    if (typeof type !== 'string' || (!isIntegerType(type) && type !== 'handle32')) continue;
    const check = (value: unknown) => type === 'int64' || type === 'uint64' ? checkWide(value, name, type) : checkNarrow(value, name, type);
    cells.set(name, { cell: cellOf(type, offset, ground) as Int32Array, check });
  }
  const operate = (operation: (typeof OPERATIONS)[number], field: unknown, values: unknown[]) => {
    ground.check();
    const found = cells.get(field);
    if (found === undefined) throw typeError('field', `the name of an integer: ${[...cells.keys()].join(', ')}`, field);
    const checked = values.map(value => found.check(value)) as [number, number];
    return (Atomics[operation] as (cell: Int32Array, index: number, ...values: number[]) => number)(found.cell, 0, ...checked);
  };
  return Object.freeze(Object.fromEntries(OPERATIONS.map(operation => [operation, (field: unknown, ...values: unknown[]) => operate(operation, field, values)]))) as unknown as AtomicFields<Declared>;
}
