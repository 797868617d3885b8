import { array, layout } from 'waitable/bitness';

/** Entries at TALLY, TAKEN, HOLDERS, RELEASED_AT and RELEASED_BY. */
export const TALLIES = 8;
/** Entries at PROGRESS: the most contenders that a scenario can have. */
export const MAXIMUM_CONTENDERS = 128;

/**
 * The board: the section that every peer of a scenario maps. PROTOCOL.md says who writes what. The C helpers are compiled with a header that is printed from this layout; a peer that was made with another one refuses
 * the section.
 */
export const boardLayout = layout({
  releasedAt: array('float64', TALLIES),
  stop: 'int32',
  counter: 'int32',
  inside: 'int32',
  highWater: 'int32',
  round: 'int32',
  lastRound: 'int32',
  arrived: 'int32',
  tally: array('int32', TALLIES),
  taken: array('int32', TALLIES),
  holders: array('int32', TALLIES),
  progress: array('int32', MAXIMUM_CONTENDERS),
  releasedBy: array('int32', TALLIES),
  spare: array('int32', 825), // to a page
});

/** For C, where the structure has the same members. */
export const boardHeader = boardLayout.toCHeader('board');

/** Where the entries are, as 32-bit integers of the section: the roles use them by index, plain or interlocked. */
const place = (field: keyof typeof boardLayout.fields) => (boardLayout.begin + boardLayout.offsetOf(field)) / Int32Array.BYTES_PER_ELEMENT;

export const BOARD_BYTES = boardLayout.begin + boardLayout.byteLength;
export const BOARD_ENTRIES = BOARD_BYTES / Int32Array.BYTES_PER_ELEMENT;
const FIRST = boardLayout.begin / Int32Array.BYTES_PER_ELEMENT;

export const STOP = place('stop');
export const COUNTER = place('counter');
export const INSIDE = place('inside');
export const HIGH_WATER = place('highWater');
export const ROUND = place('round');
export const LAST_ROUND = place('lastRound');
export const ARRIVED = place('arrived');
export const TALLY = place('tally');
export const TAKEN = place('taken');
export const HOLDERS = place('holders');
export const PROGRESS = place('progress');
export const RELEASED_AT = place('releasedAt');
export const RELEASED_BY = place('releasedBy');

/** In an entry at RELEASED_BY the contender stands above so many values of its bitness. */
const BITS_LIMIT = 256;

/** Who let go of an object that one alone can own, and when. */
export interface Release {
  /** By the clock that all contenders share, in ns. */
  readonly at: number;
  readonly contender: number;
  readonly bits: number;
}

/** Whether a section is a board. One that is new, with zeroes alone, becomes one. */
export function isBoard(buffer: ArrayBuffer): boolean {
  const own = BigInt(`0x${boardLayout.fingerprint}`);
  const found = Atomics.compareExchange(new BigUint64Array(buffer, 0, 1), 0, 0n, own);
  return found === 0n || found === own;
}

/**
 * Access to a board, plain or interlocked as its table says. Plain access is the point where it is used: the mutual exclusion of the object
 * under test is all that keeps those entries exact.
 */
export class Board {
  readonly #entries: Int32Array;
  readonly #releases: Float64Array;

  constructor(buffer: ArrayBuffer) {
    this.#entries = new Int32Array(buffer, 0, BOARD_ENTRIES);
    this.#releases = new Float64Array(buffer, RELEASED_AT * Int32Array.BYTES_PER_ELEMENT, TALLIES);
  }

  read(index: number): number {
    return this.#entries[index] ?? 0;
  }

  write(index: number, value: number): void {
    this.#entries[index] = value;
  }

  load(index: number): number {
    return Atomics.load(this.#entries, index);
  }

  store(index: number, value: number): void {
    Atomics.store(this.#entries, index, value);
  }

  /** Gives the value after the addition. */
  add(index: number, value: number): number {
    return Atomics.add(this.#entries, index, value) + value;
  }

  raise(index: number, value: number): void {
    let seen = this.load(index);
    while (seen < value) {
      const found = Atomics.compareExchange(this.#entries, index, seen, value);
      if (found === seen) return;
      seen = found;
    }
  }

  /** Of the first `contenders` entries at PROGRESS. It wraps as they do, and as COUNTER does. */
  sumOfProgress(contenders: number): number {
    let sum = 0;
    for (let contender = 0; contender < contenders; contender++) sum = (sum + this.read(PROGRESS + contender)) | 0;
    return sum;
  }

  /** By the owner alone, just before it lets go. */
  writeRelease(entry: number, { at, contender, bits }: Release): void {
    this.#releases[entry] = at;
    this.write(RELEASED_BY + entry, contender * BITS_LIMIT + bits);
  }

  /** By the owner alone. */
  readRelease(entry: number): Release {
    const by = this.read(RELEASED_BY + entry);
    return { at: this.#releases[entry] ?? 0, contender: Math.floor(by / BITS_LIMIT), bits: by % BITS_LIMIT };
  }

  clear(): void {
    this.#entries.fill(0, FIRST);
  }
}
