import { systemError, waitThreadEnded } from '../errors.js';
import { milliseconds } from '../kernel/runtime.js';
import { kernel } from '../kernel/select.js';
import { HandleUse } from '../owned-handle.js';
import type { ObjectState } from '../registry.js';
import type { Reply } from './wait-thread/protocol.js';
import type { Target } from './target.js';
import { waiterId, type Waiter, type WaitThread } from './wait-thread/client.js';
import { threadForAny } from './wait-thread/pool.js';

/** For so long, in ms, others may be quicker than who is first in line. Handing over costs much more than what they do in that time. */
const PATIENCE = 2;

/** Who stands in line for an object. */
interface InLine {
  /** Tries to take; tells whether it is over and has left its places. */
  attempt(): boolean;
  /** Has it leave its places. */
  fail(error: unknown): void;
}

/** A place in the line for one object. It carries its own links, so that ten thousand may come and go in any order. */
export class QueueEntry {
  readonly target: Target;
  /** Which target of its wait. */
  readonly index: number;
  readonly who: InLine;
  /** @internal */
  before: QueueEntry | undefined = undefined;
  /** @internal */
  behind: QueueEntry | undefined = undefined;
  #queue: WaitQueue | undefined;

  constructor(target: Target, index: number, who: InLine) {
    this.target = target;
    this.index = index;
    this.who = who;
  }

  get isFirst(): boolean {
    return this.#queue?.first === this;
  }

  enter(queue: WaitQueue): void {
    this.#queue = queue;
    queue.enter(this);
  }

  leave(): void {
    this.#queue?.leave(this);
    this.#queue = undefined;
  }
}

/**
 * The line for one kernel object, first come, first served, where the caller takes (see `Kernel.takenBy`).
 *
 * | state   | meaning                                          | left by |
 * |---------|--------------------------------------------------|---------|
 * | idle    | nobody is in line                                | the first who enters: armed |
 * | armed   | a wait thread watches the object                 | its `ready`: serving; the last who leaves: idle; the close of the handle it watches: armed with another |
 * | serving | those in line try in turn, until one has no luck | the end of that: idle, or armed |
 *
 * A wait thread watches an object once, however many wait for it, and says `ready` once; it watches on only when it is asked to. So a signal costs one message, and lets in as
 * many of the line as it has room for: one (an auto-reset event), some (a semaphore), or all (a manual-reset event).
 *
 * The object may be kept for this thread, by the wait thread or, where that one says again and again in vain that it is free, by `Kernel.prefer`. A take ends that; so does the last who
 * leaves, after whose cancel the wait thread asks for no turn any more: see CANCELS in `protocol.ts`.
 */
export class WaitQueue {
  static readonly #all = new Map<number, WaitQueue>();

  readonly #key: number;
  #first: QueueEntry | undefined;
  #last: QueueEntry | undefined;
  #armed: WatchCommand | undefined;
  #serving = false;
  /** Who was told in vain that the object was free, and when first. */
  #unlucky: QueueEntry | undefined;
  #unluckySince = 0;

  private constructor(key: number) {
    this.#key = key;
  }

  static of({ key }: ObjectState): WaitQueue {
    let watch = WaitQueue.#all.get(key);
    if (watch === undefined) WaitQueue.#all.set(key, watch = new WaitQueue(key));
    return watch;
  }

  get first(): QueueEntry | undefined {
    return this.#first;
  }

  /** May throw: there may be no wait thread to be had. */
  enter(place: QueueEntry): void {
    place.before = this.#last;
    if (this.#last === undefined) this.#first = place;
    else this.#last.behind = place;
    this.#last = place;
    if (this.#armed === undefined && !this.#serving) this.#arm();
  }

  leave(place: QueueEntry): void {
    const { before, behind } = place;
    if (before === undefined) this.#first = behind;
    else before.behind = behind;
    if (behind === undefined) this.#last = before;
    else behind.before = before;
    place.before = place.behind = undefined;
    if (this.#first === undefined) this.#becomeIdle(place.target);
  }

  #becomeIdle(last: Target): void {
    if (WaitQueue.#all.get(this.#key) === this) WaitQueue.#all.delete(this.#key);
    this.#armed?.cancel();
    this.#armed = undefined;
    // Behind the cancel, after which the wait thread asks for no turn.
    kernel.stopPreferring(last.owned.value);
  }

  #wasUnlucky(first: QueueEntry | undefined): void {
    const time = milliseconds();
    if (first !== this.#unlucky) {
      this.#unlucky = first;
      this.#unluckySince = time;
    } else if (first !== undefined && time - this.#unluckySince > PATIENCE) {
      // Each time: others may have been before, or it has not come when it was its turn.
      kernel.prefer(first.target.owned.value, time - this.#unluckySince);
    }
  }

  #arm(): void {
    let place = this.#first;
    while (place?.target.owned.open === false) place = place.behind; // those whose handle is closed are about to leave
    if (place !== undefined) this.#armed = new WatchCommand(this, place.target);
  }

  #armAgain(): void {
    try {
      if (this.#first !== undefined) this.#arm();
    } catch (error) {
      this.#failAll(() => error);
    }
  }

  /** Whether this is what a wait thread watches for the line now, and not what it has just been told to give up. If it was, it is so no longer. */
  disarmed(arming: WatchCommand): boolean {
    if (this.#armed !== arming) return false;
    this.#armed = undefined;
    return true;
  }

  ready(): void {
    this.#serving = true;
    let served = false;
    while (this.#first?.who.attempt() === true) served = true;
    this.#serving = false;
    if (!served) this.#wasUnlucky(this.#first);
    this.#armAgain();
  }

  /** The handle that was watched is closed, and others in line may have another. */
  handleClosed(): void {
    if (!this.#serving) this.#armAgain();
  }

  failed(failing: Target, error: (target: Target) => unknown): void {
    this.#failAll(target => error(target), ({ target }) => target.owned === failing.owned);
    this.#armAgain();
  }

  lost(error: unknown): void {
    this.#failAll(() => error);
  }

  #failAll(error: (target: Target) => unknown, which: (place: QueueEntry) => boolean = () => true): void {
    for (const place of this.#places().filter(which)) place.who.fail(error(place.target));
  }

  #places(): QueueEntry[] {
    const places: QueueEntry[] = [];
    for (let place = this.#first; place !== undefined; place = place.behind) places.push(place);
    return places;
  }
}

/** One command to a wait thread to watch an object. It uses the handle until the thread has said that it does not. */
class WatchCommand extends HandleUse implements Waiter {
  readonly id = waiterId();
  readonly targets: readonly [Target];
  readonly #queue: WaitQueue;
  readonly #thread: WaitThread;

  constructor(queue: WaitQueue, target: Target) {
    super();
    this.#queue = queue;
    this.targets = target.alone;
    this.#thread = threadForAny([target.objectState.key]);
    target.owned.beginUse(this);
    this.#thread.wait(this);
  }

  cancel(): void {
    this.#thread.cancel(this.id);
  }

  answered(reply: Reply): void {
    if (!this.#end()) return;
    const [target] = this.targets;
    if (reply.outcome === 'failed') this.#queue.failed(target, each => systemError(reply.failure, each));
    else this.#queue.ready();
  }

  lost(cause: Error): void {
    if (this.#end()) this.#queue.lost(waitThreadEnded(cause));
  }

  /** A name ends with the close of its last handle, so the wait thread's use of it must, too. */
  override handleClosed(): void {
    this.#thread.drop(this);
    kernel.stopPreferring(this.targets[0].owned.value);
    if (this.#end()) this.#queue.handleClosed();
  }

  #end(): boolean {
    this.targets[0].owned.endUse(this);
    return this.#queue.disarmed(this);
  }
}
