import { checkInteger, illegalConstructor, typeError } from '../arguments.js';
import { DISPOSE } from '../dispose.js';
import { ClosedError, KindMismatchError, LayoutMismatchError, systemError } from '../errors.js';
import { FILE_MAP_READ, FILE_MAP_WRITE } from '../kernel/access.js';
import type { Handle, Mapping } from '../kernel/kernel.js';
import { kernel } from '../kernel/select.js';
import { ERROR_FILE_NOT_FOUND, ERROR_REVISION_MISMATCH } from '../kernel/status.js';
import { checkName } from '../names.js';
import { openingFailed } from '../opening-failed.js';
import { checkOptions, type OptionNames } from '../options-bag.js';
import { checkObjectOptions, type ObjectOptions } from '../options.js';
import { OwnedHandle } from '../owned-handle.js';
import { INSPECT, inspected, membersOf, UNCLONEABLE, type Inspect, type InspectOptions } from '../shown.js';
import type { ObjectInJson } from '../waitable.js';
import { atomicsOver, fieldsOver, type AtomicFields, type FieldsView } from './layout/fields-view.js';
import { HEADER_BYTES, Layout, type Fields } from './layout/layout.js';

/** Keeps every view offset within what a 32-bit process can map. */
const MAXIMUM_BYTES = 0x40000000;

export type SharedMemoryOptions = Pick<ObjectOptions, 'security' | 'inheritable'>;

const OPTIONS: OptionNames<SharedMemoryOptions> = { security: true, inheritable: true };

/** What a section holds: fields of a layout, or so many bytes, from 1 to 1 GiB. */
type Content<Declared extends Fields> = Layout<Declared> | number;

/** Where a section came from. */
interface Source {
  readonly owned: OwnedHandle;
  readonly name: string | undefined;
  readonly createdNew: boolean;
}

/**
 * Memory shared by name between processes of either bitness: a section backed by the page file, zeroed when new.
 *
 * It holds what a `layout` declares, or plain bytes; never anything pointer-sized. It is not an object to wait for; a `Mutex` beside it, or atomic operations, keep order.
 *
 * With a layout, the section begins with the layout's fingerprint. The first who uses the section puts it there, in one atomic step, wherever it may be killed; whoever finds another one gets a
 * `LayoutMismatchError`.
 *
 * @example
 * ```ts
 * const Job = layout({ state: 'int32', progress: 'float64', name: utf16(32) });
 * using memory = SharedMemory.create('my-app job', Job);
 * memory.fields.name = 'import';
 * memory.atomics.add('state', 1);
 * ```
 * @example
 * ```ts
 * using memory = SharedMemory.create('my-app counters', 4096);
 * const counters = new Int32Array(memory.buffer);
 * Atomics.add(counters, 0, 1);
 * ```
 * @see {@link https://learn.microsoft.com/windows/win32/memory/creating-named-shared-memory}
 */
export class SharedMemory<Declared extends Fields = Fields> implements Disposable {
  /** Which kind of object this is. */
  readonly kind = 'section';
  /** The name as it was given, or `undefined`. */
  readonly name: string | undefined;
  /** Whether this call made the section, rather than opened one that existed. */
  readonly createdNew: boolean;
  /** Of all that is mapped, with what stands in front of the fields. */
  readonly byteLength: number;
  /** @internal */
  readonly uncloneable = UNCLONEABLE;

  readonly #owned: OwnedHandle;
  readonly #mapping: Mapping;
  readonly #fields: FieldsView<Declared> | undefined;
  readonly #atomics: AtomicFields<Declared> | undefined;

  private constructor(source: Source, content: Content<Declared>) {
    if (!((source as Partial<Source> | null | undefined)?.owned instanceof OwnedHandle)) throw illegalConstructor('SharedMemory', 'use its static functions');
    const { owned, name, createdNew } = source;
    const byteLength = bytesOf(content);
    const mapping = kernel.mapSection(owned.value, byteLength);
    if (mapping === undefined) {
      const { failure } = kernel;
      owned.close();
      throw systemError(failure, { kind: 'section', name });
    }
    this.name = name;
    this.createdNew = createdNew;
    this.byteLength = byteLength;
    this.#owned = owned;
    this.#mapping = mapping;
    // Not with this object: whoever has a view on the memory has a right to the name too, under which others would be given other memory.
    owned.closeWhenCollected(mapping.buffer);
    if (typeof content === 'number') return;

    this.#agreeOn(content);
    const ground = { buffer: mapping.buffer, begin: HEADER_BYTES, check: () => this.#checkOpen() };
    this.#fields = fieldsOver(content, ground);
    this.#atomics = atomicsOver(content, ground);
  }

  /**
   * One atomic step decides whose layout the section has. Of two who come at once with different ones, one finds the other's fingerprint; killed before it, one has left no trace, and killed after it, a section
   * that is ready.
   */
  #agreeOn({ fingerprint }: Layout<Declared>): void {
    const own = BigInt(`0x${fingerprint}`);
    const found = Atomics.compareExchange(new BigUint64Array(this.#mapping.buffer, 0, 1), 0, 0n, own);
    if (found === 0n || found === own) return;
    this.close();
    const which = this.name === undefined ? 'the section' : `the section ${JSON.stringify(this.name)}`;
    throw new LayoutMismatchError(`${which} has another layout: its fingerprint is ${found.toString(16).padStart(16, '0')}, and that of the layout given is ${fingerprint}`, {
      errno: ERROR_REVISION_MISMATCH, syscall: 'MapViewOfFile', objectName: this.name,
    });
  }

  /**
   * Creates a section, or opens the one that has this name already.
   *
   * @param name - Unnamed if `undefined`: for children that inherit it, and for `duplicateTo`.
   * @param content - A layout, or a byte length from 1 to 1 GiB. A section that exists must have at least as many bytes.
   * @throws LayoutMismatchError, InvalidNameError, KindMismatchError (the name belongs to another kind), AccessDeniedError (also: the section is smaller), RangeError, TypeError,
   * UnsupportedPlatformError (a runtime that refuses external buffers, such as Electron).
   * @see {@link https://learn.microsoft.com/windows/win32/api/memoryapi/nf-memoryapi-createfilemappingw | CreateFileMappingW}
   */
  static create<Declared extends Fields>(name: string | undefined, content: Layout<Declared>, options?: SharedMemoryOptions): SharedMemory<Declared>;
  static create(name: string | undefined, content: number, options?: SharedMemoryOptions): SharedMemory;
  static create<Declared extends Fields>(name: string | undefined, content: Content<Declared>, options?: SharedMemoryOptions): SharedMemory<Declared> {
    const checked = name === undefined ? undefined : checkName(name);
    const created = kernel.createSection(checked, bytesOf(content), checkObjectOptions('section', checkOptions(options, OPTIONS)));
    if (created === undefined) throw openingFailed('section', checked);
    return new SharedMemory({ owned: new OwnedHandle(created.handle), name: checked, createdNew: created.createdNew }, content);
  }

  /**
   * Opens the section of this name.
   *
   * @param content - As for `create`: how much of it to map.
   * @throws NotFoundError (there is none), and as `create`.
   * @see {@link https://learn.microsoft.com/windows/win32/api/memoryapi/nf-memoryapi-openfilemappingw | OpenFileMappingW}
   */
  static open<Declared extends Fields>(name: string, content: Layout<Declared>): SharedMemory<Declared>;
  static open(name: string, content: number): SharedMemory;
  static open<Declared extends Fields>(name: string, content: Content<Declared>): SharedMemory<Declared> {
    const memory = SharedMemory.#tryOpen(name, content);
    if (memory === undefined) throw openingFailed('section', name);
    return memory;
  }

  /** As `open`, but gives `undefined` when there is none. */
  static tryOpen<Declared extends Fields>(name: string, content: Layout<Declared>): SharedMemory<Declared> | undefined;
  static tryOpen(name: string, content: number): SharedMemory | undefined;
  static tryOpen<Declared extends Fields>(name: string, content: Content<Declared>): SharedMemory<Declared> | undefined {
    return SharedMemory.#tryOpen(name, content);
  }

  static #tryOpen<Declared extends Fields>(name: string, content: Content<Declared>): SharedMemory<Declared> | undefined {
    const checked = checkName(name);
    bytesOf(content);
    const handle = kernel.open('section', checked, FILE_MAP_READ | FILE_MAP_WRITE, false);
    if (handle !== 0) return new SharedMemory({ owned: new OwnedHandle(handle), name: checked, createdNew: false }, content);
    if (kernel.failure.errno === ERROR_FILE_NOT_FOUND) return undefined;
    throw openingFailed('section', checked);
  }

  /**
   * Takes over the handle of a section: one that was inherited, or put into this process by `duplicateTo`. It is closed with this object; if this throws, it stays the caller's.
   *
   * @param handle - A signed 32-bit number.
   * @throws KindMismatchError (it refers to another kind), SyncError with `ERROR_INVALID_HANDLE` (to nothing), and as `open`.
   */
  static fromHandle<Declared extends Fields>(handle: Handle, content: Layout<Declared>): SharedMemory<Declared>;
  static fromHandle(handle: Handle, content: number): SharedMemory;
  static fromHandle<Declared extends Fields>(handle: Handle, content: Content<Declared>): SharedMemory<Declared> {
    checkInteger(handle, 'handle', -0x80000000, 0x7fffffff);
    bytesOf(content);
    if (OwnedHandle.has(handle)) throw typeError('handle', 'one that does not belong to this library already', handle);
    const kind = kernel.kindOf(handle);
    if (kind === undefined) throw systemError(kernel.failure, { kind: 'section' });
    if (kind !== 'section') throw new KindMismatchError(`the handle ${handle} refers to an object of kind ${kind}, not section`, {}, kind);
    const own = kernel.duplicate(handle, false);
    if (own === 0) throw systemError(kernel.failure, { kind: 'section' });
    const memory = new SharedMemory<Declared>({ owned: new OwnedHandle(own), name: undefined, createdNew: false }, content);
    kernel.close(handle);
    return memory;
  }

  /**
   * The fields of the layout.
   *
   * @throws ClosedError; TypeError if the section was opened without a layout.
   */
  get fields(): FieldsView<Declared> {
    this.#checkOpen();
    return this.#fields ?? this.#lackLayout();
  }

  /**
   * Atomic operations on fields of the layout, between processes.
   *
   * @throws ClosedError; TypeError if the section was opened without a layout.
   */
  get atomics(): AtomicFields<Declared> {
    this.#checkOpen();
    return this.#atomics ?? this.#lackLayout();
  }

  #lackLayout(): never {
    throw new TypeError('the section was opened by its byte length, and so has no fields: give create or open a layout');
  }

  /**
   * The memory, for typed arrays and `DataView`s. `Atomics` on it works between processes. With a layout, the fields begin at byte 64.
   *
   * @throws ClosedError
   */
  get buffer(): ArrayBuffer {
    this.#checkOpen();
    return this.#mapping.buffer;
  }

  /**
   * The section's handle, as a signed 32-bit number. It stays this object's: do not close it.
   *
   * @throws ClosedError
   */
  get handle(): Handle {
    this.#checkOpen();
    return this.#owned.value;
  }

  /** What `JSON.stringify` gives: a description, by which another program may open the section. */
  toJSON(): ObjectInJson & { readonly byteLength: number } {
    return membersOf(this, () => ({ kind: this.kind, name: this.name, createdNew: this.createdNew, closed: this.closed, byteLength: this.byteLength }));
  }

  /** @internal */
  [INSPECT](depth: number, options: InspectOptions, inspect: Inspect): string {
    return inspected(this, 'SharedMemory', this.toJSON(), depth, options, inspect);
  }

  #checkOpen(): void {
    if (!this.#owned.open) throw new ClosedError(this.name === undefined ? 'the unnamed section is closed' : `the section ${JSON.stringify(this.name)} is closed`, this.name);
  }

  get closed(): boolean {
    return !this.#owned.open;
  }

  /**
   * Closes the section, and takes its memory from every view on it: they become empty. (Node 20 cannot take it away: there the memory stays mapped until the
   * process ends.) Closing again does nothing.
   *
   * A section that is never closed is closed when neither it nor any view on it can be reached any more.
   */
  close(): void {
    if (!this.#owned.open) return;
    this.#owned.close();
    this.#mapping.unmap();
  }

  [DISPOSE](): void {
    this.close();
  }
}

function bytesOf(content: unknown): number {
  if (content instanceof Layout) return HEADER_BYTES + content.byteLength;
  if (typeof content === 'object') throw typeError('content', 'a layout or a byte length', content);
  return checkInteger(content, 'byteLength', 1, MAXIMUM_BYTES);
}
