import { ERROR_NO_SYSTEM_RESOURCES } from '../../status.js';
import { CLIENT, CLIENT_CAPACITY, clientPlace, HEADER, HOLDER, OBJECT, OWNER, OWNER_DIED } from '../file/layout.js';
import { FileFailure } from '../file/failure.js';
import { wakeEverybody } from '../sleep/wake.js';
import type { View } from '../file/view.js';
import type { References } from './handle-table.js';
import type { Directory } from './object-table.js';

const NOBODY: ReadonlySet<number> = new Set();

/**
 * The threads that take part. Each has a robust futex that it holds for as long as it lives: so the system itself says who is dead, and what a dead thread had open can be closed for it.
 *
 * All methods are called under the namespace mutex, but `alive`.
 */
export class Clients {
  readonly #space: View;
  readonly #references: References;
  readonly #directory: Directory;

  constructor(space: View, references: References, directory: Directory) {
    this.#space = space;
    this.#references = references;
    this.#directory = directory;
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
    const at = clientPlace(client);
    const entry = this.#space.entryAt(at * 4);
    words[at + CLIENT.PID] = thread.processId;
    list.begin(entry);
    Atomics.store(words, at + CLIENT.LIFE, thread.id);
    // Behind the namespace mutex, which is about to go: then it is the last, and the kernel comes to it when it has marked all others.
    list.link(entry);
    return client;
  }

  #freeSlot(): number {
    const { words } = this.#space;
    const used = Math.max(0, Math.min(words[HEADER.CLIENTS_USED] ?? 0, CLIENT_CAPACITY));
    for (let client = 0; client < used; client++) {
      if (Atomics.load(words, clientPlace(client)) === 0) return client;
    }
    if (used === CLIENT_CAPACITY) {
      throw new FileFailure({ errno: ERROR_NO_SYSTEM_RESOURCES, syscall: 'mmap', reason: `${CLIENT_CAPACITY} threads use ${this.#space.file.folder} already, which is as many as there may be` });
    }
    words[HEADER.CLIENTS_USED] = used + 1;
    return used;
  }

  /** Closes what threads have left open that are no more. All of them in one go: a process of many threads dies at once. */
  reap(): void {
    const dead = this.#dead();
    if (dead.size === 0) return;
    const { words } = this.#space;
    this.#references.closeAllOf(dead);
    this.#directory.eachObject(at => {
      const cleared = [OBJECT.NEXT, OBJECT.RESERVED].filter(field => {
        const held = Atomics.load(words, at + field);
        // A living one may displace it.
        return held !== 0 && dead.has((held & HOLDER) - 1) && Atomics.compareExchange(words, at + field, held, 0) === held;
      });
      if (cleared.length > 0) wakeEverybody(this.#space, at);
    });
    this.#directory.freeOrphans();
    // Last: if this thread dies before, the next one finds them dead again.
    for (const client of dead) Atomics.store(words, clientPlace(client), 0);
  }

  #dead(): ReadonlySet<number> {
    const { words } = this.#space;
    const used = Math.min(words[HEADER.CLIENTS_USED] ?? 0, CLIENT_CAPACITY);
    let dead: Set<number> | undefined;
    for (let client = 0; client < used; client++) {
      if ((Atomics.load(words, clientPlace(client)) & OWNER_DIED) !== 0) (dead ??= new Set()).add(client);
    }
    return dead ?? NOBODY;
  }

  alive(client: number): boolean {
    if (client < 0 || client >= CLIENT_CAPACITY) return false;
    const life = Atomics.load(this.#space.words, clientPlace(client));
    return (life & OWNER) !== 0 && (life & OWNER_DIED) === 0;
  }
}
