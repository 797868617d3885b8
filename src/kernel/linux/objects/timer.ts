import { WAIT_OBJECT_0, WAIT_TIMEOUT } from '../../status.js';
import { now, wallClock } from '../system/clock.js';
import { ABSOLUTE, ARMED, BUSY, KIND_MANUAL_TIMER, LATCHED, OBJECT, VERSION_STEP } from '../file/layout.js';
import { SharedObject } from './shared-object.js';
import { STANDSTILL } from '../sleep/standstill.js';
import { announceSleeper } from '../sleep/wake.js';
import type { Namespace } from '../file/view.js';

/** What stays of WORD when a timer is set anew: VERSION, which goes round within its bits. */
const VERSION_BITS = 0x7ffffff8;

/** The halves of a float64, as QUANTITY has them. */
const double = new Float64Array(1);
const halves = new Int32Array(double.buffer);

/**
 * A timer. Nobody makes it go off: whether it is signalled follows from WORD, QUANTITY and the clock, and those who wait sleep until it is due.
 *
 * All changes but one are made under the namespace mutex. Killed within `set`: the timer is left stopped, as if it had been cancelled; within a take: it is taken, or is not.
 *
 * The one is LATCHED, by a CAS. Whoever finds a timer due that follows the system's clock sets it, since that clock may be set back, and a signal stays until it is taken. WORD has another VERSION after each
 * `set` and each take, so the CAS fails where the timer that was due is none any more.
 */
export class TimerObject extends SharedObject {
  readonly #manual: boolean;

  constructor(session: Namespace, index: number, client: number, kind: number) {
    super(session, index, client);
    this.#manual = kind === KIND_MANUAL_TIMER;
  }

  set(due: number, absolute: boolean, period: number): void {
    const { words, at } = this;
    this.session.locked(() => {
      const version = (this.field(OBJECT.WORD) + VERSION_STEP) & VERSION_BITS;
      Atomics.store(words, at, version);
      this.#quantity = absolute ? due : now() + due;
      words[at + OBJECT.PERIOD] = period;
      Atomics.store(words, at, version | ARMED | (absolute ? ABSOLUTE : 0));
    });
    this.wakeAnnounced();
  }

  cancel(): void {
    const { words, at } = this;
    this.session.locked(() => {
      const word = this.field(OBJECT.WORD);
      Atomics.store(words, at, ((word + VERSION_STEP) & VERSION_BITS) | (this.free ? LATCHED : 0));
    });
    this.wakeAnnounced();
  }

  override tryTake(): number {
    if (!this.free) return WAIT_TIMEOUT;
    if (this.#manual) return WAIT_OBJECT_0;
    return this.session.lockedWithin(STANDSTILL, () => {
      if (!this.free) return WAIT_TIMEOUT;
      consumeTimer(this.words, this.session.doubles, this.at);
      return WAIT_OBJECT_0;
    }) ?? WAIT_TIMEOUT;
  }

  override giveBack(): void {
    if (this.#manual) return;
    Atomics.or(this.words, this.at, LATCHED);
    this.wakeAnnounced();
  }

  override get signalled(): boolean {
    return this.free;
  }

  override get takeable(): boolean {
    return this.free && (this.#manual || this.session.passesWithin(STANDSTILL));
  }

  protected override get free(): boolean {
    for (;;) {
      const [word, due] = this.#state();
      if ((word & LATCHED) !== 0) return true;
      if ((word & ARMED) === 0 || elapsed(word, due) < 0) return false;
      if ((word & ABSOLUTE) === 0) return true;
      if (Atomics.compareExchange(this.words, this.at, word, word | LATCHED) === word) return true;
    }
  }

  override get due(): number {
    const [word, due] = this.#state();
    return (word & ARMED) === 0 ? Infinity : now() - elapsed(word, due);
  }

  override arm(): boolean {
    this.expected = announceSleeper(this.words, this.at + OBJECT.WAITERS);
    return !this.free;
  }

  override mark(): boolean {
    if (!this.free) return false;
    Atomics.or(this.words, this.at, BUSY);
    return true;
  }

  override unmark(): void {
    Atomics.and(this.words, this.at, ~BUSY);
  }

  override commit(): boolean {
    if (this.#manual) this.unmark();
    else consumeTimer(this.words, this.session.doubles, this.at);
    return false;
  }

  override reserve(): void {
    // Of a signal that nobody gives, nobody can pass on the turn.
  }

  protected override afterReservation(): void {
    // nobody sleeps for it
  }

  /**
   * WORD and QUANTITY of one `set`. That stops the timer with a new VERSION first, and arms it last: so if WORD is the same before and after, QUANTITY is what belongs to it. It is read and written by
   * halves, since only whole words are atomic, and others may be moved past them. (A take writes QUANTITY before the new VERSION, under the namespace mutex, where who takes looks again.)
   */
  #state(): [word: number, due: number] {
    const { words, at } = this;
    const place = at + OBJECT.QUANTITY;
    for (let word = Atomics.load(words, at); ;) {
      halves[0] = Atomics.load(words, place);
      halves[1] = Atomics.load(words, place + 1);
      const after = Atomics.load(words, at);
      if (after === word) return [word, double[0] ?? 0];
      word = after;
    }
  }

  set #quantity(due: number) {
    double[0] = due;
    Atomics.store(this.words, this.at + OBJECT.QUANTITY, halves[0] ?? 0);
    Atomics.store(this.words, this.at + OBJECT.QUANTITY + 1, halves[1] ?? 0);
  }
}

/** How many ms ago it was due. */
function elapsed(word: number, due: number): number {
  return ((word & ABSOLUTE) === 0 ? now() : wallClock()) - due;
}

/**
 * Uses up the signal of an auto-reset timer, and its mark: once, or until the next period. Under the namespace mutex.
 *
 * LATCHED stands for what was due at QUANTITY, whatever the clock says by now. Killed between the two stores: the signal is still there, and a period is left out.
 */
export function consumeTimer(words: Int32Array, doubles: Float64Array, at: number): void {
  const word = words[at] ?? 0;
  const period = words[at + OBJECT.PERIOD] ?? 0;
  const place = (at + OBJECT.QUANTITY) / 2;
  const late = elapsed(word, doubles[place] ?? 0);
  const expired = late >= 0 || (word & LATCHED) !== 0;
  const armed = (word & ARMED) !== 0 && (period > 0 || !expired);
  if (armed && expired) doubles[place] = (doubles[place] ?? 0) + (Math.max(0, Math.floor(late / period)) + 1) * period;
  const version = (word + VERSION_STEP) & VERSION_BITS;
  Atomics.store(words, at, version | (word & ABSOLUTE) | (armed ? ARMED : 0));
}
