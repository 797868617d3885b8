import { checkInteger } from '../arguments.js';
import { ClosedError, openingError, systemError } from '../errors.js';
import type { Mapping } from '../kernel/kernel.js';
import { kernel } from '../kernel/select.js';
import { ERROR_FILE_NOT_FOUND } from '../kernel/status.js';
import { checkName } from '../names.js';
import { checkObjectOptions, type ObjectOptions } from '../options.js';
import { OwnedHandle } from '../owned-handle.js';

/** Keeps every view offset within what a 32-bit process can map. */
const MAXIMUM_BYTES = 0x40000000;
const FILE_MAP_WRITE = 0x2;
const FILE_MAP_READ = 0x4;

export type SharedMemoryOptions = Pick<ObjectOptions, 'security' | 'inheritable'>;

/**
 * Memory shared by name between processes of either bitness: a section backed by the page file, zeroed when new.
 *
 * Views on it hold fixed-width numbers, never anything pointer-sized. It is not an object to wait for; a `Mutex` beside it, or `Atomics`, keeps order.
 *
 * @example
 * ```ts
 * using memory = SharedMemory.create('my-app counters', 4096);
 * const counters = new Int32Array(memory.buffer);
 * Atomics.add(counters, 0, 1);
 * ```
 * @see {@link https://learn.microsoft.com/windows/win32/memory/creating-named-shared-memory}
 */
export class SharedMemory implements Disposable {
  readonly name: string;
  /** Whether this call made the section, rather than opened one that existed. */
  readonly createdNew: boolean;
  readonly byteLength: number;

  readonly #owned: OwnedHandle;
  readonly #mapping: Mapping;

  private constructor(owned: OwnedHandle, name: string, createdNew: boolean, byteLength: number) {
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
    owned.closeWhenCollected(this);
  }

  /**
   * Creates a section, or opens the one that has this name already.
   *
   * @param byteLength - From 1 to 1 GiB. A section that exists must have at least as many bytes.
   * @throws InvalidNameError, KindMismatchError (the name belongs to another kind), AccessDeniedError (also: the section is smaller), RangeError,
   * UnsupportedPlatformError (a runtime that refuses external buffers, such as Electron).
   * @see {@link https://learn.microsoft.com/windows/win32/api/memoryapi/nf-memoryapi-createfilemappingw | CreateFileMappingW}
   */
  static create(name: string, byteLength: number, options?: SharedMemoryOptions): SharedMemory {
    const checked = checkName(name);
    checkInteger(byteLength, 'byteLength', 1, MAXIMUM_BYTES);
    const created = kernel.createSection(checked, byteLength, checkObjectOptions('section', options));
    if (created === undefined) throw openingError(kernel.failure, { kind: 'section', name: checked });
    return new SharedMemory(new OwnedHandle(created.handle), checked, created.createdNew, byteLength);
  }

  /**
   * Opens the section of this name.
   *
   * @param byteLength - How much of it to map.
   * @throws NotFoundError (there is none), and as `create`.
   * @see {@link https://learn.microsoft.com/windows/win32/api/memoryapi/nf-memoryapi-openfilemappingw | OpenFileMappingW}
   */
  static open(name: string, byteLength: number): SharedMemory {
    const memory = SharedMemory.tryOpen(name, byteLength);
    if (memory === undefined) throw openingError(kernel.failure, { kind: 'section', name });
    return memory;
  }

  /** As `open`, but gives `undefined` when there is none. */
  static tryOpen(name: string, byteLength: number): SharedMemory | undefined {
    const checked = checkName(name);
    checkInteger(byteLength, 'byteLength', 1, MAXIMUM_BYTES);
    const handle = kernel.open('section', checked, FILE_MAP_READ | FILE_MAP_WRITE, false);
    if (handle !== 0) return new SharedMemory(new OwnedHandle(handle), checked, false, byteLength);
    if (kernel.failure.errno === ERROR_FILE_NOT_FOUND) return undefined;
    throw openingError(kernel.failure, { kind: 'section', name: checked });
  }

  /**
   * The memory, for typed arrays and `DataView`s. `Atomics` on it works between processes.
   *
   * @throws ClosedError
   */
  get buffer(): ArrayBuffer {
    if (!this.#owned.open) throw new ClosedError(`the section ${JSON.stringify(this.name)} is closed`, this.name);
    return this.#mapping.buffer;
  }

  get closed(): boolean {
    return !this.#owned.open;
  }

  /**
   * Closes the section, and takes its memory from every view on it: they become empty. (Node 20 cannot take it away: there the memory stays mapped until the
   * process ends.) Closing again does nothing.
   */
  close(): void {
    if (!this.#owned.open) return;
    this.#owned.close();
    this.#mapping.unmap();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
