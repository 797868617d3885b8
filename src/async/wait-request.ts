import { ClosedError, describe, SyncError } from '../errors.js';
import { kernel } from '../kernel/select.js';
import { HandleUse } from '../owned-handle.js';
import { rejectForAwaiter, settleForAwaiter } from './awaited.js';
import { coarseNow } from './coarse-clock.js';
import { beginWait, endWait, type DiagnosedWait } from './diagnostics.js';
import { waitOver, waitPends } from './keep-alive.js';
import type { Limits } from './wait-limits.js';
import { TakenByWaitThread } from './taken-by-wait-thread.js';
import { takenByCaller } from './taken-by-caller.js';
import type { Ending, Pursued, WaitStrategy } from './wait-strategy.js';
import { outcomeOf, TIMED_OUT, tryKernel, type Outcome, type Win } from './try-take.js';
import type { Target } from './target.js';
import { ownedHere } from './object-state.js';

/** Makes the caller's result of an outcome; may throw. One function for many waits: what it needs of the wait it is given. */
export type Conclude<Result> = (outcome: Outcome, targets: readonly Target[], all: boolean) => Result;

let serials = 0;

/**
 * A wait that pends.
 *
 * | state     | meaning                                             | left by |
 * |-----------|-----------------------------------------------------|---------|
 * | `queued`  | its turn has not come (for one mutex), or it is new | its turn: waiting or, if the mutex is free, over; `end`: over |
 * | `waiting` | it is pursued with the help of wait threads         | a win: over; `end`: ending |
 * | `ending`  | the strategy has been told to give up                | its last word: over |
 * | `over`    | the promise is settled                              | |
 *
 * An abort or a timeout only asks the strategy to give up, and its last word is the truth: a signal that the kernel has given to this wait is not lost.
 *
 * Code of others runs within it: a getter of the signal, its listeners, and who listens to the diagnostics channels. It may abort the wait, close the object or take it. So it is
 * only called where the state is whole, and the state is looked at anew afterwards.
 *
 * Kept small, since thousands may pend: one object and one promise, no closures where a method does.
 */
export class WaitRequest<Result> implements DiagnosedWait, Pursued {
  readonly targets: readonly Target[];
  readonly all: boolean;
  readonly promise: Promise<Result>;
  readonly serial = ++serials;
  readonly since = coarseNow();

  readonly #conclude: Conclude<Result>;
  #resolve: ((result: Result | PromiseLike<Result>) => void) | undefined;
  #reject: ((error: unknown) => void) | undefined;
  #stopLimits: (() => void) | undefined;
  #state: 'queued' | 'waiting' | 'ending' | 'over' = 'queued';
  readonly #uses: readonly RequestUse[];
  #strategy: WaitStrategy | undefined;
  #win: Win | undefined;
  #ending: Ending;
  /** Gives a place in the queue up; there if something may end the wait before its turn. */
  readonly #left: AbortController | undefined;
  #endTurn: (() => void) | undefined;

  constructor(targets: readonly Target[], all: boolean, limits: Limits, conclude: Conclude<Result>) {
    this.targets = targets;
    this.all = all;
    this.#conclude = conclude;
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    for (const { objectState } of targets) objectState.waiting++;
    this.#uses = targets.map(target => new RequestUse(this, target));
    waitPends();
    if (limits.any) {
      this.#left = new AbortController();
      this.#watch(limits);
    }
    if (!this.#over) beginWait(this);
    if (this.#over) return;
    const [only] = targets;
    if (targets.length === 1 && only?.kind === 'mutex') only.objectState.enqueue(() => this.#turn(only), this.#left?.signal);
    else this.#start();
  }

  get #over(): boolean {
    return this.#state === 'over';
  }

  #watch(limits: Limits): void {
    try {
      const stop = limits.watch(() => this.end(undefined), reason => this.end({ error: reason }));
      if (this.#over) stop();
      else this.#stopLimits = stop;
    } catch (error) {
      this.end({ error });
    }
  }

  /** The turn for a mutex lasts from its try until the release of what it won. */
  #turn({ objectState }: Target): Promise<void> {
    if (this.#state !== 'queued') return Promise.resolve();
    const turn = new Promise<void>(resolve => this.#endTurn = resolve);
    try {
      const now = ownedHere(objectState) ? undefined : tryKernel(this.targets, [0], false);
      if (now === undefined) this.#start();
      else this.over(now);
    } catch (error) {
      this.end({ error });
    }
    return turn;
  }

  /** Hands it to wait threads. */
  #start(): void {
    this.#state = 'waiting';
    this.#strategy = kernel.takenBy === 'caller' ? takenByCaller(this) : new TakenByWaitThread(this);
    try {
      this.#strategy.start();
    } catch (error) {
      this.end({ error });
    }
  }

  /** A timeout, an abort or an error ends it, unless it has won. */
  end(ending: Ending): void {
    switch (this.#state) {
      case 'queued':
        this.#ending = ending;
        this.over();
        break;
      case 'waiting':
        this.#ending = ending;
        this.#state = 'ending';
        this.#strategy?.giveUp();
        break;
      case 'ending': // the first reason counts
      case 'over':
    }
  }

  over(win?: Win): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#win = win;
    waitOver();
    this.#stopLimits?.();
    for (const { objectState } of this.targets) objectState.waiting--;
    if (win === undefined) {
      this.#endTurn?.();
      this.#left?.abort();
    }
    try {
      this.#settle();
    } catch (failure) {
      // There may be no token, at whose release the turn would end.
      endWait(this, undefined);
      if (win !== undefined) this.#endTurn?.();
      this.#reject?.(failure);
    } finally {
      // Only now, with the use by the tokens begun: if the object was closed meanwhile, its handle is still needed for their release.
      for (const use of this.#uses) use.end();
    }
  }

  #settle(): void {
    const win = this.#win;
    const error = this.#ending;
    if (win === undefined && error !== undefined) {
      endWait(this, undefined);
      this.#rejectWith(error.error);
      return;
    }
    // The tokens first: who is told of a win may try to take the mutex, and the kernel would let this thread do so.
    const outcome = win === undefined ? TIMED_OUT : outcomeOf(win, this.targets, this.all, this.#endTurn);
    endWait(this, win === undefined ? 'timeout' : outcome.abandoned ? 'abandoned' : 'win');
    if (win !== undefined) this.#resolve?.(this.#conclude(outcome, this.targets, this.all));
    // A timeout may be an error.
    else if (this.#resolve !== undefined) settleForAwaiter(this.#resolve, () => this.#conclude(outcome, this.targets, this.all));
  }

  /** What others have made, such as the reason of an abort, stays as it is. */
  #rejectWith(error: unknown): void {
    if (error instanceof SyncError && this.#resolve !== undefined) rejectForAwaiter(this.#resolve, error);
    else this.#reject?.(error);
  }
}

/** While a wait pends, it has the handles of its objects. */
class RequestUse extends HandleUse {
  readonly #request: Pick<Pursued, 'end'>;
  readonly #target: Target;

  constructor(request: Pick<Pursued, 'end'>, target: Target) {
    super();
    this.#request = request;
    this.#target = target;
    target.owned.beginUse(this);
  }

  override handleClosed(): void {
    this.#request.end({ error: new ClosedError(`the ${describe(this.#target)} was closed while a wait for it was pending`, this.#target.name, new Error('closed here')) });
  }

  end(): void {
    this.#target.owned.endUse(this);
  }
}
