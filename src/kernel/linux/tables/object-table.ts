import { ERROR_FILE_CORRUPT, ERROR_NO_SYSTEM_RESOURCES } from '../../status.js';
import {
  ALL_ONES, BUCKETS, BUCKETS_AT, DIGEST_WORDS, HEADER, KIND_FREE, KIND_MUTEX, KIND_ORPHAN, KIND_PROCESS, KIND_SECTION, NAMED, OBJECT, OBJECT_BYTES, OBJECT_CAPACITY, objectPlace, OBJECTS_AT, OWNER, OWNER_DIED,
} from '../file/layout.js';
import { FileFailure } from '../file/failure.js';
import { removeSectionFile, removeSectionsExcept } from '../file/section-file.js';
import type { View } from '../file/view.js';

/** A name's digest, as eight words. */
export type Digest = Int32Array;

/**
 * The objects and their names. All methods are called under the namespace mutex.
 *
 * What counts is in the objects and references themselves; buckets, chains, free lists and reference counts only follow from it, and the repair makes them anew. So a
 * death in here leaves at the worst an object that nobody refers to.
 */
export class ObjectTable {
  readonly #view: View;

  constructor(view: View) {
    this.#view = view;
  }

  indexAt(place: number): number {
    return (place * 4 - OBJECTS_AT) / OBJECT_BYTES;
  }

  /**
   * The index of the object of that name; -1 if there is none. Dead threads have been reaped before.
   *
   * @throws FileFailure
   */
  find(digest: Digest): number {
    const { words } = this.#view;
    const limit = this.used;
    let index = (words[bucketOf(digest)] ?? 0) - 1;
    for (let steps = 0; index >= 0; steps++) {
      if (index >= limit || steps > limit) throw this.#corrupt();
      if (this.#isNamed(index, digest)) return index;
      index = (words[objectPlace(index) + OBJECT.CHAIN] ?? 0) - 1;
    }
    return -1;
  }

  #isNamed(index: number, digest: Digest): boolean {
    const { words } = this.#view;
    const at = objectPlace(index);
    for (let word = 0; word < DIGEST_WORDS; word++) if (words[at + OBJECT.DIGEST + word] !== digest[word]) return false;
    return words[at + OBJECT.KIND] !== KIND_FREE && words[at + OBJECT.KIND] !== KIND_ORPHAN && ((words[at + OBJECT.FLAGS] ?? 0) & NAMED) !== 0;
  }

  /**
   * Makes an object, to be referred to at once.
   *
   * KIND is written last, and the bucket after it. Killed before: the slot is in no list, and the repair finds it free. Killed after: the repair finds that nobody refers to it.
   *
   * @param fill - Writes the state of the kind; gets the place of the object and its generation, and gives another generation where that one could not be.
   * @throws FileFailure
   */
  make(kind: number, digest: Digest | undefined, fill: (at: number, generation: number) => number | undefined): number {
    const { words } = this.#view;
    const index = this.#take();
    const at = objectPlace(index);
    let generation = ((words[at + OBJECT.GENERATION] ?? 0) + 1) & 0x7fffffff;
    words.fill(0, at, at + OBJECT_BYTES / 4);
    words[at + OBJECT.GENERATION] = generation - 1;
    try {
      generation = fill(at, generation) ?? generation;
    } catch (error) {
      this.#giveBack(index);
      throw error;
    }
    // After a section's file: if this thread dies before, the next to use this slot uses, and so removes, a file of that name again.
    words[at + OBJECT.GENERATION] = generation;
    if (digest !== undefined) {
      words.set(digest, at + OBJECT.DIGEST);
      words[at + OBJECT.FLAGS] = NAMED;
    }
    Atomics.store(words, at + OBJECT.KIND, kind);
    if (digest !== undefined) this.#enter(index, bucketOf(digest));
    return index;
  }

  #take(): number {
    const { words, file } = this.#view;
    const used = words[HEADER.OBJECTS_USED] ?? 0;
    const free = (words[HEADER.FREE_OBJECT] ?? 0) - 1;
    // A list that leads to one in use has been overwritten: what is free in it is found again by the next repair.
    if (free > 0 && free < used && used <= OBJECT_CAPACITY && words[objectPlace(free) + OBJECT.KIND] === KIND_FREE) {
      words[HEADER.FREE_OBJECT] = words[objectPlace(free) + OBJECT.CHAIN] ?? 0;
      return free;
    }
    if (used < 1 || used >= OBJECT_CAPACITY) {
      throw new FileFailure({ errno: ERROR_NO_SYSTEM_RESOURCES, syscall: 'posix_fallocate', reason: `${OBJECT_CAPACITY} objects exist in ${file.folder} already, which is as many as there may be` });
    }
    file.back(HEADER.OBJECTS_BACKED, used + 1);
    words[HEADER.OBJECTS_USED] = used + 1;
    return used;
  }

  #enter(index: number, bucket: number): void {
    const { words } = this.#view;
    words[objectPlace(index) + OBJECT.CHAIN] = words[bucket] ?? 0;
    words[bucket] = index + 1;
  }

  #leave(index: number): void {
    const { words } = this.#view;
    const at = objectPlace(index);
    if (((words[at + OBJECT.FLAGS] ?? 0) & NAMED) === 0) return;
    const limit = this.used;
    let link = bucketOf(words.subarray(at + OBJECT.DIGEST, at + OBJECT.DIGEST + DIGEST_WORDS));
    for (let steps = 0; steps <= limit; steps++) {
      const next = (words[link] ?? 0) - 1;
      if (next === index) {
        words[link] = words[at + OBJECT.CHAIN] ?? 0;
        return;
      }
      if (next < 0 || next >= limit) return;
      link = objectPlace(next) + OBJECT.CHAIN;
    }
  }

  /** Closes descriptors of this process whose objects others have freed. */
  sweepDescriptors(): void {
    const { words, ownDescriptors } = this.#view;
    ownDescriptors.sweep((index, generation) => {
      const at = objectPlace(index);
      return words[at + OBJECT.KIND] === KIND_PROCESS && words[at + OBJECT.GENERATION] === generation;
    });
  }

  /** Nobody refers to it any more. */
  free(index: number): void {
    const { words, file, system, ownDescriptors } = this.#view;
    if (index <= 0 || index >= this.used) return;
    const at = objectPlace(index);
    const kind = words[at + OBJECT.KIND];
    this.#leave(index);
    if (kind === KIND_SECTION) removeSectionFile(system.files, file, index, words[at + OBJECT.GENERATION] ?? 0);
    if (kind === KIND_PROCESS) ownDescriptors.close(index, words[at + OBJECT.GENERATION] ?? 0);
    if (kind === KIND_MUTEX && ownedByLiving(words[at] ?? 0)) {
      words[HEADER.ORPHANS] = (words[HEADER.ORPHANS] ?? 0) + 1;
      Atomics.store(words, at + OBJECT.KIND, KIND_ORPHAN);
      return;
    }
    this.#giveBack(index);
  }

  #giveBack(index: number): void {
    const { words } = this.#view;
    const at = objectPlace(index);
    Atomics.store(words, at + OBJECT.KIND, KIND_FREE);
    words[at + OBJECT.CHAIN] = words[HEADER.FREE_OBJECT] ?? 0;
    words[HEADER.FREE_OBJECT] = index + 1;
  }

  /** Mutexes that nobody can open any more are used again once their owner is dead too. */
  freeOrphans(): void {
    const { words } = this.#view;
    if (words[HEADER.ORPHANS] === 0) return;
    this.eachObject((at, index) => {
      if (words[at + OBJECT.KIND] !== KIND_ORPHAN || ownedByLiving(words[at] ?? 0)) return;
      words[HEADER.ORPHANS] = (words[HEADER.ORPHANS] ?? 0) - 1;
      this.#giveBack(index);
    });
  }

  /** Calls it for all slots in use, free ones as well, but for the namespace mutex. */
  eachObject(action: (at: number, index: number) => void): void {
    const used = this.used;
    for (let index = 1; index < used; index++) action(objectPlace(index), index);
  }

  /** How many slots have ever been used; never beyond those that have memory. */
  get used(): number {
    const { words } = this.#view;
    return Math.max(1, Math.min(words[HEADER.OBJECTS_USED] ?? 0, words[HEADER.OBJECTS_BACKED] ?? 0, OBJECT_CAPACITY));
  }

  /** What has been free at the end of the table is as if it had never been used: whoever goes through all objects has the less to do. */
  #forgetUnusedEnd(): void {
    const { words } = this.#view;
    let used = this.used;
    while (used > 1 && words[objectPlace(used - 1) + OBJECT.KIND] === KIND_FREE) used--;
    words[HEADER.OBJECTS_USED] = used;
  }

  /** The first step of a rebuild: forgets all that only follows from what counts. The references are counted anew after it. */
  forgetDerived(): void {
    const { words } = this.#view;
    words.fill(0, BUCKETS_AT / 4, BUCKETS_AT / 4 + BUCKETS);
    words[HEADER.FREE_OBJECT] = 0;
    words[HEADER.ORPHANS] = 0;
    this.eachObject(at => words[at + OBJECT.REFERENCES] = 0);
  }

  /** The last step of a rebuild, when the references have been counted: makes buckets, chains, the free list and the count of orphans anew. Objects that nobody refers to are freed. */
  rebuildDerived(): void {
    const { words, file, system } = this.#view;
    this.#forgetUnusedEnd();
    this.eachObject((at, index) => {
      const kind = words[at + OBJECT.KIND];
      if (kind === KIND_FREE) {
        this.#giveBack(index);
      } else if (kind === KIND_ORPHAN) {
        words[HEADER.ORPHANS] = (words[HEADER.ORPHANS] ?? 0) + 1;
      } else {
        if (((words[at + OBJECT.FLAGS] ?? 0) & NAMED) !== 0) this.#enter(index, bucketOf(words.subarray(at + OBJECT.DIGEST, at + OBJECT.DIGEST + DIGEST_WORDS)));
        if ((words[at + OBJECT.REFERENCES] ?? 0) <= 0) this.free(index);
      }
    });
    this.freeOrphans();
    // One that was made for an object that was not.
    removeSectionsExcept(system.files, file, (index, generation) => {
      const at = objectPlace(index);
      return index < this.used && words[at + OBJECT.KIND] === KIND_SECTION && words[at + OBJECT.GENERATION] === generation;
    });
  }

  #corrupt(): FileFailure {
    return new FileFailure({ errno: ERROR_FILE_CORRUPT, syscall: 'mmap', reason: `the names in ${this.#view.file.folder} have been overwritten by some program: end all that use the library, and they begin afresh` });
  }
}

/** Whether the word of a mutex names a thread that the kernel has not found dead. */
function ownedByLiving(word: number): boolean {
  const owner = word & OWNER;
  return owner !== 0 && owner !== ALL_ONES && (word & OWNER_DIED) === 0;
}

function bucketOf(digest: Digest): number {
  return BUCKETS_AT / 4 + ((digest[0] ?? 0) >>> 0) % BUCKETS;
}
