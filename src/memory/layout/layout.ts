import { createHash } from 'node:crypto';
import { checkInteger, typeError, valueError } from '../../arguments.js';
import {
  isPointerSized, NUMBERS, SCALARS, TEXTS, type ArrayType, type FieldType, type FixedText, type NumberType, type Placed, type PointerSizedRefused, type PointerSizedType,
} from './field-types.js';
import { headerFor } from './c-header.js';

/** In front of the fields: the fingerprint in the first 8 bytes, the rest kept for later versions. */
export const HEADER_BYTES = 64;
/** Part of each fingerprint, so that a section of another version is a section with another layout. */
const VERSION = 'waitable layout 1';

/** As `SharedMemory` has it. */
const MAXIMUM_BYTES = 0x40000000;
const WIDEST = 8;

export type Fields = Readonly<Record<string, FieldType>>;

/** What the compiler checks: fields of fixed width alone. */
export type FixedWidth<Declared> = { readonly [Name in keyof Declared]: Declared[Name] extends PointerSizedType ? PointerSizedRefused : Declared[Name] };

/** Words that C and C++ keep for themselves. */
const KEYWORDS = new Set(('alignas alignof auto bool break case catch char class const constexpr continue default delete do double else enum explicit export extern false float for friend goto if inline int long '
  + 'mutable namespace new nullptr operator private protected public register restrict return short signed sizeof static static_assert struct switch template this throw true try typedef typeid typename '
  + 'union unsigned using virtual void volatile wchar_t while').split(' '));

/**
 * Fields of fixed width, each at the same place in 32-bit and in 64-bit processes, whatever compiler a native one was made with. Made by `layout`.
 *
 * Each field is aligned to its own size, and the whole to 8 bytes.
 */
export class Layout<Declared extends Fields = Fields> {
  readonly fields: Declared;
  readonly placed: readonly Placed[];
  /** Where the fields begin in a section, in bytes. */
  readonly begin = HEADER_BYTES;
  /** Of all fields together, without what is in front of them. */
  readonly byteLength: number;
  /** Unlike that of any other layout: 16 hexadecimal digits. It covers names, order, types and lengths. */
  readonly fingerprint: string;

  /** @internal */
  constructor(fields: Declared) {
    const placed: Placed[] = [];
    let end = 0;
    for (const [name, type] of Object.entries(fields)) {
      const { bytes, count } = measure(type);
      const offset = alignedTo(bytes, end);
      placed.push({ name, type, offset, byteLength: bytes * count });
      end = offset + bytes * count;
    }
    this.fields = fields;
    this.placed = placed;
    this.byteLength = alignedTo(WIDEST, end);
    this.fingerprint = fingerprintOf(placed, this.byteLength);
  }

  /** Where a field is, in bytes from the first field. What a field of type `offset32` takes and gives. */
  offsetOf(field: keyof Declared & string): number {
    const found = this.placed.find(({ name }) => name === field);
    if (found === undefined) throw valueError(`field must be one of ${this.placed.map(({ name }) => name).join(', ')}; given: ${JSON.stringify(field)}`);
    return found.offset;
  }

  /**
   * A header for C (from C99 on) and C++: a structure of the fields, with each offset checked by the compiler, where it begins in the section, and the fingerprint that native peers have to find
   * there, or put there by a compare-exchange from 0.
   *
   * @param name - Of the structure: an identifier.
   */
  toCHeader(name: string): string {
    if (typeof name !== 'string' || !isIdentifier(name)) throw typeError('name', 'an identifier in C', name);
    return headerFor(name, this);
  }
}

/**
 * Declares what is in a section.
 *
 * @param fields - By name, in order: `'int8'` to `'uint64'`, `'float32'`, `'float64'`; `'handle32'` for a handle, `'offset32'` for a pointer within the section; `array(…)`, `utf8(…)` and `utf16(…)`.
 * @example
 * ```ts
 * const Job = layout({ state: 'int32', owner: 'handle32', name: utf16(32), done: 'float64', shares: array('uint64', 8) });
 * using memory = SharedMemory.create('my-app job', Job);
 * memory.fields.name = 'import';
 * memory.atomics.add('state', 1);
 * await fs.promises.writeFile('job.h', Job.toCHeader('job'));
 * ```
 * @throws TypeError (also: a pointer-sized type, a name that is no identifier), RangeError (larger than 1 GiB).
 */
export function layout<const Declared extends Readonly<Record<string, FieldType | PointerSizedType>>>(fields: Declared & FixedWidth<Declared>): Layout<Extract<Declared, Fields>> {
  if (typeof fields !== 'object' || (fields as unknown) === null) throw typeError('fields', 'an object of fields by name', fields);
  const entries = Object.entries<unknown>(fields);
  if (entries.length === 0) throw valueError('fields must have at least one field');
  let bytes = 0;
  for (const [name, type] of entries) {
    if (!isIdentifier(name)) throw valueError(`fields must have names that are identifiers in C; given: ${JSON.stringify(name)}`);
    const checked = checkFieldType(type, `fields.${name}`);
    const size = measure(checked);
    bytes = alignedTo(size.bytes, bytes) + size.bytes * size.count;
  }
  checkInteger(alignedTo(WIDEST, bytes) + HEADER_BYTES, 'the byte length of all fields', 1, MAXIMUM_BYTES);
  return new Layout(Object.freeze({ ...fields }) as unknown as Extract<Declared, Fields>);
}

/** So many numbers: a typed array in the section itself. */
export function array<const Type extends NumberType>(type: Type, length: number): ArrayType<Type> {
  if (typeof type !== 'string' || !Object.hasOwn(NUMBERS, type)) throw refusal(type, 'type', Object.keys(NUMBERS).join(', '));
  return Object.freeze({ array: type, length: checkInteger(length, 'length', 1, MAXIMUM_BYTES) });
}

/** A string of at most so many bytes in UTF-8. */
export function utf8(bytes: number): FixedText {
  return Object.freeze({ text: 'utf8', length: checkInteger(bytes, 'bytes', 1, MAXIMUM_BYTES) });
}

/** A string of at most so many 16-bit units in UTF-16, as Windows has them. */
export function utf16(units: number): FixedText {
  return Object.freeze({ text: 'utf16', length: checkInteger(units, 'units', 1, MAXIMUM_BYTES) });
}

function checkFieldType(type: unknown, argument: string): FieldType {
  if (typeof type === 'string' && Object.hasOwn(SCALARS, type)) return type as keyof typeof SCALARS;
  if (typeof type === 'object' && type !== null) {
    if ('array' in type && 'length' in type) return array(type.array as NumberType, type.length as number);
    if ('text' in type && 'length' in type) return type.text === 'utf8' ? utf8(type.length as number) : utf16(type.length as number);
  }
  throw refusal(type, argument, `${Object.keys(SCALARS).join(', ')}, array(…), utf8(…) or utf16(…)`);
}

function refusal(type: unknown, argument: string, allowed: string): TypeError {
  if (!isPointerSized(type)) return typeError(argument, allowed, type);
  return typeError(argument, `of a fixed width (int32 or int64, handle32 for a handle, offset32 for a pointer), since ${String(type)} has another width in the other bitness`, type);
}

/** The size of one element, which is also its alignment, and how many there are. */
function measure(type: FieldType): { readonly bytes: number; readonly count: number } {
  if (typeof type === 'string') return { bytes: SCALARS[type].bytes, count: 1 };
  return 'array' in type ? { bytes: NUMBERS[type.array].bytes, count: type.length } : { bytes: TEXTS[type.text].bytes, count: type.length };
}

function alignedTo(bytes: number, offset: number): number {
  return Math.ceil(offset / bytes) * bytes;
}

/** Never 0, which stands in a section that nobody has used yet. */
function fingerprintOf(placed: readonly Placed[], byteLength: number): string {
  const lines = placed.map(({ name, type, offset }) => `${name} ${typeof type === 'string' ? type : 'array' in type ? `${type.array}[${type.length}]` : `${type.text}[${type.length}]`} ${offset}`);
  const digest = createHash('sha256').update([VERSION, byteLength, ...lines].join('\n')).digest('hex').slice(0, 16);
  return /^0+$/.test(digest) ? '0000000000000001' : digest;
}

function isIdentifier(name: string): boolean {
  return /^[A-Za-z]\w*$/.test(name) && !KEYWORDS.has(name);
}
