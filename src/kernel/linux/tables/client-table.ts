import { ERROR_NO_SYSTEM_RESOURCES } from '../../status.js';
import { FileFailure } from '../file/failure.js';
import {
  ALL_ONES, CLIENT, CLIENT_CAPACITY, clientPlace, HEADER, HOLDER, KIND_MUTEX, KIND_ORPHAN, MUTEX_WAITERS, OBJECT, OWNER, OWNER_DIED,
} from '../file/layout.js';
import type { View } from '../file/view.js';
import { wakeEverybody } from '../sleep/wake.js';
import { now } from '../system/clock.js';
import { hasEnded, isUnused, type ThreadIdentity } from '../system/thread-identity.js';
import type { HandleTable } from './handle-table.js';
import type { ObjectTable } from './object-table.js';

const NOBODY: ReadonlySet<number> = new Set();

/** All threads together look for deaths that the kernel has not marked once in so many ms, at so many threads. A look at one costs some 15 µs, under the namespace mutex. */
const LOOK_INTERVAL = 1000;
const LOOKS_AT_A_TIME = 256;

/**
 * The threads that take part. Each has a robust futex that it holds for as long as it lives: so the system itself says who is dead, and what a dead thread had open can be closed for it.
 *
 * | LIFE       | the slot  | left by |
 * |------------|-----------|---------|
 * | 0          | free      | `register` |
 * | a thread's id | taken  | the thread's death. The kernel: OWNER_DIED. Else whoever finds that the thread has ended: OWNER_DIED, after the mutexes that the thread owned have got the same |
 * | OWNER_DIED | dead      | `reap`: what the thread had open is closed, then 0 |
 *
 * # Deaths that the kernel does not mark
 *
 * The kernel walks the robust list of a thread that ends. It finds nothing there when
 * - the list's head is gone: the killer of processes that use too much memory (or `process_mrelease`) has taken the private memory of one that was killed, but had not come to its end yet;
 * - native code has given the thread another list: musl's first robust lock does;
 * - the thread had another id when it took its locks: one that is not the main thread has called `exec`;
 * - the list was longer than the kernel walks, or other programs have overwritten its entries.
 *
 * LIFE and the mutexes keep the thread's id then. They are found by
 *
 * | who                                    | when |
 * |----------------------------------------|------|
 * | whoever waits for a mutex, or polls it | the same owner has been in the way for as long as a sleep can take (`MutexObject`) |
 * | who begins to take part                | at once, of a thread that had its id; of others, and who opens a name that exists: when nobody has looked for a second |
 *
 * What is kept for such a client (RESERVED, NEXT) is lost as what is kept for one that stands still: see `shared-object.ts`.
 *
 * All methods are called under the namespace mutex, but `alive` and `mayOwn`.
 */
export class ClientTable {
  readonly #view: View;
  readonly #handleTable: HandleTable;
  readonly #objectTable: ObjectTable;

  constructor(view: View, handleTable: HandleTable, objectTable: ObjectTable) {
    this.#view = view;
    this.#handleTable = handleTable;
    this.#objectTable = objectTable;
  }

  /**
   * Makes the calling thread one of them; gives its index.
   *
   * Killed between the CAS and the link: LIFE is pending, and the kernel marks it.
   *
   * @throws FileFailure
   */
  register(): number {
    const { words, list, thread } = this.#view;
    this.reap();
    // From here on the word of a mutex with this id means this thread.
    if (!this.mayOwn(thread.id, true)) this.reapEnded(thread.id);
    this.reapUnmarked();
    const client = this.#freeSlot();
    const at = clientPlace(client);
    const entry = this.#view.entryAt(at * 4);
    words[at + CLIENT.PID] = thread.processId;
    words[at + CLIENT.START] = thread.identity.start;
    words[at + CLIENT.TIME_NAMESPACE] = thread.identity.timeNamespace;
    list.begin(entry);
    Atomics.store(words, at + CLIENT.LIFE, thread.id);
    // Behind the namespace mutex, which is about to go: then it is the last, and the kernel comes to it when it has marked all others.
    list.link(entry);
    return client;
  }

  #freeSlot(): number {
    const { words } = this.#view;
    const { used } = this;
    for (let client = 0; client < used; client++) {
      if (Atomics.load(words, clientPlace(client)) === 0) return client;
    }
    if (used === CLIENT_CAPACITY) {
      throw new FileFailure({ errno: ERROR_NO_SYSTEM_RESOURCES, syscall: 'mmap', reason: `${CLIENT_CAPACITY} threads use ${this.#view.file.folder} already, which is as many as there may be` });
    }
    words[HEADER.CLIENTS_USED] = used + 1;
    return used;
  }

  /** Closes what threads have left open that are no more. All of them in one go: a process of many threads dies at once. */
  reap(): void {
    const dead = this.#dead();
    if (dead.size === 0) return;
    const { words } = this.#view;
    this.#handleTable.closeAllOf(dead);
    this.#objectTable.eachObject(at => {
      const cleared = [OBJECT.NEXT, OBJECT.RESERVED].filter(field => {
        const held = Atomics.load(words, at + field);
        // A living one may displace it.
        return held !== 0 && dead.has((held & HOLDER) - 1) && Atomics.compareExchange(words, at + field, held, 0) === held;
      });
      if (cleared.length > 0) wakeEverybody(this.#view, at);
    });
    this.#objectTable.freeOrphans();
    // Last: if this thread dies before, the next one finds them dead again.
    for (const client of dead) Atomics.store(words, clientPlace(client), 0);
  }

  #dead(): ReadonlySet<number> {
    const { words } = this.#view;
    const { used } = this;
    let dead: Set<number> | undefined;
    for (let client = 0; client < used; client++) {
      if ((Atomics.load(words, clientPlace(client)) & OWNER_DIED) !== 0) (dead ??= new Set()).add(client);
    }
    return dead ?? NOBODY;
  }

  /** The same for those whose deaths the kernel has not marked, unless somebody has looked for them within `LOOK_INTERVAL`. Whether there were any. */
  reapUnmarked(): boolean {
    const { words } = this.#view;
    const moment = Math.floor(now()) | 0;
    const age = (moment - (words[HEADER.LOOKED] ?? 0)) >>> 0;
    if (age < LOOK_INTERVAL) return false;
    words[HEADER.LOOKED] = moment;
    const { used } = this;
    const begin = Math.max(0, words[HEADER.LOOK_NEXT] ?? 0) % Math.max(1, used);
    const count = Math.min(used, LOOKS_AT_A_TIME);
    words[HEADER.LOOK_NEXT] = begin + count;
    const ended: number[] = [];
    for (let turn = 0; turn < count; turn++) {
      const client = (begin + turn) % used;
      if (this.alive(client) && this.#hasEnded(client)) ended.push(client);
    }
    if (ended.length === 0) return false;
    this.#reapAllOf(new Set(ended.map(client => this.#threadOf(client))));
    return true;
  }

  /** The same for the threads that had this id and have ended. Mutexes with it are left too where no client has it. */
  reapEnded(thread: number): void {
    this.#reapAllOf(new Set([thread]));
  }

  /**
   * The mutexes first, and LIFE after them: if this thread dies in between, LIFE still says whose they are.
   *
   * Nobody can begin to take part meanwhile, so no mutex gets one of these ids from a thread that has it now.
   */
  #reapAllOf(threads: ReadonlySet<number>): void {
    const { words } = this.#view;
    const ended: number[] = [];
    // An id that is not a thread's, and those of which one thread has ended and one lives: whose a mutex is cannot be known.
    const others = new Set([0, ALL_ONES]);
    for (let client = 0; client < this.used; client++) {
      const thread = this.#threadOf(client);
      if (!threads.has(thread) || !this.alive(client)) continue;
      if (this.#hasEnded(client)) ended.push(client);
      else others.add(thread);
    }
    const owners = new Set([...threads].filter(thread => !others.has(thread)));
    if (owners.size > 0) this.#objectTable.eachObject(at => this.#abandon(at, owners));
    for (const client of ended) Atomics.store(words, clientPlace(client), OWNER_DIED);
    this.reap();
  }

  /** Leaves a mutex that one of them owns as the kernel leaves that of a dead one. */
  #abandon(at: number, owners: ReadonlySet<number>): void {
    const { words } = this.#view;
    const kind = words[at + OBJECT.KIND];
    if (kind !== KIND_MUTEX && kind !== KIND_ORPHAN) return;
    for (;;) {
      const word = Atomics.load(words, at);
      if (!owners.has(word & OWNER)) return;
      // Sleepers may announce themselves meanwhile.
      if (Atomics.compareExchange(words, at, word, (word & MUTEX_WAITERS) | OWNER_DIED) === word) break;
    }
    wakeEverybody(this.#view, at);
  }

  /**
   * Whether a thread that the word of a mutex names may live. Asked by those for whom it has been in the way for long.
   *
   * @param registering - It may be about to become a client: for the namespace mutex, which it has for that. Any other mutex is a client's.
   */
  mayOwn(thread: number, registering: boolean): boolean {
    const { used } = this;
    let known = false;
    for (let client = 0; client < used; client++) {
      if (this.#threadOf(client) !== thread || !this.alive(client)) continue;
      if (!this.#hasEnded(client)) return true;
      known = true;
    }
    const { system, thread: { identity } } = this.#view;
    return !known && registering && !isUnused(system, thread, identity);
  }

  #threadOf(client: number): number {
    return Atomics.load(this.#view.words, clientPlace(client)) & OWNER;
  }

  #hasEnded(client: number): boolean {
    const { system, words, thread: { identity } } = this.#view;
    const at = clientPlace(client);
    const thread: ThreadIdentity = {
      id: this.#threadOf(client), processId: words[at + CLIENT.PID] ?? 0, start: words[at + CLIENT.START] ?? 0, timeNamespace: words[at + CLIENT.TIME_NAMESPACE] ?? 0,
    };
    return hasEnded(system, thread, identity);
  }

  /** How many slots have ever been used. */
  get used(): number {
    return Math.max(0, Math.min(this.#view.words[HEADER.CLIENTS_USED] ?? 0, CLIENT_CAPACITY));
  }

  alive(client: number): boolean {
    if (client < 0 || client >= CLIENT_CAPACITY) return false;
    const life = Atomics.load(this.#view.words, clientPlace(client));
    return (life & OWNER) !== 0 && (life & OWNER_DIED) === 0;
  }
}
