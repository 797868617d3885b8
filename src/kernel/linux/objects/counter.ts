import { WAIT_OBJECT_0, WAIT_TIMEOUT } from '../../status.js';
import { BUSY, COUNT, KIND_MANUAL_EVENT, OBJECT } from '../file/layout.js';
import { SharedObject } from './shared-object.js';
import { announceSleeper } from '../sleep/wake.js';
import type { Space } from '../session.js';

/**
 * A semaphore or an event: WORD is a count, and an event's is at most 1. What differs is what a wait takes of it: of a manual-reset event nothing.
 *
 * A death, and who finds it:
 *
 * | killed                                      | left                     | repaired by |
 * |---------------------------------------------|--------------------------|-------------|
 * | anywhere in a wait                          | nothing, or one taken: nobody owns what a semaphore gave | – |
 * | between the CAS of a signal and its look at WAITERS | signalled, sleepers asleep | the next signal, even of an event that is set; else the sleepers' cap |
 * | between that and the wake                   | the same, WAITERS even   | the sleepers' cap |
 * | asleep                                      | WAITERS odd for nobody   | the next signal, in vain |
 */
export class CountObject extends SharedObject {
  readonly #taken: number;

  constructor(space: Space, index: number, client: number, kind: number) {
    super(space, index, client);
    this.#taken = kind === KIND_MANUAL_EVENT ? 0 : 1;
  }

  override tryTake(): number {
    const { words, at } = this;
    // Nobody asks for what a wait takes nothing of.
    const reserved = words[at + OBJECT.RESERVED] !== 0;
    for (let turn = 1; ; turn++) {
      const word = Atomics.load(words, at);
      if (word < 0) {
        this.space.busy(turn, this);
        continue;
      }
      if (word === 0 || (reserved && this.keptForOther)) return WAIT_TIMEOUT;
      if (this.#taken !== 0 && Atomics.compareExchange(words, at, word, word - 1) !== word) continue;
      if (reserved) this.unreserve();
      return WAIT_OBJECT_0;
    }
  }

  /** Adds permits; gives the count before, or -1 if it would exceed the maximum. */
  release(count: number): number {
    const { words, at } = this;
    for (let turn = 1; ; turn++) {
      const word = Atomics.load(words, at);
      if (word < 0) {
        this.space.busy(turn, this);
        continue;
      }
      if (word + count > this.field(OBJECT.VALUE)) return -1;
      if (Atomics.compareExchange(words, at, word, word + count) !== word) continue;
      this.wakeAnnounced();
      return word;
    }
  }

  override giveBack(): void {
    if (this.#taken === 0) return;
    // An event has no maximum.
    if (this.field(OBJECT.VALUE) === 0) this.set();
    else this.release(1);
  }

  set(): void {
    this.#store(1);
    // Also if it was set: whoever set it may have died before the wake.
    this.wakeAnnounced();
  }

  reset(): void {
    this.#store(0);
  }

  #store(value: number): void {
    const { words, at } = this;
    for (let turn = 1; ; turn++) {
      const word = Atomics.load(words, at);
      if (word < 0) this.space.busy(turn, this);
      else if (word === value || Atomics.compareExchange(words, at, word, value) === word) return;
    }
  }

  override get signalled(): boolean {
    return this.free && !this.keptForOther;
  }

  protected override get free(): boolean {
    return (Atomics.load(this.words, this.at) & COUNT) !== 0;
  }

  override arm(): boolean {
    const { words, at } = this;
    this.expected = announceSleeper(words, at + OBJECT.WAITERS);
    const word = Atomics.load(words, at);
    return word === 0 || (word > 0 && this.keptForOther);
  }

  override reserve(since: number): void {
    // To whom it is kept it would be set, and to all others it would not, who ask without a word of waiting.
    if (this.#taken !== 0) super.reserve(since);
  }

  protected override afterReservation(): void {
    if (this.free) this.wakeAnnounced();
  }

  override mark(): boolean {
    const { words, at } = this;
    for (;;) {
      const word = Atomics.load(words, at);
      if (word <= 0 || this.keptForOther) return false;
      if (Atomics.compareExchange(words, at, word, word | BUSY) === word) return true;
    }
  }

  override unmark(): void {
    Atomics.and(this.words, this.at, COUNT);
    this.wakeAnnounced();
  }

  override commit(): boolean {
    const { words, at } = this;
    Atomics.store(words, at, (Atomics.load(words, at) & COUNT) - this.#taken);
    if (this.free) this.wakeAnnounced();
    return false;
  }
}
