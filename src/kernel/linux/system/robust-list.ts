import koffi from 'koffi';
import type { Files } from './files.js';
import type { Address, System } from './system.js';

/**
 * Pointers in shared memory or in the C library's, to be written whole: 64-bit ones as doubles, 32-bit ones as integers.
 *
 * As doubles, the addresses of user space are subnormal numbers. Their bits survive every move, but no comparison: where a library was built with `-ffast-math`, the thread that loads it takes
 * all subnormal numbers for 0 from then on. So pointers are compared as 32-bit words, and reckoned with as addresses.
 */
export type Pointers = Float64Array | Uint32Array;

/** The kernel walks 2,048 entries of a dead thread's list and leaves the rest: a thread that owned more would leave locks that are stuck. A wait-all may add 128 at once. */
const LONGEST_LIST = 1900;

const WIDE = koffi.sizeof('void *') === 8;
export const POINTER_BYTES = WIDE ? 8 : 4;
const POINTER_WORDS = POINTER_BYTES / 4;
/** From the first word of a pointer to its last, which are one in 32 bits. */
const LAST = POINTER_WORDS - 1;

/** Where an object's entry must be, seen from its futex word: where glibc has its own, since all entries of a thread share one offset. */
const FUTEX_OFFSET = WIDE ? -32 : -20;
const HEAD_BYTES = 3 * POINTER_BYTES;

/** Places in `struct robust_list_head { next; futex_offset; list_op_pending }`. */
const NEXT = 0;
const OFFSET = 1;
const PENDING = 2;

/** A lock's place in the list of the thread that owns it. */
export interface RobustEntry {
  /** The shared file, as pointers and as words. */
  readonly pointers: Pointers;
  readonly words: Int32Array;
  /** Place of the entry's next pointer among the pointers, and among the words; in 64 bits the previous one stands before it. */
  readonly place: number;
  readonly nextAt: number;
  /** The entry's address: as a pointer, and the first and the last word of that. */
  readonly pointer: number;
  readonly first: number;
  readonly last: number;
}

/** The shared memory that entries of this thread are in. */
interface Region {
  readonly address: Address;
  readonly byteLength: number;
  readonly pointers: Pointers;
  readonly words: Int32Array;
  /** Whether a lock's futex word can be at that offset, in bytes. */
  isLockAt(offset: number): boolean;
  /** Whether that one is the thread's, and its memory will not become another object's while it is. */
  isLockOf(offset: number, thread: number): boolean;
}

/**
 * This thread's robust list: what the kernel walks when the thread ends, in whatever way, to mark its locks as left behind.
 *
 * It is the C library's list, which native code of this thread may use too (as LMDB does), and another copy of this library as well. So nothing about the order of
 * entries is remembered here: all is read from the list. In 64 bits glibc's entries have a previous pointer, and its removal relies on it: what stands
 * beside ours is kept right. Ours have one that glibc writes, and nobody reads.
 *
 * Taking goes from `begin` to `link`, or to `end` if it fails; releasing from `begin` to `end`. From the one to the other the lock is named as pending, so that the kernel looks at it even if the thread dies
 * with the lock taken and not linked, or unlinked and not released.
 *
 * Entries are in memory that other processes write to, other users' too. So what an entry says of the next one is read once, checked (`#follows`), and only then put into the head or anywhere else. What is
 * in the head is followed unseen. What others can do to the list is to cut it: then the kernel marks no lock behind the
 * cut, of whatever file, and those who wait for one find out that its owner is no more.
 */
export class RobustList {
  readonly #files: Files;
  /*
   * No `#` before what each lock touches, nor before what it calls: that would make its code too long to be inlined, see `Hold`.
   */
  private readonly next: Pointers;
  private readonly nextWords: Int32Array;
  private readonly pending: Pointers;
  private readonly headAddress: Address;
  private readonly headPointer: number;
  readonly #regions: Region[] = [];
  private length = 0;
  private shortestOfCare = LONGEST_LIST;
  /** The words of a pointer to an entry that is known to be in our memory, where nobody reads previous pointers: mostly this thread's LIFE. */
  private oursFirst = 0;
  private oursLast = 0;
  /**
   * The same as a pointer. Where an entry has led to it, this is what counts: read once more, the entry may say something else. In an array, from which it is moved to another one: V8 may keep a number that seems to
   * be 0 in a field as the integer.
   */
  private readonly ours = pointersOf(new ArrayBuffer(POINTER_BYTES), 0, 1);
  private readonly oursWords = new Int32Array(this.ours.buffer);

  /** @param offset - Of the head in the buffer. */
  private constructor(files: Files, buffer: ArrayBufferLike, offset: number, address: Address) {
    this.#files = files;
    this.next = pointersOf(buffer, offset + NEXT * POINTER_BYTES, 1);
    this.nextWords = new Int32Array(buffer, offset + NEXT * POINTER_BYTES, POINTER_WORDS);
    this.pending = pointersOf(buffer, offset + PENDING * POINTER_BYTES, 1);
    this.headAddress = address;
    this.headPointer = pointerTo(address);
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
    const offset = new Int32Array(view)[OFFSET * POINTER_WORDS];
    return offset === FUTEX_OFFSET ? new RobustList(system.files, view, 0, address) : undefined;
  }

  /**
   * A list of our own, in memory of ours that stays. Whatever was in the C library's list is no longer looked after; musl has none before its first robust lock.
   */
  static install(system: System, buffer: ArrayBufferLike, offset: number, address: Address): RobustList | undefined {
    const list = new RobustList(system.files, buffer, offset, address);
    list.next[0] = list.headPointer;
    const words = new Int32Array(buffer, offset + OFFSET * POINTER_BYTES, POINTER_WORDS);
    words.fill(-1); // the sign, extended
    words[0] = FUTEX_OFFSET;
    list.pending[0] = 0;
    return system.setRobustList(address, HEAD_BYTES) ? list : undefined;
  }

  /** The list that another copy of this library has installed for this thread. */
  static installed({ files }: System, buffer: ArrayBufferLike, offset: number, address: Address): RobustList {
    return new RobustList(files, buffer, offset, address);
  }

  /** Entries will be in this memory as well: one of them for the thread's life, which is no mutex. */
  addRegion(region: Region): void {
    if (this.#regions.some(({ address }) => address === region.address)) return; // the first time the thread could not take part
    this.#regions.push(region);
    this.length--;
  }

  /** @param offset - Of the futex word in the region. */
  static entryAt({ pointers, words, address }: Region, offset: number): RobustEntry {
    const entry = address + offset - FUTEX_OFFSET;
    const place = (offset - FUTEX_OFFSET) / POINTER_BYTES;
    return { pointers, words, place, nextAt: place * POINTER_WORDS, pointer: pointerTo(entry), first: firstWord(entry), last: lastWord(entry) };
  }

  /** From now on each take looks closely. Until then it costs nothing, since the length is asked for anyway. */
  lookClosely(): void {
    this.shortestOfCare = -Infinity;
  }

  /** Whether a take has to look closely: at the length, and at whether the files are still there. */
  get needsCare(): boolean {
    return this.length >= this.shortestOfCare;
  }

  /** Whether no lock may be added. */
  get full(): boolean {
    return this.length >= LONGEST_LIST;
  }

  begin(entry: RobustEntry): void {
    this.pending[0] = entry.pointer;
  }

  end(): void {
    this.pending[0] = 0;
  }

  /** The entry becomes the first, and is not pending any more. */
  link(entry: RobustEntry): void {
    const { next, nextWords } = this;
    entry.pointers[entry.place] = next[0] ?? 0;
    if (nextWords[0] !== this.oursFirst || nextWords[LAST] !== this.oursLast) this.linkInFrontOfOthers(entry);
    next[0] = entry.pointer;
    this.pending[0] = 0;
    this.length++;
  }

  unlink(entry: RobustEntry): void {
    const { words, nextAt } = entry;
    const { nextWords } = this;
    this.length--;
    const isFirst = nextWords[0] === entry.first && nextWords[LAST] === entry.last;
    if (isFirst && words[nextAt] === this.oursFirst && words[nextAt + LAST] === this.oursLast) this.next[0] = this.ours[0] ?? 0;
    else this.unlinkCarefully(entry, isFirst);
  }

  /**
   * Takes out what a section linked that was cut, see `CutSections`, and that is not this thread's lock, or not for
   * long. It has to be out before another thread takes it, or another object gets its memory: either would lead this
   * list elsewhere, and the kernel would not find the locks behind it.
   */
  dropWhatIsNotOf(thread: number): void {
    let before = this.headAddress;
    let at = addressAt(this.nextWords, 0);
    for (let steps = 0; steps < LONGEST_LIST * 2 && at !== this.headAddress; steps++) {
      const found = this.#nextOf(at);
      if (found === undefined) return;
      const region = this.#regionOf(at);
      if (region === undefined || region.isLockOf(at - region.address + FUTEX_OFFSET, thread)) {
        before = at;
        at = found;
        continue;
      }
      const next = this.#follows(found, at) ? found : this.headAddress;
      if (before === this.headAddress) this.next[0] = pointerTo(next);
      else this.#write(before, 0, pointerTo(next));
      if (WIDE) this.#setPrevious(next, pointerTo(before));
      at = next;
    }
  }

  /** What was cut while it changed the list, see `CutSections`, has left it whole for the kernel, but not what stands beside it, nor its length. */
  mendAfterCut(): void {
    let ours = -this.#regions.length;
    let before = this.headAddress;
    let at = addressAt(this.nextWords, 0);
    for (let steps = 0; steps < LONGEST_LIST * 2 && at !== this.headAddress; steps++) {
      const next = this.#nextOf(at);
      if (next === undefined) break;
      if (this.#regionOf(at) !== undefined) ours++;
      else if (WIDE && (before === this.headAddress || this.#pointsBack(at))) this.#setPrevious(at, pointerTo(before));
      before = at;
      at = next;
    }
    this.length = ours;
  }

  /** Whether what is outside the shared memory, to where an entry has led, is one of the list: then what stands, or stood, in front of it is the head or one of ours. */
  #pointsBack(entry: Address): boolean {
    const found = readable(this.#files, entry);
    if (found === undefined) return false;
    const previous = addressAt(found, 0);
    const region = this.#regionOf(previous);
    return previous === this.headAddress || region?.isLockAt(previous - region.address + FUTEX_OFFSET) === true;
  }

  private linkInFrontOfOthers({ pointer }: RobustEntry): void {
    const first = addressAt(this.nextWords, 0);
    if (WIDE) this.#setPrevious(first, pointer);
    this.#noteIfOurs(first);
  }

  #noteIfOurs(entry: Address): void {
    if (this.#regionOf(entry) === undefined) return;
    this.oursFirst = firstWord(entry);
    this.oursLast = lastWord(entry);
    this.oursWords[0] = this.oursFirst;
    this.oursWords[LAST] = this.oursLast;
  }

  private unlinkCarefully({ words, nextAt, first, last }: RobustEntry, isFirst: boolean): void {
    const entry = addressOf(first, last);
    const [nextFirst, nextLast] = [words[nextAt] ?? 0, words[nextAt + LAST] ?? 0];
    const found = addressIn(nextFirst, nextLast);
    // Of locks that get lost with a next one that cannot be, a thread that sleeps for one finds its owner dead.
    const follows = this.#follows(found, entry);
    const next = follows ? found : this.headAddress;
    halves[0] = nextFirst;
    halves[1] = nextLast;
    const nextPointer = follows ? WIDE ? double[0] ?? 0 : nextFirst >>> 0 : this.headPointer;
    let before = this.headAddress;
    if (isFirst) {
      this.next[0] = nextPointer;
    } else {
      before = this.#before(entry);
      if (before === 0) return;
      this.#write(before, 0, nextPointer);
    }
    if (WIDE) this.#setPrevious(next, pointerTo(before));
    this.#noteIfOurs(next);
  }

  /** Whether what an entry says of the next one can be true: one of ours is where one can be, and what is outside the shared memory has to be there, and to point back. */
  #follows(next: Address, entry: Address): boolean {
    if (next === this.headAddress) return true;
    if (this.#isInHead(next)) return false;
    const region = this.#regionOf(next);
    if (region !== undefined) return region.isLockAt(next - region.address + FUTEX_OFFSET);
    const found = readable(this.#files, next);
    return found !== undefined && (!WIDE || addressAt(found, 0) === entry);
  }

  /** The head names the pending entry, and so seems to point back. */
  #isInHead(next: Address): boolean {
    return next > this.headAddress - HEAD_BYTES && next < this.headAddress + 2 * HEAD_BYTES;
  }

  /** The entry in front of this one, which is not the first; 0 if the list does not have it. */
  #before(entry: Address): Address {
    let at = addressAt(this.nextWords, 0);
    for (let steps = 0; steps < LONGEST_LIST * 2 && at !== this.headAddress; steps++) {
      const next = this.#nextOf(at);
      if (next === undefined) return 0;
      if (next === entry) return at;
      at = next;
    }
    return 0;
  }

  /** `undefined` for what cannot be an entry. */
  #nextOf(entry: Address): Address | undefined {
    const region = this.#regionOf(entry);
    if (region !== undefined) return region.isLockAt(entry - region.address + FUTEX_OFFSET) ? addressAt(region.words, (entry - region.address) / 4) : undefined;
    if (this.#isInHead(entry)) return undefined;
    const found = readable(this.#files, entry);
    return found && addressAt(found, POINTER_WORDS);
  }

  #setPrevious(entry: Address, previous: number): void {
    // The head has no previous pointer that anybody reads.
    if (entry !== this.headAddress) this.#write(entry, -1, previous);
  }

  /** @param which - Of the entry's pointers: 0 is the next one, -1 the previous. */
  #write(entry: Address, which: 0 | -1, pointer: number): void {
    const region = this.#regionOf(entry);
    if (region === undefined) writeForeign(entry + which * POINTER_BYTES, pointer);
    else region.pointers[(entry - region.address) / POINTER_BYTES + which] = pointer;
  }

  #regionOf(address: Address): Region | undefined {
    for (const region of this.#regions) {
      if (address >= region.address && address < region.address + region.byteLength) return region;
    }
    return undefined;
  }
}

/**
 * A pointer of somebody else's entry in the same list, such as a lock of the C library's, or of another copy of this one.
 * It is written as a whole: this thread may be killed at any instant, and the kernel follows it.
 */
function writeForeign(address: Address, pointer: number): void {
  let view: ArrayBuffer;
  try {
    view = koffi.view(BigInt(address), POINTER_BYTES);
  } catch {
    // The runtime refuses external buffers.
    koffi.encode(BigInt(address), WIDE ? 'double' : 'uint32_t', pointer);
    return;
  }
  pointersOf(view, 0, 1)[0] = pointer;
}

/** What the two pointers are there; `undefined` where this process has no memory: the system looks, which does not fault. */
function readable(files: Files, address: Address): Int32Array | undefined {
  if (address % POINTER_BYTES !== 0 || address < POINTER_BYTES || address > Number.MAX_SAFE_INTEGER) return undefined;
  const found = files.bytes('/proc/self/mem', address - POINTER_BYTES, 2 * POINTER_BYTES);
  return found && new Int32Array(found.buffer);
}

export function pointersOf(buffer: ArrayBufferLike, offset: number, length: number): Pointers {
  return WIDE ? new Float64Array(buffer, offset, length) : new Uint32Array(buffer, offset, length);
}

const double = new Float64Array(1);
const halves = new Uint32Array(double.buffer);

function pointerTo(address: Address): number {
  if (!WIDE) return address;
  halves[0] = address % 0x100000000;
  halves[1] = address / 0x100000000;
  return double[0] ?? 0;
}

function firstWord(address: Address): number {
  return address | 0;
}

function lastWord(address: Address): number {
  return WIDE ? address / 0x100000000 | 0 : address | 0;
}

function addressOf(first: number, last: number): Address {
  return (WIDE ? (last >>> 0) * 0x100000000 : 0) + (first >>> 0);
}

/** Where the pointer at that place leads. Its lowest bit says that the entry is a lock with priority inheritance. */
function addressAt(words: Int32Array, place: number): Address {
  return addressIn(words[place] ?? 0, words[place + LAST] ?? 0);
}

function addressIn(first: number, last: number): Address {
  return addressOf(first - (first & 1), last);
}
