import { OBJECT, objectPlace } from './layout.js';
import { claimSleepers } from './sleepers.js';
import type { Space } from './space.js';

/**
 * An object of the shared file, as this thread sees it: what waits and signals do with its state.
 *
 * # Fairness
 *
 * An object that is let go is free for whoever is first, which is fast and unfair: a thread that takes it again at once is quicker than one that has to wake up. So a waiter that was woken
 * in vain and has waited for more than a millisecond puts itself into RESERVED. From then on the object counts as taken for all others, and the next signal is its own. It clears RESERVED when it has taken
 * the object or gives up, and then wakes those who slept meanwhile. A waiter that died is found out by its client; one that does not come, because it is stopped or its event loop is busy,
 * loses its privilege when a sleeper has looked on for as long as a sleep can take.
 */
export abstract class SharedObject {
  readonly space: Space;
  readonly index: number;
  readonly words: Int32Array;
  /** The place of WORD in `words`; the fields of `OBJECT` follow it. */
  readonly at: number;
  /** Of the word that is slept on. */
  readonly address: number;
  /** What that word has while a sleeper may sleep; set by `arm`. */
  expected = 0;

  /** For whom it is taken and reserved: the client whose handle it is. A thread that only watches does so for another. */
  readonly #client: number;

  /** @param futex - The field that is slept on. */
  constructor(space: Space, index: number, client: number, futex: number = OBJECT.WAITERS) {
    this.space = space;
    this.#client = client;
    this.index = index;
    this.words = space.words;
    this.at = objectPlace(index);
    this.address = space.addressOf((this.at + futex) * 4);
  }

  /** Takes it if it is signalled: `WAIT_OBJECT_0`, `WAIT_ABANDONED_0`, `WAIT_TIMEOUT`, or `WAIT_FAILED` when this thread can own no more. */
  abstract tryTake(): number;
  /** Whether `tryTake` could succeed now. */
  abstract get signalled(): boolean;
  /** Makes signallers wake sleepers, and says in `expected` what the word has until then. False when it is signalled, or about to be: look again. */
  abstract arm(): boolean;

  /** Marks it for a wait-all of this thread, which holds the namespace mutex: nobody else can take or change it until `unmark` or `commit`. False if it is not signalled. */
  abstract mark(): boolean;
  abstract unmark(): void;
  /** Takes what was marked; whether its last owner had died. */
  abstract commit(): boolean;

  /** When it becomes signalled without anybody's doing, in ms of the monotonic clock. */
  get due(): number {
    return Infinity;
  }

  /** Of what can only be waited for by `poll`; else -1. */
  get descriptor(): number {
    return -1;
  }

  /** After a sleep that lasted as long as a sleep can: looks for what a death may have left, that nobody was told of. */
  mend(): void {
    const holder = Atomics.load(this.words, this.at + OBJECT.RESERVED);
    if (holder !== 0 && this.free) this.#unreserve(holder);
  }

  /** Before the first sleep: looks again a few times, where it is likely to be let go soon. */
  spin(): void {
    // A signal may be a long time coming.
  }

  /** After a sleep that ends without taking it: if that one was woken alone, it wakes those who were not. */
  passOn(): void {
    // Signals wake everybody.
  }

  /** Whether it is free, for anybody. */
  protected abstract get free(): boolean;

  protected field(field: number): number {
    return this.words[this.at + field] ?? 0;
  }

  protected wakeSleepers(): void {
    this.space.system.wake(this.address);
    this.space.signalSequence();
  }

  /** Wakes those who announced themselves in WAITERS; a mutex has a bit in WORD instead. After WORD has changed. */
  protected wakeIfAsked(): void {
    if (claimSleepers(this.words, this.at + OBJECT.WAITERS)) this.wakeSleepers();
  }

  /** Asks that the next signal be this thread's. */
  reserve(): void {
    Atomics.compareExchange(this.words, this.at + OBJECT.RESERVED, 0, this.#client + 1);
  }

  /** The opposite, after `reserve`. */
  unreserve(): void {
    this.#unreserve(this.#client + 1);
  }

  #unreserve(holder: number): void {
    if (Atomics.compareExchange(this.words, this.at + OBJECT.RESERVED, holder, 0) === holder) this.afterReservation();
  }

  /** Those who found it kept for somebody sleep on a word that need not change any more. */
  protected abstract afterReservation(): void;

  /** Whether it is kept for another client, which lives. */
  protected get reservedForOther(): boolean {
    const holder = Atomics.load(this.words, this.at + OBJECT.RESERVED);
    if (holder === 0 || holder === this.#client + 1) return false;
    if (this.space.clients.alive(holder - 1)) return true;
    this.#unreserve(holder);
    return false;
  }
}
