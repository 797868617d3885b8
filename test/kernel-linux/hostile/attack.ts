import { closeSync, constants, openSync } from 'node:fs';
import koffi from 'koffi';
import {
  ABSOLUTE, ALL_ONES, ARMED, BUCKETS, BUCKETS_AT, BUSY, CLIENT_BYTES, CLIENTS_AT, FILE_BYTES, HEADER, KIND_ORPHAN, LATCHED, MUTEX_WAITERS, OBJECT, OBJECT_BYTES, objectPlace, OBJECTS_AT, OWNER_DIED,
  REFERENCE_BYTES, REFERENCES_AT,
} from '../../../src/kernel/linux/file/layout.js';
import { random, type Random } from '../../support/random.js';

const PROT_READ_WRITE = 3;
const MAP_SHARED = 1;

/** How many records of each table are written to: those that the few objects of a test are in, and some behind. */
const RECORDS = 24;

/** Of `OBJECT`'s words, where the links of a 64-bit owner's robust list are. */
const LINKS = [6, 7, 8, 9] as const;

const HEADER_WORDS = [
  HEADER.CLIENTS_USED, HEADER.REFERENCES_USED, HEADER.OBJECTS_USED, HEADER.REFERENCES_BACKED, HEADER.OBJECTS_BACKED, HEADER.FREE_REFERENCE, HEADER.FREE_OBJECT, HEADER.ORPHANS, HEADER.WAIT_ALL, HEADER.SEQUENCE,
  HEADER.CHANGING, HEADER.REPAIRS,
] as const;

const STATES_WITHOUT_OWNER = [0, -1, ALL_ONES, OWNER_DIED, OWNER_DIED | MUTEX_WAITERS, ALL_ONES | MUTEX_WAITERS, MUTEX_WAITERS] as const;
const STATES = [
  0, 1, 2, 3, 7, -1, ALL_ONES, OWNER_DIED, OWNER_DIED | MUTEX_WAITERS, ALL_ONES | MUTEX_WAITERS, BUSY, BUSY | 1, MUTEX_WAITERS, 0x7fffffff, LATCHED, ARMED, ARMED | ABSOLUTE, ARMED | LATCHED | BUSY,
] as const;
const NUMBERS = [0, 1, 2, -1, 7, 20, 2048, 4096, 262_144, 524_288, ALL_ONES, OWNER_DIED, BUSY, 0x7fffffff, 0x3ffffffe] as const;
const QUANTITIES = [0, -0, -1, NaN, Infinity, -Infinity, 1e308, -1e308, Number.MAX_SAFE_INTEGER, 5e-324, 4096, 2 ** 40] as const;

/** What another user's process knows about those who use the file, and means to use against them. */
export interface Knowledge {
  /** Ids of threads that live. */
  readonly threads: readonly number[];
}

/**
 * Somebody who writes into a file that all users share, wherever it hurts: words that decide what others index, follow, count, sleep on and close. Others see each word at once.
 *
 * What he cannot be kept from is left out: to be the owner of the namespace mutex for as long as he lives, or to make somebody it who lives; and to spoil the first words, with which nobody else would begin.
 */
export class Attack {
  readonly #words: Int32Array;
  readonly #doubles: Float64Array;
  readonly #knowledge: Knowledge;

  constructor(path: string, knowledge: Knowledge) {
    const descriptor = openSync(path, constants.O_RDWR);
    const library = koffi.load(null);
    const map = library.func('mmap', 'intptr', ['uintptr', 'size_t', 'int', 'int', 'int', 'long']) as (...args: number[]) => number;
    const address = map(0, FILE_BYTES, PROT_READ_WRITE, MAP_SHARED, descriptor, 0);
    closeSync(descriptor);
    if (address === -1) throw new Error(`mmap: errno ${koffi.errno()}`);
    const buffer = koffi.view(BigInt(address), FILE_BYTES);
    this.#words = new Int32Array(buffer);
    this.#doubles = new Float64Array(buffer);
    this.#knowledge = knowledge;
  }

  /** Overwrites so many words. */
  burst(seed: number, count: number): void {
    const next = random(seed);
    for (let time = 0; time < count; time++) this.#strike(next);
  }

  /** Does so without a pause, for so many ms. */
  storm(seed: number, milliseconds: number): number {
    const next = random(seed);
    const end = performance.now() + milliseconds;
    let strikes = 0;
    for (; performance.now() < end; strikes += 100) for (let time = 0; time < 100; time++) this.#strike(next);
    return strikes;
  }

  #strike(next: Random): void {
    const words = this.#words;
    const record = (at: number, bytes: number) => (at + Math.floor(next() * RECORDS) * bytes) / 4;
    switch (Math.floor(next() * 10)) {
      case 0:
        words[pick(HEADER_WORDS, next)] = this.#number(next);
        break;
      case 1:
        words[record(CLIENTS_AT, CLIENT_BYTES) + Math.floor(next() * CLIENT_BYTES / 4)] = this.#number(next);
        break;
      case 2:
        words[this.#bucket(next)] = this.#number(next);
        break;
      case 3:
      case 4:
        words[record(REFERENCES_AT, REFERENCE_BYTES) + Math.floor(next() * REFERENCE_BYTES / 4)] = this.#number(next);
        break;
      case 5:
        this.#strikeLink(next, next() < 0.1 ? record(CLIENTS_AT, CLIENT_BYTES) : record(OBJECTS_AT, OBJECT_BYTES));
        break;
      case 6:
        this.#doubles[(record(OBJECTS_AT, OBJECT_BYTES) + OBJECT.QUANTITY) / 2] = next() < 0.5 ? pick(QUANTITIES, next) : Date.now() + next() * 100;
        break;
      case 7:
        words[record(OBJECTS_AT, OBJECT_BYTES) + OBJECT.KIND] = Math.floor(next() * (KIND_ORPHAN + 2));
        break;
      case 8:
        this.#strikeState(next, record(OBJECTS_AT, OBJECT_BYTES));
        break;
      default: {
        const place = record(OBJECTS_AT, OBJECT_BYTES) + Math.floor(next() * OBJECT_BYTES / 4);
        if (place !== objectPlace(0)) words[place] = this.#number(next);
      }
    }
  }

  #strikeState(next: Random, at: number): void {
    this.#words[at] = pick(at === objectPlace(0) ? STATES_WITHOUT_OWNER : STATES, next);
  }

  /** The namespace mutex is this program's, for as long as it lives. */
  keepNames(): void {
    Atomics.store(this.#words, objectPlace(0), process.pid);
  }

  #number(next: Random): number {
    const kind = next();
    if (kind < 0.3) return pick(NUMBERS, next);
    if (kind < 0.7) return Math.floor(next() * 32);
    if (kind < 0.8) return pick(this.#knowledge.threads, next);
    return Math.floor(next() * 2 ** 32) | 0;
  }

  /** A pointer of a robust list: one that stands elsewhere, so that it leads into the memory of a process that uses the file, and beside it; half of one; or nowhere. */
  #strikeLink(next: Random, at: number): void {
    const words = this.#words;
    const from = objectPlace(Math.floor(next() * RECORDS)) + pick([LINKS[0], LINKS[2]], next);
    const to = at + pick([LINKS[0], LINKS[2]], next);
    const low = words[from] ?? 0;
    words[to] = next() < 0.5 ? low + Math.floor(next() * 64 - 32) * 8 : next() < 0.5 ? low : this.#number(next);
    if (next() < 0.8) words[to + 1] = words[from + 1] ?? 0;
  }

  /** One that is in use, if it comes upon one soon. */
  #bucket(next: Random): number {
    let bucket = 0;
    for (let tries = 0; tries < 200; tries++) {
      bucket = BUCKETS_AT / 4 + Math.floor(next() * BUCKETS);
      if (this.#words[bucket] !== 0) break;
    }
    return bucket;
  }
}

function pick<Value>(values: readonly Value[], next: Random): Value {
  return values[Math.floor(next() * values.length)] as Value;
}
