import { WAIT_OBJECT_0, WAIT_TIMEOUT } from '../../status.js';
import { BUSY, COUNT, HEADER, KIND_MANUAL_EVENT, KIND_SEMAPHORE, OBJECT, TAKING } from '../file/layout.js';
import { SharedObject } from './shared-object.js';
import { announceSleeper } from '../sleep/wake.js';
import type { Namespace } from '../file/view.js';

/**
 * A semaphore or an event: WORD is a count, and an event's is at most 1. What differs is what a wait takes of it: of a manual-reset event nothing.
 *
 * | WORD                | state    | others meanwhile |
 * |---------------------|----------|------------------|
 * | a count             | open     | take and signal by CAS |
 * | BUSY and a count    | marked by a wait-all, which takes one (of a manual-reset event none) or leaves it | take of a semaphore what is left besides that one, and see a manual-reset event set. If the mark stands still (`busy`), they add permits up to the maximum, and set an event. All else has to be decided first: it waits |
 * | BUSY and 2, an auto-reset event | marked, and set again since | it comes to 1 either way: taken once, or set all the time |
 *
 * A death, and who finds it:
 *
 * | killed                                      | left                     | repaired by |
 * |---------------------------------------------|--------------------------|-------------|
 * | anywhere in a wait                          | nothing, or one taken: nobody owns what a semaphore gave | – |
 * | between the CAS of a signal and its look at WAITERS | signalled, sleepers asleep | the next signal, even of an event that is set; else the sleepers' longest sleep |
 * | between that and the wake                   | the same, WAITERS even   | the sleepers' longest sleep |
 * | asleep                                      | WAITERS odd for nobody   | the next signal, in vain |
 */
export class CountObject extends SharedObject {
  readonly #taken: number;
  /** How much of a marked count nobody else may take: of a semaphore the marker's one, of an auto-reset event all, since a set that comes in between is not yet decided upon; of a manual-reset event nothing. */
  readonly #kept: number;
  readonly #isEvent: boolean;

  constructor(session: Namespace, index: number, client: number, kind: number) {
    super(session, index, client);
    this.#taken = kind === KIND_MANUAL_EVENT ? 0 : 1;
    this.#isEvent = kind !== KIND_SEMAPHORE;
    this.#kept = kind === KIND_MANUAL_EVENT ? 0 : kind === KIND_SEMAPHORE ? 1 : COUNT;
  }

  override tryTake(): number {
    const { words, at } = this;
    // Nobody asks for what a wait takes nothing of.
    const reserved = words[at + OBJECT.RESERVED] !== 0;
    let looks = 0; // at a mark, and not at what others have been quicker with
    for (;;) {
      const word = Atomics.load(words, at);
      // Marked, and none is left but the marker's.
      if (word < 0 && (word & COUNT) <= this.#kept) {
        if (!this.session.busy(++looks, this)) return WAIT_TIMEOUT;
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
    let looks = 0;
    for (;;) {
      const word = Atomics.load(words, at);
      if (word < 0 && this.session.busy(++looks, this)) continue;
      // The mark stands still. Others may have seen already what that wait-all takes besides.
      const taking = word < 0 && Atomics.load(words, HEADER.WAIT_ALL) === TAKING;
      const before = (word & COUNT) - (taking ? 1 : 0);
      if (before + count > this.field(OBJECT.VALUE)) {
        if (word >= 0 || taking) return -1;
        continue; // unless the marker takes one
      }
      if ((word & COUNT) + count > COUNT) continue; // there is no room for it before the marker has taken one
      if (Atomics.compareExchange(words, at, word, word + count) !== word) continue;
      this.wakeAnnounced();
      return before;
    }
  }

  override giveBack(): void {
    if (this.#taken === 0) return;
    // An event has no maximum.
    if (this.field(OBJECT.VALUE) === 0) this.set();
    else this.release(1);
  }

  set(): void {
    const { words, at } = this;
    let looks = 0;
    for (;;) {
      const word = Atomics.load(words, at);
      if (word < 0 && this.session.busy(++looks, this)) continue;
      // Where the mark stands still, it is set once more, behind the wait-all: if that takes it, it stays set.
      const set = word < 0 ? BUSY | (1 + this.#taken) : 1;
      if (word === set || Atomics.compareExchange(words, at, word, set) === word) break;
    }
    // Also if it was set: whoever set it may have died before the wake.
    this.wakeAnnounced();
  }

  reset(): void {
    const { words, at } = this;
    let looks = 0;
    for (;;) {
      const word = Atomics.load(words, at);
      if (word < 0) this.session.busy(++looks, this);
      else if (word === 0 || Atomics.compareExchange(words, at, word, 0) === word) return;
    }
  }

  override isMarked(): boolean {
    const word = Atomics.load(this.words, this.at);
    return word < 0 && (word & COUNT) <= this.#kept;
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
    return word === 0 || (word < 0 && (word & COUNT) <= this.#kept) || this.keptForOther;
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
    const most = this.#isEvent ? 1 : COUNT;
    this.#change(word => Math.min(word & COUNT, most));
    this.wakeAnnounced();
  }

  override commit(): boolean {
    this.#change(word => (word & COUNT) - this.#taken);
    if (this.free) this.wakeAnnounced();
    return false;
  }

  /** By a CAS: others change what the marker leaves them. */
  #change(change: (word: number) => number): void {
    const { words, at } = this;
    for (;;) {
      const word = Atomics.load(words, at);
      if (Atomics.compareExchange(words, at, word, change(word)) === word) return;
    }
  }
}
