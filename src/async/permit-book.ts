import type { DiagnosedHold } from './diagnostics.js';

/** What a token stands for, and whether it does still: 0 if not. */
interface Entry extends DiagnosedHold {
  readonly number: number;
  /** Whether its semaphore is open still. */
  readonly isValid: boolean;
}

/** So many entries are kept by plain references, which cost next to nothing. Most permits are given back before there are more. */
const YOUNG = 64;

/**
 * The permits of one semaphore that have been taken and not been given back by their tokens, for `snapshot`.
 *
 * A permit may never be given back that way: of a producer and a consumer, the one takes what the other releases. So what is not soon given back is referred to weakly, and is gone with its token.
 */
export class PermitBook {
  /** Of this thread, until they are collected with their semaphores. */
  static #all: WeakRef<PermitBook>[] = [];
  /** What it is told of is made for that alone, and collected by the next collection, when there is something to sweep. */
  static readonly #collections = new FinalizationRegistry<WeakRef<PermitBook>>(book => book.deref()?.sweep());

  #young: Entry[] = [];
  #old: WeakRef<Entry>[] = [];
  #sweepAt = YOUNG;
  readonly #self = new WeakRef(this);
  #awaitsCollection = false;

  constructor() {
    PermitBook.#all = PermitBook.#all.filter(book => book.deref() !== undefined);
    PermitBook.#all.push(this.#self);
  }

  static allEntries(): Entry[] {
    return PermitBook.#all.flatMap(book => entriesOf(book.deref()));
  }

  add(entry: Entry): void {
    if (this.#young.push(entry) > YOUNG) this.#age();
  }

  #age(): void {
    const taken = this.#young.filter(isTaken);
    if (taken.length > YOUNG / 2) {
      for (const entry of taken.splice(0)) this.#old.push(new WeakRef(entry));
      // Rarely enough that each is looked at a few times at the most.
      if (this.#old.length > this.#sweepAt) this.sweep();
      this.#awaitCollection();
    }
    this.#young = taken;
  }

  #awaitCollection(): void {
    if (this.#awaitsCollection) return;
    this.#awaitsCollection = true;
    PermitBook.#collections.register({}, this.#self);
  }

  private sweep(): void {
    this.#awaitsCollection = false;
    this.#old = this.#old.filter(entry => isTaken(entry.deref()));
    this.#sweepAt = 2 * this.#old.length + YOUNG;
    if (this.#old.length > 0) this.#awaitCollection();
  }

  entries(): Entry[] {
    return [...this.#old.map(entry => entry.deref()), ...this.#young].filter(isTaken);
  }
}

function entriesOf(book: PermitBook | undefined): Entry[] {
  return book?.entries() ?? [];
}

function isTaken(entry: Entry | undefined): entry is Entry {
  return entry !== undefined && entry.number !== 0 && entry.isValid;
}
