interface Entry {
  readonly turn: () => Promise<void>;
  left: boolean;
  before: Entry | undefined;
  behind: Entry | undefined;
}

/**
 * Turns one after the other, first come, first served. The next one begins in the microtask after the end of the one before, with the help of promises alone: a timer or `queueMicrotask`, which test frameworks
 * replace, would stop the queue for good.
 *
 * | state | meaning                   | left by |
 * |-------|---------------------------|---------|
 * | idle  | nobody has the turn       | `add`: taken |
 * | taken | the turn of one goes on   | its end: taken by the next one in the queue, or idle |
 */
export class Turns {
  #taken = false;
  #first: Entry | undefined;
  #last: Entry | undefined;

  /**
   * Begins at once if nobody has the turn.
   *
   * @param turn - Its turn lasts until the promise that it gives is settled.
   * @param left - Gives the place in the queue up.
   */
  add(turn: () => Promise<void>, left: AbortSignal | undefined): void {
    if (left?.aborted === true) return;
    if (!this.#taken) {
      this.#begin(turn);
      return;
    }
    const entry: Entry = { turn, left: false, before: this.#last, behind: undefined };
    if (this.#last === undefined) this.#first = entry;
    else this.#last.behind = entry;
    this.#last = entry;
    left?.addEventListener('abort', () => this.#leave(entry), { once: true });
  }

  #begin(turn: () => Promise<void>): void {
    this.#taken = true;
    const next = () => this.#next();
    turn().then(next, next);
  }

  #next(): void {
    this.#taken = false;
    const first = this.#first;
    if (first === undefined) return;
    this.#leave(first);
    this.#begin(first.turn);
  }

  #leave(entry: Entry): void {
    if (entry.left) return;
    entry.left = true;
    const { before, behind } = entry;
    if (before === undefined) this.#first = behind;
    else before.behind = behind;
    if (behind === undefined) this.#last = before;
    else behind.before = before;
    // Whoever keeps an entry is not to keep those beside it.
    entry.before = entry.behind = undefined;
  }
}
