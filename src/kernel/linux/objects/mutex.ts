import { WAIT_ABANDONED_0, WAIT_FAILED, WAIT_OBJECT_0, WAIT_TIMEOUT } from '../../status.js';
import { now } from '../system/clock.js';
import { ALL_ONES, MUTEX_WAITERS, OBJECT, OF_TOKEN, OWNER, OWNER_DIED } from '../file/layout.js';
import type { RobustEntry, RobustList } from '../system/robust-list.js';
import { announceSleeper, signalSequence } from '../sleep/wake.js';
import { SharedObject } from './shared-object.js';
import type { Namespace } from '../file/view.js';

// An object of another file would be looked up at each use, which makes what each lock runs longer: see `Hold`.
const { RESERVED, VALUE } = OBJECT;

/** About half a microsecond, where falling asleep and being woken costs several. Most critical sections are shorter than that. */
const LOOKS = 50;

/** For so long, in ms, an owner that is in the way is taken for alive: a little less than a sleep can take. */
const LONGEST_TRUST = 240;
/** Those who sleep between their looks, look fewer times than this without asking for the time, which costs more than a look. */
const CHEAP_POLLS = 3;

/**
 * A recursive mutex whose owner's death is known to the kernel.
 *
 * | WORD                 | state     | left by |
 * |----------------------|-----------|---------|
 * | 0                    | free      | a taker's CAS to its id; a wait-all's to ALL_ONES |
 * | OWNER_DIED           | abandoned | the same; the taker is told |
 * | a thread's id        | owned     | its release: 0; its death: OWNER_DIED |
 * | ALL_ONES             | marked    | the wait-all (or the repair): its id, or as it was |
 *
 * VALUE is how often an owned mutex is held, or OF_TOKEN. The kernel knows threads alone as owners, and code of one thread has to exclude other
 * code of it: what is a token's, its thread cannot take a second time.
 *
 * MUTEX_WAITERS stands in any of them, as long as somebody may sleep. A release clears it and wakes all: among them may be some who wait for other objects too and take one of those, or who
 * only watch, so one would not do.
 *
 * A death, and who finds it:
 *
 * | killed                                  | left                          | repaired by |
 * |-----------------------------------------|-------------------------------|-------------|
 * | owning                                  | its id, linked                | the kernel: OWNER_DIED, wakes one; that one takes it and leaves MUTEX_WAITERS set, so that its release wakes the others, or it takes something else and wakes them (`passOn`) |
 * | between CAS and link                    | its id, pending               | the kernel, the same |
 * | between unlink and the exchange to 0    | its id, pending               | the kernel, the same: the release has not taken place |
 * | between the exchange and the wake       | 0 or another's id, pending    | 0: the kernel wakes one. Another's id: the sleepers' longest sleep |
 * | woken, before it took it                | 0, others asleep              | nobody is lost: all were woken. After an owner's death only one was: the sleepers' longest sleep |
 * | in its turn, between taking it and waking those who slept beside the turn | OWNER_DIED, some asleep on WAITERS | the sleepers' longest sleep |
 */
export class MutexObject extends SharedObject implements RobustEntry {
  readonly pointers: RobustEntry['pointers'];
  readonly place: number;
  readonly nextAt: number;
  readonly pointer: number;
  readonly first: number;
  readonly last: number;
  /*
   * No `#` before what each lock touches, nor before what it calls: see `Hold`.
   */
  private readonly list: RobustList;
  private readonly thread: number;
  readonly #wordAddress: number;
  /** The turn whose client this thread has woken last. */
  #toldOf = 0;
  /** The owner that this thread has found last, when first (0: it has not asked for the time), and how often since it slept. */
  #owner = 0;
  #ownerSince = 0;
  #polls = 0;

  constructor(session: Namespace, index: number, client: number) {
    super(session, index, client);
    this.#wordAddress = session.addressOf(this.at * 4);
    const entry = session.entryAt(this.at * 4);
    this.pointers = entry.pointers;
    this.place = entry.place;
    this.nextAt = entry.nextAt;
    this.pointer = entry.pointer;
    this.first = entry.first;
    this.last = entry.last;
    this.list = session.list;
    this.thread = session.thread.id;
  }

  override tryTake(): number {
    return this.take(1);
  }

  tryTakeForToken(): number {
    return this.take(OF_TOKEN);
  }

  /** @param value - What VALUE is to be if it was free. */
  private take(value: number): number {
    const { words, at, list } = this;
    if (words[at + RESERVED] !== 0 || list.needsCare) return this.tryTakeCarefully(value);
    list.begin(this);
    if (Atomics.compareExchange(words, at, 0, this.thread) !== 0) return this.tryTakeContended(value);
    list.link(this);
    words[at + VALUE] = value;
    return WAIT_OBJECT_0;
  }

  /** The same for the namespace mutex, which nobody reserves, and which has room in every list. */
  tryTakeAlways(): number {
    this.list.begin(this);
    return this.tryTakeContended(1);
  }

  private tryTakeCarefully(value: number): number {
    if (this.session.file.gone) return WAIT_FAILED;
    const owned = this.ownedByThisThread;
    if (this.free && this.keptForOther) return WAIT_TIMEOUT;
    if (!owned && this.list.full) return this.free ? WAIT_FAILED : WAIT_TIMEOUT;
    this.list.begin(this);
    const status = this.tryTakeContended(value);
    if (status !== WAIT_TIMEOUT) this.unreserve();
    return status;
  }

  /** After `begin`. */
  private tryTakeContended(value: number): number {
    const { words, at } = this;
    const { list } = this;
    let looks = 0;
    for (;;) {
      const word = Atomics.load(words, at);
      const owner = word & OWNER;
      if (owner === 0) {
        if (Atomics.compareExchange(words, at, word, this.thread | (word & MUTEX_WAITERS)) !== word) continue;
        list.link(this);
        words[at + VALUE] = value;
        return (word & OWNER_DIED) === 0 ? WAIT_OBJECT_0 : WAIT_ABANDONED_0;
      }
      list.end();
      if (owner === this.thread) {
        // Code that holds a token does not take the mutex once more for it, and nothing else of the thread does either.
        if (value === OF_TOKEN || this.#belongsToToken) return WAIT_TIMEOUT;
        words[at + VALUE] = this.field(VALUE) + 1;
        return WAIT_OBJECT_0;
      }
      if (owner !== ALL_ONES) {
        this.#findInTheWay(owner);
        return WAIT_TIMEOUT;
      }
      // Nobody marks the namespace mutex: its memory has been overwritten.
      if (this.index === 0) Atomics.compareExchange(words, at, word, (word & MUTEX_WAITERS) | OWNER_DIED);
      else if (!this.session.busy(++looks, this)) return WAIT_TIMEOUT;
      list.begin(this);
    }
  }

  /** False if this thread is not the owner. */
  release(): boolean {
    if (!this.ownedByThisThread) return false;
    const { words, at } = this;
    const depth = words[at + VALUE] ?? 0;
    if (depth > 1) {
      words[at + VALUE] = depth - 1;
      return true;
    }
    this.leave(0);
    return true;
  }

  override giveBack(abandoned: boolean): void {
    if (abandoned) this.abandon();
    else this.release();
  }

  /** Leaves it as its owner's death would. */
  abandon(): void {
    this.leave(OWNER_DIED);
  }

  private leave(word: number): void {
    const { list } = this;
    list.begin(this);
    list.unlink(this);
    if (Atomics.exchange(this.words, this.at, word) < 0) this.#wakeSleepers();
    list.end();
  }

  /** Gives it up whole, however often it is held, when its last handle closes: its memory is about to be used again. */
  discard(): void {
    if (!this.ownedByThisThread) return;
    this.words[this.at + VALUE] = 1;
    this.release();
  }

  belongToToken(): void {
    this.words[this.at + VALUE] = OF_TOKEN;
  }

  /** Of a mutex that this thread owns. */
  get #belongsToToken(): boolean {
    return this.field(VALUE) === OF_TOKEN;
  }

  /** How often this thread owns it by waits of its own. */
  get ownedDepth(): number {
    return this.ownedByThisThread && !this.#belongsToToken ? this.field(VALUE) : 0;
  }

  /** By a plain read, which costs a release a tenth less: this thread's id is written by this thread alone, and what others write meanwhile is no more its id than what stood there. */
  get ownedByThisThread(): boolean {
    return ((this.words[this.at] ?? 0) & OWNER) === this.thread;
  }

  override get signalled(): boolean {
    const owner = Atomics.load(this.words, this.at) & OWNER;
    // A mark too: whoever tries finds out what becomes of it, and repairs it if its thread has died.
    return (owner === this.thread && !this.#belongsToToken) || owner === ALL_ONES || (owner === 0 && !this.keptForOther);
  }

  override isMarked(): boolean {
    return (Atomics.load(this.words, this.at) & OWNER) === ALL_ONES;
  }

  protected override get free(): boolean {
    return (Atomics.load(this.words, this.at) & OWNER) === 0;
  }

  /** The word cannot tell. Let go and taken again, or kept first for one and then for another, it comes to be what it was before its sleepers look. */
  override get stirred(): boolean {
    return true;
  }

  override spin(): void {
    for (let look = 0; look < LOOKS && !this.free; look++);
  }

  /** Beside an owner a thread sleeps on WORD, where the kernel wakes it when the owner dies; beside a mutex that is kept for somebody else, on WAITERS. */
  override arm(time: number): boolean {
    const { words, at } = this;
    this.#polls = 0;
    for (;;) {
      const word = Atomics.load(words, at);
      const owner = word & OWNER;
      if (owner === 0) return this.#armBesideTurn(word);
      // What becomes of a mark, all are told: by its end, or by the release of whoever owns the mutex then.
      if (owner === ALL_ONES) this.#meet(owner, time);
      else this.#lookOn(owner, time);
      this.address = this.#wordAddress;
      this.expected = word | MUTEX_WAITERS;
      if (word < 0 || Atomics.compareExchange(words, at, word, this.expected) === word) return true;
    }
  }

  #armBesideTurn(word: number): boolean {
    if (!this.keptForOther) return false;
    if ((word & OWNER_DIED) !== 0) this.#wakeWhoseTurnItIs();
    this.address = this.announcedAddress;
    this.expected = announceSleeper(this.words, this.at + OBJECT.WAITERS);
    // Its turn may have ended before this thread was announced.
    return this.free && this.keptForOther;
  }

  override polled(): void {
    const owner = Atomics.load(this.words, this.at) & OWNER;
    if (owner !== 0 && owner !== ALL_ONES && owner !== this.thread) this.#findInTheWay(owner);
  }

  /** By a poll. Those who sleep between two polls have asked for the time anyway, in `arm`. */
  #findInTheWay(owner: number): void {
    if (owner !== this.#owner) this.#meet(owner, 0);
    else if (++this.#polls > CHEAP_POLLS) this.#lookOn(owner, now());
  }

  /** An owner stands in the way: one that this thread finds there for as long as a sleep can take may be no more. */
  #lookOn(owner: number, time: number): void {
    if (owner !== this.#owner || this.#ownerSince === 0) {
      this.#meet(owner, time);
    } else if (time - this.#ownerSince >= LONGEST_TRUST) {
      this.#ownerSince = time;
      this.#mend(owner);
    }
  }

  #meet(owner: number, time: number): void {
    this.#owner = owner;
    this.#ownerSince = time;
    this.#polls = 0;
  }

  /** See "Deaths that the kernel does not mark" in `client-table.ts`. */
  #mend(owner: number): void {
    const { clients } = this.session;
    if (this.index === 0) {
      this.#mendNamespace(owner);
    } else if (!clients.mayOwn(owner, false)) {
      // Whoever has the namespace mutex may stand still, and this may be a poll: then it is for the next look.
      this.session.changingWithin(0, () => {
        clients.reapEnded(owner);
        return owner;
      });
    }
  }

  /**
   * Without the namespace mutex nothing works, so of its owner more is asked.
   *
   * Here nobody can be kept from taking part: if this thread stood still before the exchange, for so long that the system gave the id to another thread, and that one took the mutex, it would lose it.
   */
  #mendNamespace(owner: number): void {
    const { clients, file } = this.session;
    if (clients.mayOwn(owner, true) && file.mayBeUsedBy(owner)) return;
    const { words, at } = this;
    const word = Atomics.load(words, at);
    if ((word & OWNER) !== owner) return;
    if (Atomics.compareExchange(words, at, word, (word & MUTEX_WAITERS) | OWNER_DIED) === word) this.#wakeSleepers();
  }

  /** The kernel wakes one when an owner dies. */
  override passOn(): void {
    const word = Atomics.load(this.words, this.at);
    if (word >= 0 || (word & OWNER) !== 0) return;
    if (this.holder === 0) this.#wakeSleepers();
    else if ((word & OWNER_DIED) !== 0) this.#wakeWhoseTurnItIs();
  }

  /**
   * Its owner has died, and it is kept for another client, which sleeps. The kernel's one wake may be, or may have been, for this thread: so each that looks wakes all, once for each turn. More often, and
   * sleepers would wake each other for as long as it is kept.
   */
  #wakeWhoseTurnItIs(): void {
    const turn = Atomics.load(this.words, this.at + RESERVED);
    if (turn === this.#toldOf) return;
    this.#toldOf = turn;
    this.#wakeSleepers();
    this.wakeAnnounced();
  }

  protected override afterReservation(): void {
    const { words, at } = this;
    this.wakeAnnounced();
    const word = Atomics.load(words, at);
    // Other programs sleep on WORD even then. It changes, for whoever is about to; if it has changed already, they have another one to sleep on, or none.
    if (word < 0 && (word & OWNER) === 0 && Atomics.compareExchange(words, at, word, word & ~MUTEX_WAITERS) === word) this.#wakeSleepers();
  }

  /** Those who sleep on WORD. */
  #wakeSleepers(): void {
    this.session.system.wake(this.#wordAddress);
    signalSequence(this.session);
  }

  override mark(): boolean {
    const { words, at } = this;
    for (;;) {
      const word = Atomics.load(words, at);
      const owner = word & OWNER;
      if (owner === this.thread) return !this.#belongsToToken;
      if (owner !== 0 || this.keptForOther) return false;
      if (Atomics.compareExchange(words, at, word, word | ALL_ONES) === word) return true;
    }
  }

  override unmark(): void {
    const word = this.#replace(ALL_ONES, word => word & ~OWNER);
    if (word < 0) this.#wakeSleepers();
  }

  override commit(): boolean {
    const { words, at } = this;
    if (this.ownedByThisThread) {
      words[at + VALUE] = this.field(VALUE) + 1;
      return false;
    }
    const { list } = this;
    list.begin(this);
    list.link(this);
    words[at + VALUE] = 1;
    const word = this.#replace(ALL_ONES, word => this.thread | (word & MUTEX_WAITERS));
    return (word & OWNER_DIED) !== 0;
  }

  /** Changes WORD while it has that owner (sleepers may set MUTEX_WAITERS meanwhile); gives what it was, or 0 if it has another. */
  #replace(owner: number, change: (word: number) => number): number {
    const { words, at } = this;
    for (;;) {
      const word = Atomics.load(words, at);
      if ((word & OWNER) !== owner) return 0;
      if (Atomics.compareExchange(words, at, word, change(word)) === word) return word;
    }
  }
}
