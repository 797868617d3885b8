import { ERROR_NO_SYSTEM_RESOURCES } from '../status.js';
import { CLIENT, CLIENT_BYTES, CLIENT_CAPACITY, CLIENTS_AT, HEADER, OBJECT, OWNER, OWNER_DIED } from './layout.js';
import { FileFailure } from './shared-file.js';
import { wakeEverybody } from './sleepers.js';
import type { Space } from './space.js';

/**
 * The threads that take part. Each has a robust futex that it holds for as long as it lives: so the system itself says who is dead, and what a dead thread had open can be closed for it.
 *
 * All methods are called under the namespace mutex, but `alive`.
 */
export class Clients {
  readonly #space: Space;

  constructor(space: Space) {
    this.#space = space;
  }

  /**
   * Makes the calling thread one of them; gives its index.
   *
   * Killed between the CAS and the link: LIFE is pending, and the kernel marks it.
   *
   * @throws FileFailure
   */
  register(): number {
    const { words, list, thread } = this.#space;
    this.reap();
    const client = this.#freeSlot();
    const at = placeOf(client);
    const entry = this.#space.entryAt(at * 4);
    words[at + CLIENT.PID] = thread.processId;
    list.begin(entry);
    Atomics.store(words, at + CLIENT.LIFE, thread.id);
    // Behind the namespace mutex, which is about to go: then it is the last, and the kernel comes to it when it has marked all others.
    list.link(entry);
    list.end();
    return client;
  }

  #freeSlot(): number {
    const { words } = this.#space;
    const used = Math.max(0, Math.min(words[HEADER.CLIENTS_USED] ?? 0, CLIENT_CAPACITY));
    for (let client = 0; client < used; client++) {
      if (Atomics.load(words, placeOf(client)) === 0) return client;
    }
    if (used === CLIENT_CAPACITY) {
      throw new FileFailure({ errno: ERROR_NO_SYSTEM_RESOURCES, syscall: 'mmap', reason: `${CLIENT_CAPACITY} threads use ${this.#space.file.folder} already, which is as many as there may be` });
    }
    words[HEADER.CLIENTS_USED] = used + 1;
    return used;
  }

  /** Closes what threads have left open that are no more. */
  reap(): void {
    const { words } = this.#space;
    const used = Math.min(words[HEADER.CLIENTS_USED] ?? 0, CLIENT_CAPACITY);
    for (let client = 0; client < used; client++) {
      const at = placeOf(client);
      if ((Atomics.load(words, at) & OWNER_DIED) === 0) continue;
      this.#space.references.closeAllOf(client);
      this.#space.directory.eachObject(object => {
        if (words[object + OBJECT.RESERVED] !== client + 1) return;
        Atomics.store(words, object + OBJECT.RESERVED, 0);
        wakeEverybody(this.#space, object);
      });
      this.#space.directory.freeOrphans();
      // Last: if this thread dies before, the next one finds it dead again.
      Atomics.store(words, at, 0);
    }
  }

  alive(client: number): boolean {
    if (client < 0 || client >= CLIENT_CAPACITY) return false;
    const life = Atomics.load(this.#space.words, placeOf(client));
    return (life & OWNER) !== 0 && (life & OWNER_DIED) === 0;
  }
}

function placeOf(client: number): number {
  return (CLIENTS_AT + client * CLIENT_BYTES) / 4;
}
