/** The board: the section of 32-bit integers that every peer of a scenario maps. PROTOCOL.md says who writes what. */

export const BOARD_ENTRIES = 1024;
export const BOARD_BYTES = BOARD_ENTRIES * Int32Array.BYTES_PER_ELEMENT;

export const STOP = 0;
export const COUNTER = 1;
export const INSIDE = 2;
export const HIGH_WATER = 3;
export const ROUND = 4;
export const LAST_ROUND = 5;
export const ARRIVED = 6;
export const TALLY = 16;
export const TAKEN = 24;
export const HOLDERS = 32;
export const PROGRESS = 64;

/** Entries at TALLY, TAKEN and HOLDERS. */
export const TALLIES = 8;
/** Entries at PROGRESS: the most contenders that a scenario can have. */
export const MAXIMUM_CONTENDERS = 128;

/**
 * Access to a board, plain or interlocked as its table says. Plain access is the point where it is used: the mutual exclusion of the object
 * under test is all that keeps those entries exact.
 */
export class Board {
  readonly #entries: Int32Array;

  constructor(buffer: ArrayBuffer) {
    this.#entries = new Int32Array(buffer, 0, BOARD_ENTRIES);
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

  /** Of the first `contenders` entries at PROGRESS. */
  sumOfProgress(contenders: number): number {
    let sum = 0;
    for (let contender = 0; contender < contenders; contender++) sum += this.read(PROGRESS + contender);
    return sum;
  }

  clear(): void {
    this.#entries.fill(0);
  }
}
