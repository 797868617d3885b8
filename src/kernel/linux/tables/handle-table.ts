import type { Handle } from '../../kernel.js';
import { ERROR_NO_SYSTEM_RESOURCES } from '../../status.js';
import {
  GENERATIONS, HEADER, INHERITABLE, KIND_FREE, OBJECT, OBJECT_CAPACITY, REFERENCE, REFERENCE_BITS, REFERENCE_CAPACITY, SHARED_FILE_BIT, objectPlace, referencePlace,
} from '../file/layout.js';
import { FileFailure } from '../file/failure.js';
import type { View } from '../file/view.js';
import type { ObjectTable } from './object-table.js';

const REFERENCE_MASK = REFERENCE_CAPACITY - 1;

/** An open handle, as this thread last saw it. */
export interface Reference {
  readonly handle: Handle;
  readonly words: Int32Array;
  readonly generation: number;
  readonly index: number;
  /** The place of its first word. */
  readonly at: number;
  /** The index of the object. */
  readonly object: number;
  readonly access: number;
  readonly client: number;
}

/** Whose a reference is: a thread that takes part, and its process. */
export interface Holder {
  readonly client: number;
  readonly processId: number;
}

/**
 * The open handles of all threads. A handle's value tells its reference and that one's generation, so that a handle which has been closed means nothing, even when its reference is used again.
 *
 * Methods that change something are called under the namespace mutex.
 */
export class HandleTable {
  readonly #view: View;
  readonly #objectTable: ObjectTable;

  constructor(view: View, objectTable: ObjectTable) {
    this.#view = view;
    this.#objectTable = objectTable;
  }

  /**
   * Opens an object, for the calling thread or for one of another process.
   *
   * OBJECT is written last. Killed before: the reference is in no list, and the repair finds it free. Killed after: it is this thread's, and dies with it.
   *
   * @throws FileFailure
   */
  open(object: number, access: number, inheritable: boolean, holder: Holder = { client: this.#view.client, processId: this.#view.thread.processId }): Handle {
    const { words, file } = this.#view;
    const index = this.#take();
    const at = referencePlace(index);
    const generation = ((words[at + REFERENCE.GENERATION] ?? 0) + 1) & 0x7fffffff;
    words[at + REFERENCE.CLIENT] = holder.client;
    words[at + REFERENCE.ACCESS] = access;
    words[at + REFERENCE.FLAGS] = inheritable ? INHERITABLE : 0;
    words[at + REFERENCE.GENERATION] = generation;
    words[at + REFERENCE.OWNER_PID] = holder.processId;
    const count = objectPlace(object) + OBJECT.REFERENCES;
    words[count] = (words[count] ?? 0) + 1;
    Atomics.store(words, at + REFERENCE.OBJECT, object + 1);
    return index | (inHandle(generation) << REFERENCE_BITS) | (file.audience === 'everyone' ? SHARED_FILE_BIT : 0);
  }

  /** Makes it the calling thread's. False if it has been closed. */
  takeOver(reference: Reference): boolean {
    if (!stands(reference)) return false;
    this.#view.words[reference.at + REFERENCE.CLIENT] = this.#view.client;
    return true;
  }

  #take(): number {
    const { words, file } = this.#view;
    const free = (words[HEADER.FREE_REFERENCE] ?? 0) - 1;
    const used = words[HEADER.REFERENCES_USED] ?? 0;
    // As in `ObjectTable`.
    if (free >= 0 && free < used && used <= REFERENCE_CAPACITY && words[referencePlace(free) + REFERENCE.OBJECT] === 0) {
      words[HEADER.FREE_REFERENCE] = words[referencePlace(free) + REFERENCE.NEXT_FREE] ?? 0;
      return free;
    }
    if (used < 0 || used >= REFERENCE_CAPACITY) {
      throw new FileFailure({ errno: ERROR_NO_SYSTEM_RESOURCES, syscall: 'posix_fallocate', reason: `${REFERENCE_CAPACITY} handles are open in ${file.folder} already, which is as many as there may be` });
    }
    file.back(HEADER.REFERENCES_BACKED, used + 1);
    words[HEADER.REFERENCES_USED] = used + 1;
    return used;
  }

  /** `undefined` when it means nothing in that process. */
  resolve(handle: Handle, processId = this.#view.thread.processId): Reference | undefined {
    const { words } = this.#view;
    const index = handle & REFERENCE_MASK;
    if (index >= (words[HEADER.REFERENCES_USED] ?? 0)) return undefined;
    const at = referencePlace(index);
    const object = Atomics.load(words, at + REFERENCE.OBJECT) - 1;
    // Nor in a memory that has been overwritten is the namespace mutex anybody's object.
    if (object <= 0 || object >= OBJECT_CAPACITY || inHandle(words[at + REFERENCE.GENERATION] ?? 0) !== ((handle >> REFERENCE_BITS) & GENERATIONS)) return undefined;
    if (words[at + REFERENCE.OWNER_PID] !== processId) return undefined;
    const generation = words[at + REFERENCE.GENERATION] ?? 0;
    return { handle, words, index, at, object, generation, access: words[at + REFERENCE.ACCESS] ?? 0, client: words[at + REFERENCE.CLIENT] ?? -1 };
  }

  /** OBJECT is written first: killed after it, the object's count is too high until the repair. */
  close(index: number): void {
    const { words } = this.#view;
    const at = referencePlace(index);
    const object = (words[at + REFERENCE.OBJECT] ?? 0) - 1;
    Atomics.store(words, at + REFERENCE.OBJECT, 0);
    words[at + REFERENCE.NEXT_FREE] = words[HEADER.FREE_REFERENCE] ?? 0;
    words[HEADER.FREE_REFERENCE] = index + 1;
    if (object < 0 || object >= OBJECT_CAPACITY) return;
    const count = objectPlace(object) + OBJECT.REFERENCES;
    words[count] = (words[count] ?? 0) - 1;
    if ((words[count] ?? 0) <= 0) this.#objectTable.free(object);
  }

  /**
   * Closes a handle of the calling thread without the namespace mutex, where that is not to be had; whether it was open. It is left as by a death within `close`: its slot is in no list, and the object's count is
   * too high, until the next repair.
   */
  drop({ at, object, generation }: Reference): boolean {
    const { words } = this.#view;
    return words[at + REFERENCE.GENERATION] === generation && Atomics.compareExchange(words, at + REFERENCE.OBJECT, object + 1, 0) === object + 1;
  }

  closeAllOf(clients: ReadonlySet<number>): void {
    this.each((index, at) => {
      if (clients.has(this.#view.words[at + REFERENCE.CLIENT] ?? -1)) this.close(index);
    });
  }

  /** Calls it for all that are open. */
  each(action: (index: number, at: number) => void): void {
    const { words } = this.#view;
    const used = this.used;
    for (let index = 0; index < used; index++) {
      const at = referencePlace(index);
      if (words[at + REFERENCE.OBJECT] !== 0) action(index, at);
    }
  }

  /** How many references have ever been used; never beyond those that have memory. */
  get used(): number {
    const { words } = this.#view;
    return Math.max(0, Math.min(words[HEADER.REFERENCES_USED] ?? 0, words[HEADER.REFERENCES_BACKED] ?? 0, REFERENCE_CAPACITY));
  }

  /** Counts anew what the objects are referred to; drops references to nothing, and of the dead. */
  recount(clients: { alive(client: number): boolean }): void {
    const { words } = this.#view;
    this.each((_, at) => {
      const object = (words[at + REFERENCE.OBJECT] ?? 0) - 1;
      const place = objectPlace(object);
      if (object > 0 && object < this.#objectTable.used && words[place + OBJECT.KIND] !== KIND_FREE && clients.alive(words[at + REFERENCE.CLIENT] ?? -1)) {
        words[place + OBJECT.REFERENCES] = (words[place + OBJECT.REFERENCES] ?? 0) + 1;
      } else {
        Atomics.store(words, at + REFERENCE.OBJECT, 0);
      }
    });
  }

  /** Makes the free list anew, without what is free at the end of the table. */
  rebuildFreeList(): void {
    const { words } = this.#view;
    let used = this.used;
    while (used > 0 && words[referencePlace(used - 1) + REFERENCE.OBJECT] === 0) used--;
    words[HEADER.REFERENCES_USED] = used;
    let first = 0;
    for (let index = this.used - 1; index >= 0; index--) {
      const at = referencePlace(index);
      if (words[at + REFERENCE.OBJECT] !== 0) continue;
      words[at + REFERENCE.NEXT_FREE] = first;
      first = index + 1;
    }
    words[HEADER.FREE_REFERENCE] = first;
  }
}

/** A handle has no room for the whole count of uses, so that after many its value comes back. Whoever remembers a handle compares the whole count. */
function inHandle(generation: number): number {
  return (generation >>> 0) % GENERATIONS + 1;
}

/** Whether it still means what it did. */
export function stands({ words, at, object, generation }: Reference): boolean {
  return words[at + REFERENCE.OBJECT] === object + 1 && words[at + REFERENCE.GENERATION] === generation;
}
