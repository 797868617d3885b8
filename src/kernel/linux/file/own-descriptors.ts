import { ERROR_TOO_MANY_OPEN_FILES } from '../../status.js';
import { FileFailure } from './failure.js';
import type { Files } from '../system/files.js';

/** How many pidfds a process may have: as many as it takes to fill whole pages. */
const CAPACITY = 65_535;
const RECORD_WORDS = 3;
const RECORDS_AT = 3;
const USED = 0;
const OBJECT = 0;
const GENERATION = 1;
const DESCRIPTOR = 2;

export const OWN_BYTES = (RECORDS_AT + CAPACITY * RECORD_WORDS) * 4;

/**
 * Which descriptors of this process belong to which objects of the shared file.
 *
 * They are in memory of this process's own, which all of its threads find behind their mapping of the file: threads share no JavaScript, and a thread that was terminated leaves none. What stands in the
 * file decides about none of them: it may have been written by another user, or by a dead process that had the same id.
 *
 * | word  | field      | meaning |
 * |-------|------------|---------|
 * | 0     | USED       | records from here on have never been used |
 * | 3 + 3n | OBJECT    | the object's index + 1; 0: free. Written last |
 * | 4 + 3n | GENERATION | the object's |
 * | 5 + 3n | DESCRIPTOR | a pidfd |
 *
 * Changed under the namespace mutex alone; read by any thread that has a handle of the object.
 */
export class OwnDescriptors {
  readonly #words: Int32Array;
  readonly #files: Files;

  constructor(words: Int32Array, files: Files) {
    this.#words = words;
    this.#files = files;
  }

  /** @throws FileFailure */
  add(object: number, generation: number, descriptor: number): void {
    const words = this.#words;
    let record = 0;
    while (record < this.#used && words[placeOf(record) + OBJECT] !== 0) record++;
    if (record === CAPACITY) throw new FileFailure({ errno: ERROR_TOO_MANY_OPEN_FILES, syscall: 'OpenProcess', reason: `this process has ${CAPACITY} processes open, which is as many as it may` });
    const at = placeOf(record);
    words[at + GENERATION] = generation;
    words[at + DESCRIPTOR] = descriptor;
    Atomics.store(words, at + OBJECT, object + 1);
    if (record === this.#used) Atomics.store(words, USED, record + 1);
  }

  /** -1 for an object of which this process has none. */
  of(object: number, generation: number): number {
    const at = this.#find(object, generation);
    return at < 0 ? -1 : this.#words[at + DESCRIPTOR] ?? -1;
  }

  /** The object is no more. */
  close(object: number, generation: number): void {
    const at = this.#find(object, generation);
    if (at >= 0) this.#close(at);
  }

  /** Closes those of objects that are no more: another process has closed them for a thread of this one that was terminated. */
  sweep(isObject: (object: number, generation: number) => boolean): void {
    const words = this.#words;
    for (let record = 0; record < this.#used; record++) {
      const at = placeOf(record);
      const object = (words[at + OBJECT] ?? 0) - 1;
      if (object >= 0 && !isObject(object, words[at + GENERATION] ?? 0)) this.#close(at);
    }
  }

  #find(object: number, generation: number): number {
    const words = this.#words;
    for (let record = 0; record < this.#used; record++) {
      const at = placeOf(record);
      if (Atomics.load(words, at + OBJECT) === object + 1 && words[at + GENERATION] === generation) return at;
    }
    return -1;
  }

  #close(at: number): void {
    const words = this.#words;
    Atomics.store(words, at + OBJECT, 0);
    this.#files.close(words[at + DESCRIPTOR] ?? -1);
    let used = this.#used;
    while (used > 0 && words[placeOf(used - 1) + OBJECT] === 0) used--;
    Atomics.store(words, USED, used);
  }

  get #used(): number {
    return Atomics.load(this.#words, USED);
  }
}

function placeOf(record: number): number {
  return RECORDS_AT + record * RECORD_WORDS;
}
