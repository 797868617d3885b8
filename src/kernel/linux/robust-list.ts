import koffi from 'koffi';
import type { Files } from './files.js';
import { FILE_BYTES } from './layout.js';
import type { Address, System } from './system.js';

/** Pointers in shared memory or in the C library's: 64-bit ones as doubles (user addresses are subnormal numbers, so that bits survive), 32-bit ones as integers. */
export type Pointers = Float64Array | Uint32Array;

/** The kernel walks 2,048 entries of a dead thread's list and leaves the rest: a thread that owned more would leave locks that are stuck. A wait-all may add 128 at once. */
const LONGEST_LIST = 1900;

const WIDE = koffi.sizeof('void *') === 8;
const POINTER_BYTES = WIDE ? 8 : 4;

/** Where an object's entry must be, seen from its futex word: where glibc has its own, since all entries of a thread share one offset. */
const FUTEX_OFFSET = WIDE ? -32 : -20;
const HEAD_BYTES = 3 * POINTER_BYTES;

/** Places in `struct robust_list_head { next; futex_offset; list_op_pending }`. */
const NEXT = 0;
const OFFSET = 1;
const PENDING = 2;

/** A lock's place in the list of the thread that owns it. */
export interface RobustEntry {
  /** The shared file, as pointers. */
  readonly pointers: Pointers;
  /** Place of the entry's next pointer; in 64 bits the previous one stands before it. */
  readonly place: number;
  /** The entry's address, as a pointer. */
  readonly pointer: number;
}

/** The shared memory that entries of this thread are in. */
interface Region {
  readonly address: Address;
  readonly pointers: Pointers;
}

/**
 * This thread's robust list: what the kernel walks when the thread ends, in whatever way, to mark its locks as left behind.
 *
 * It is the C library's list, which native code of this thread may use too (as LMDB does), and another copy of this library as well. So nothing about the order of
 * entries is remembered here: all is read from the list. In 64 bits glibc's entries have a previous pointer, and its removal relies on it: what stands
 * beside ours is kept right. Ours have one that glibc writes, and nobody reads.
 *
 * Taking and releasing are bracketed by `begin` and `end`: they name the lock as pending, so that the kernel looks at it even if the thread dies with the
 * lock taken and not linked, or unlinked and not released.
 */
export class RobustList {
  readonly #files: Files;
  readonly #head: Pointers;
  readonly #headPointer: number;
  readonly #regions: Region[] = [];
  #length = 0;
  /** An entry that is known to be in our memory, where nobody reads previous pointers: mostly this thread's LIFE. */
  #ours = 0;
  /** The entry that was written to last. */
  #neighbourPointers: Pointers;
  #neighbourPlace = 0;

  private constructor(files: Files, head: Pointers, address: Address) {
    this.#files = files;
    this.#head = head;
    this.#headPointer = pointerTo(address);
    this.#neighbourPointers = head;
  }

  /** The C library's list; `undefined` where it has none that fits, or the runtime does not let us see it: then `install` one. */
  static ofLibrary(system: System): RobustList | undefined {
    const [address, bytes] = system.robustList();
    if (address === 0 || bytes !== HEAD_BYTES) return undefined;
    let view: ArrayBuffer;
    try {
      view = koffi.view(BigInt(address), HEAD_BYTES);
    } catch {
      return undefined;
    }
    const offset = new Int32Array(view)[OFFSET * POINTER_BYTES / 4];
    return offset === FUTEX_OFFSET ? new RobustList(system.files, pointersOf(view, 0, 3), address) : undefined;
  }

  /**
   * A list of our own, in memory of ours that stays. Whatever was in the C library's list is no longer looked after; musl has none before its first robust lock.
   */
  static install(system: System, buffer: ArrayBufferLike, offset: number, address: Address): RobustList | undefined {
    const head = pointersOf(buffer, offset, 3);
    const list = new RobustList(system.files, head, address);
    head[NEXT] = list.#headPointer;
    const words = new Int32Array(buffer, offset + OFFSET * POINTER_BYTES, POINTER_BYTES / 4);
    words.fill(-1); // the sign, extended
    words[0] = FUTEX_OFFSET;
    head[PENDING] = 0;
    return system.setRobustList(address, HEAD_BYTES) ? list : undefined;
  }

  /** The list that another copy of this library has installed for this thread. */
  static installed({ files }: System, buffer: ArrayBufferLike, offset: number, address: Address): RobustList {
    return new RobustList(files, pointersOf(buffer, offset, 3), address);
  }

  /** Entries will be in this memory as well: one of them for the thread's life, which is no mutex. */
  addRegion(address: Address, pointers: Pointers): void {
    if (this.#regions.some(region => region.address === address)) return; // the first time the thread could not take part
    this.#regions.push({ address, pointers });
    this.#length--;
  }

  static entryAt(pointers: Pointers, offset: number, address: Address): RobustEntry {
    const entry = address + offset - FUTEX_OFFSET;
    return { pointers, place: (offset - FUTEX_OFFSET) / POINTER_BYTES, pointer: pointerTo(entry) };
  }

  /** Whether no lock may be added. */
  get full(): boolean {
    return this.#length >= LONGEST_LIST;
  }

  begin(entry: RobustEntry): void {
    this.#head[PENDING] = entry.pointer;
  }

  end(): void {
    this.#head[PENDING] = 0;
  }

  link({ pointers, place, pointer }: RobustEntry): void {
    const head = this.#head;
    const first = head[NEXT] ?? 0;
    pointers[place] = first;
    if (first !== this.#ours) this.#linkInFrontOf(first, pointer);
    head[NEXT] = pointer;
    this.#length++;
  }

  unlink({ pointers, place, pointer }: RobustEntry): void {
    const head = this.#head;
    const next = pointers[place] ?? 0;
    this.#length--;
    if (head[NEXT] === pointer && next === this.#ours) head[NEXT] = next;
    else this.#unlinkCarefully(pointer, next);
  }

  #linkInFrontOf(first: number, pointer: number): void {
    if (WIDE) this.#setPrevious(first, pointer);
    if (this.#regionOf(addressIn(first)) !== undefined) this.#ours = first;
  }

  #unlinkCarefully(entry: number, found: number): void {
    // Of locks that get lost with a next one that cannot be, a thread that sleeps for one finds its owner dead.
    const next = this.#follows(found, entry) ? found : this.#headPointer;
    let before = this.#headPointer;
    if (this.#head[NEXT] === entry) {
      this.#head[NEXT] = next;
    } else {
      before = this.#before(entry);
      if (before === 0) return;
      this.#find(before);
      this.#neighbourPointers[this.#neighbourPlace] = next;
    }
    if (WIDE) this.#setPrevious(next, before);
    if (this.#regionOf(addressIn(next)) !== undefined) this.#ours = next;
  }

  /**
   * Whether what an entry says of the next one can be true. Entries are in memory that other processes write to, and one that has been overwritten must not make this process write anywhere: what is
   * outside the shared memory has to be there, and to point back.
   */
  #follows(next: number, pointer: number): boolean {
    if (next === this.#headPointer) return true;
    const address = addressIn(next);
    if (this.#regionOf(address) !== undefined) return address % POINTER_BYTES === 0;
    const found = readable(this.#files, address);
    return found !== undefined && (!WIDE || found[0] === pointer);
  }

  /** The entry in front of this one, which is not the first; 0 if the list does not have it. */
  #before(pointer: number): number {
    let at = this.#head[NEXT] ?? 0;
    for (let steps = 0; steps < LONGEST_LIST * 2 && at !== this.#headPointer; steps++) {
      const next = this.#next(at);
      if (next === undefined) return 0;
      if (next === pointer) return at;
      at = next;
    }
    return 0;
  }

  /** `undefined` for what cannot be an entry. */
  #next(entry: number): number | undefined {
    const address = addressIn(entry);
    const region = this.#regionOf(address);
    return region === undefined ? readable(this.#files, address)?.[1] : region.pointers[(address - region.address) / POINTER_BYTES];
  }

  #setPrevious(entry: number, previous: number): void {
    // The head has no previous pointer that anybody reads.
    if (entry === this.#headPointer) return;
    this.#find(entry);
    this.#neighbourPointers[this.#neighbourPlace - 1] = previous;
  }

  #find(entry: number): void {
    const address = addressIn(entry);
    const region = this.#regionOf(address);
    this.#neighbourPointers = region?.pointers ?? foreign(address);
    this.#neighbourPlace = region === undefined ? 1 : (address - region.address) / POINTER_BYTES;
  }

  #regionOf(address: Address): Region | undefined {
    for (const region of this.#regions) {
      if (address >= region.address && address < region.address + FILE_BYTES) return region;
    }
    return undefined;
  }
}

/** The two pointers of somebody else's entry in the same list, such as a lock of the C library's. */
function foreign(address: Address): Pointers {
  return pointersOf(koffi.view(BigInt(address - POINTER_BYTES), 2 * POINTER_BYTES), 0, 2);
}

/** What the two pointers are there; `undefined` where this process has no memory: the system looks, which does not fault. */
function readable(files: Files, address: Address): Pointers | undefined {
  if (address % POINTER_BYTES !== 0 || address < POINTER_BYTES) return undefined;
  const found = files.bytes('/proc/self/mem', address - POINTER_BYTES, 2 * POINTER_BYTES);
  return found && pointersOf(found.buffer, 0, 2);
}

export function pointersOf(buffer: ArrayBufferLike, offset: number, length: number): Pointers {
  return WIDE ? new Float64Array(buffer, offset, length) : new Uint32Array(buffer, offset, length);
}

export const POINTERS_PER_FILE = Math.floor(FILE_BYTES / POINTER_BYTES);

const double = new Float64Array(1);
const halves = new Uint32Array(double.buffer);

function pointerTo(address: Address): number {
  if (!WIDE) return address;
  halves[0] = address % 0x100000000;
  halves[1] = address / 0x100000000;
  return double[0] ?? 0;
}

/** The lowest bit says that the entry is a lock with priority inheritance. */
function addressIn(pointer: number): Address {
  if (!WIDE) return pointer - pointer % 2;
  double[0] = pointer;
  const [low = 0, high = 0] = halves;
  return high * 0x100000000 + low - low % 2;
}
