import { ERROR_INVALID_HANDLE } from '../../status.js';
import { now } from '../system/clock.js';
import { FileFailure } from '../file/failure.js';
import { HOLDER, HOLDER_BITS, KIND_FREE, KIND_ORPHAN, MOMENTS, OBJECT, objectPlace } from '../file/layout.js';
import { claimSleepers, signalSequence } from '../sleep/wake.js';
import type { Namespace } from '../file/view.js';

/** The longest, in ms, that a free object is kept for a waiter which does not come. A little less than a sleep can take: who looked before one looks again behind it. */
const LONGEST_KEPT = 240;
/** So much, in ms, may a time that another thread has noted lie ahead of this thread's. */
const AHEAD = 1000;

/**
 * An object of the shared file, as this thread sees it: what waits and signals do with its state.
 *
 * # Fairness
 *
 * An object that is let go is free for whoever is first, which is fast and unfair: a thread that takes it again at once is quicker than one that has to wake up. So a waiter that has waited for more
 * than a millisecond, and has slept and looked in vain, asks for its turn: it puts itself into RESERVED. From then on the object counts as taken for all others, and the next signal is its own.
 *
 * | RESERVED            | the object | state  | left by |
 * |---------------------|------------|--------|---------|
 * | 0                   | any        | open   | a waiter that was passed by: asked |
 * | a client, and since | not free   | asked  | a waiter that has waited longer, and was passed by: asked, for that one. The client gives up: open. A signal: kept |
 * | when it has waited  | free       | kept   | the client takes it, or gives up: open. Whoever else wants it and finds that client dead, or the object kept for `LONGEST_KEPT`: open |
 *
 * "Open" is "asked" for who stands in NEXT, if anybody does: of those who ask while it is somebody else's turn, the one that has waited for the longest. Without it none of them could ask before the one whose
 * turn it is has let the object go again, and that one would have several turns.
 *
 * So who waits longest has the next turn, and nobody waits for much more than one turn of each of the others. A waiter that was displaced, or lost its turn because it did not come (it is stopped, or its
 * event loop is busy), asks again when it is passed by again.
 *
 * How long it has been kept is measured by those who want it: the first to find it free and kept writes the time into KEPT. So it does not matter how they ask, for how long, or who of them it was; nor
 * does a signaller need the time. KEPT may be that of an earlier turn of the same client, if somebody was slow to write it: that turn is lost then, and asked for again.
 *
 * Whoever ends a turn, also by taking the object, wakes those who sleep because it was kept. They sleep on WAITERS: they have announced themselves there first, and looked at RESERVED after that, so one of the
 * two sees the other. The word of a mutex would not do. It is the same in each turn, and whoever is slow to fall asleep might sleep in a turn of its own.
 */
export abstract class SharedObject {
  readonly session: Namespace;
  readonly index: number;
  readonly words: Int32Array;
  /** The place of WORD in `words`; the fields of `OBJECT` follow it. */
  readonly at: number;
  /** Of the word that this thread is about to sleep on. A mutex has two: see `arm` there. */
  address: number;
  /** Of WAITERS. */
  protected readonly announcedAddress: number;
  /** What that word has while a sleeper may sleep; set by `arm`. */
  expected = 0;
  /** For who watches for others: since when it does, in ms of the monotonic clock, and when it did last. */
  watchedSince = 0;
  watchedLast = 0;

  readonly #generation: number;
  /** For whom it is taken and reserved: the client whose handle it is. A thread that only watches does so for another. */
  readonly #client: number;

  constructor(session: Namespace, index: number, client: number) {
    this.session = session;
    this.#client = client;
    this.index = index;
    this.words = session.words;
    this.at = objectPlace(index);
    this.#generation = this.field(OBJECT.GENERATION);
    this.announcedAddress = session.addressOf((this.at + OBJECT.WAITERS) * 4);
    this.address = this.announcedAddress;
  }

  /**
   * After a sleep. Whoever closes the handle that another thread waits with may free the object, and another one may be in its place.
   *
   * @throws FileFailure
   */
  checkThere(): void {
    const kind = this.field(OBJECT.KIND);
    if (kind !== KIND_FREE && kind !== KIND_ORPHAN && this.field(OBJECT.GENERATION) === this.#generation) return;
    throw new FileFailure({ errno: ERROR_INVALID_HANDLE, syscall: '', reason: 'the handle was closed during the wait' });
  }

  /**
   * Undoes a take, of an object that turned out to be another one.
   *
   * @param abandoned - Whether the take found its last owner dead.
   */
  abstract giveBack(abandoned: boolean): void;

  /** Takes it if it is signalled: `WAIT_OBJECT_0`, `WAIT_ABANDONED_0`, `WAIT_TIMEOUT`, or `WAIT_FAILED` when this thread can own no more. */
  abstract tryTake(): number;
  /** Whether `tryTake` could succeed now. */
  abstract get signalled(): boolean;
  /**
   * Makes signallers wake sleepers, and says in `expected` what the word has until then. False when it is signalled, or about to be: look again.
   *
   * @param time - Of the monotonic clock.
   */
  abstract arm(time: number): boolean;

  /** Whether a wait-all has it marked: whether it is signalled, is about to be decided. */
  isMarked(): boolean {
    return false;
  }

  /** For who only watches, and can wait a little: whether a try of another thread could take it. False as well while a mark, or what the try would need, stands still. */
  get takeable(): boolean {
    for (let looks = 1; this.isMarked(); looks++) if (!this.session.busy(looks, this)) return false;
    return this.signalled;
  }

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

  /** Before the first sleep: looks again a few times, where it is likely to be let go soon. */
  spin(): void {
    // A signal may be a long time coming.
  }

  /** By who has found it not signalled, and does not sleep. */
  polled(): void {
    // Nobody owns it, whose death could be noticed.
  }

  /** After a sleep, if it does not take it: if that one was woken alone, it wakes those who were not. */
  passOn(): void {
    // Signals wake everybody.
  }

  /** Whether it is free, for anybody. */
  protected abstract get free(): boolean;

  protected field(field: number): number {
    return this.words[this.at + field] ?? 0;
  }

  /** Wakes those who announced themselves in WAITERS, after what they look at has changed. */
  protected wakeAnnounced(): void {
    if (!claimSleepers(this.words, this.at + OBJECT.WAITERS)) return;
    this.session.system.wake(this.announcedAddress);
    signalSequence(this.session);
  }

  /** Whether it may have been signalled since `arm`. */
  get stirred(): boolean {
    return Atomics.load(this.words, this.at + OBJECT.WAITERS) !== this.expected;
  }

  /**
   * Asks that the next signal be this client's, unless somebody has asked who has waited longer. What is kept for somebody else already is left to that one.
   *
   * @param since - When its wait began, in ms of the monotonic clock.
   */
  reserve(since: number): void {
    const { words, at } = this;
    const mine = this.#client + 1;
    const wish = mine | (momentOf(since) << HOLDER_BITS);
    if (!this.#ask(OBJECT.RESERVED, wish, !this.free)) this.#ask(OBJECT.NEXT, wish, true);
    // Of an earlier turn.
    if ((Atomics.load(words, at + OBJECT.KEPT) & HOLDER) === mine) Atomics.store(words, at + OBJECT.KEPT, 0);
  }

  /** Whether the field is this client's now. */
  #ask(field: number, wish: number, displacing: boolean): boolean {
    const { words } = this;
    const place = this.at + field;
    for (;;) {
      const held = Atomics.load(words, place);
      if ((held & HOLDER) === (wish & HOLDER)) return true;
      if (held !== 0 && !(displacing && isOlder(wish, held))) return false;
      if (Atomics.compareExchange(words, place, held, wish) === held) return true;
    }
  }

  /** The wait for it is over. The next one, also of a thread that watches it, is as patient as any. */
  forgetWait(): void {
    this.watchedLast = 0;
    this.unreserve();
  }

  /** The opposite, also where it has not been reserved. */
  unreserve(): void {
    const { words, at } = this;
    const mine = this.#client + 1;
    // First: see `#endTurn`.
    const next = Atomics.load(words, at + OBJECT.NEXT);
    if ((next & HOLDER) === mine) Atomics.compareExchange(words, at + OBJECT.NEXT, next, 0);
    const held = Atomics.load(words, at + OBJECT.RESERVED);
    if ((held & HOLDER) === mine) this.#endTurn(held);
  }

  /**
   * The turn is that of the next. That one may give up at the same time, and has left NEXT before it looks at RESERVED; here RESERVED is written before NEXT is looked at again. So one of the two
   * sees the other, and nobody who has left has the turn.
   */
  #endTurn(held: number): void {
    const { words, at } = this;
    const next = Atomics.load(words, at + OBJECT.NEXT);
    const heir = (next & HOLDER) === (held & HOLDER) ? 0 : next;
    if (Atomics.compareExchange(words, at + OBJECT.RESERVED, held, heir) !== held) return;
    if (next !== 0 && Atomics.compareExchange(words, at + OBJECT.NEXT, next, 0) !== next) Atomics.compareExchange(words, at + OBJECT.RESERVED, heir, 0);
    this.afterReservation();
  }

  /** Wakes those who found it kept for somebody. */
  protected abstract afterReservation(): void;

  /** The client (index + 1) that has asked for the next signal; 0: none has, or it is this one. */
  protected get holder(): number {
    const holder = Atomics.load(this.words, this.at + OBJECT.RESERVED) & HOLDER;
    return holder === this.#client + 1 ? 0 : holder;
  }

  /** Of an object that is free: whether it is kept for another client, which lives and has not let it wait for too long. */
  protected get keptForOther(): boolean {
    const held = Atomics.load(this.words, this.at + OBJECT.RESERVED);
    const holder = held & HOLDER;
    if (holder === 0 || holder === this.#client + 1) return false;
    if (this.session.clients.alive(holder - 1) && !this.#isOverdue(holder)) return true;
    this.#endTurn(held);
    // Of the next one, or of this one.
    return this.keptForOther;
  }

  #isOverdue(holder: number): boolean {
    const { words, at } = this;
    const kept = Atomics.load(words, at + OBJECT.KEPT);
    const moment = momentOf(now());
    if ((kept & HOLDER) === holder) {
      const age = (moment - (kept >>> HOLDER_BITS) + MOMENTS) % MOMENTS;
      return age >= LONGEST_KEPT && age < MOMENTS - AHEAD;
    }
    Atomics.compareExchange(words, at + OBJECT.KEPT, kept, holder | (moment << HOLDER_BITS));
    return false;
  }
}

/** A time of the monotonic clock as RESERVED and KEPT have it. */
function momentOf(time: number): number {
  return Math.floor(time) % MOMENTS;
}

/** Whether the first of two reservations is of who has waited longer. */
function isOlder(first: number, second: number): boolean {
  const earlier = ((second >>> HOLDER_BITS) - (first >>> HOLDER_BITS) + MOMENTS) % MOMENTS;
  return earlier > 0 && earlier < MOMENTS / 2;
}
