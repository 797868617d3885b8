import { ClosedError, describe, SyncError, systemError } from '../errors.js';
import type { Failure } from '../kernel/kernel.js';
import { ERROR_INVALID_HANDLE } from '../kernel/status.js';
import type { HandleUser, OwnedHandle } from '../owned-handle.js';
import { beginWait, endWait, type DiagnosedWait } from './diagnostics.js';
import type { Limits } from './limits.js';
import { giveBack, outcomeOf, TIMED_OUT, tryKernel, type Outcome, type Win } from './taking.js';
import type { Target } from './target.js';
import type { Waiter, WaitThread } from './wait-thread.js';
import { threadForAll, threadForAny, watchesOfOneThread } from './wait-threads.js';

/** How a wait that has not won ends: `undefined` is a timeout. */
type Ending = { readonly error: unknown } | undefined;

/** Makes the caller's result of an outcome; may throw. One function for many waits: what it needs of the wait it is given. */
export type Conclude<Result> = (outcome: Outcome, targets: readonly Target[], all: boolean) => Result;

let serials = 0;

/**
 * A wait that pends.
 *
 * | state     | meaning                                             | left by |
 * |-----------|-----------------------------------------------------|---------|
 * | `queued`  | its turn has not come (for one mutex), or it is new | its turn: waiting or, if the mutex is free, over; `end`: over |
 * | `waiting` | wait threads wait for it                            | a win, a failure or `end`: ending |
 * | `ending`  | the wait threads have been told to cancel           | the last thread's verdict: over |
 * | `over`    | the promise is settled                              | |
 *
 * An abort or a timeout only asks the threads to cancel. Each answers with the truth, `cancelled` or `won`, and a win counts: a signal that the kernel has given to
 * this wait is not lost. If two threads have won, the second win is given back before the promise is settled.
 *
 * Kept small, since thousands may pend: one object and one promise, no closures where a method does.
 */
export class WaitRequest<Result> implements HandleUser, DiagnosedWait {
  readonly targets: readonly Target[];
  readonly all: boolean;
  readonly promise: Promise<Result>;
  readonly serial = ++serials;
  readonly since = performance.now();

  readonly #conclude: Conclude<Result>;
  #resolve: ((result: Result) => void) | undefined;
  #reject: ((error: unknown) => void) | undefined;
  readonly #stopLimits: (() => void) | undefined;
  #state: 'queued' | 'waiting' | 'ending' | 'over' = 'queued';
  #parts: readonly Part[] = [];
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
    for (const target of targets) {
      target.turnstile.waiting++;
      target.owned.beginUse(this);
    }
    beginWait(this);
    if (limits.any) {
      this.#left = new AbortController();
      this.#stopLimits = limits.watch(() => this.end(undefined), reason => this.end({ error: reason }));
    }
    const [only] = targets;
    if (targets.length === 1 && only?.kind === 'mutex') only.turnstile.enqueue(() => this.#turn(only), this.#left?.signal);
    else this.#start();
  }

  /** The turn for a mutex lasts from its try until the release of what it won. */
  #turn({ turnstile }: Target): Promise<void> {
    if (this.#state !== 'queued') return Promise.resolve();
    const turn = new Promise<void>(resolve => this.#endTurn = resolve);
    try {
      const now = turnstile.ownedHere ? undefined : tryKernel(this.targets, [0], false);
      if (now === undefined) {
        this.#start();
      } else {
        this.#win = now;
        this.#finish();
      }
    } catch (error) {
      this.end({ error });
    }
    return turn;
  }

  /** Hands it to wait threads. */
  #start(): void {
    this.#state = 'waiting';
    const size = this.all ? this.targets.length : Math.min(this.targets.length, watchesOfOneThread());
    try {
      for (let offset = 0; offset < this.targets.length; offset += size) this.#startPart(offset, size);
    } catch (error) {
      this.end({ error });
      if (this.#parts.length === 0) this.#finish();
    }
  }

  #startPart(offset: number, size: number): void {
    const targets = size === this.targets.length ? this.targets : this.targets.slice(offset, offset + size);
    const keys = targets.map(({ turnstile }) => turnstile.key);
    const thread = this.all ? threadForAll(keys) : threadForAny(keys);
    const part = new Part(this, thread, targets, offset);
    this.#parts = [...this.#parts, part];
    thread.wait(part);
  }

  handleClosed(owned: OwnedHandle): void {
    const target = this.targets.find(each => each.owned === owned);
    this.end(target && { error: new ClosedError(`the ${describe(target)} was closed while a wait for it was pending`, target.name) });
  }

  /** A timeout, an abort or an error ends it, unless it has won. */
  end(ending: Ending): void {
    switch (this.#state) {
      case 'queued':
        this.#ending = ending;
        this.#finish();
        break;
      case 'waiting':
        this.#ending = ending;
        this.#cancelParts();
        break;
      case 'ending': // the first reason counts
      case 'over':
    }
  }

  #cancelParts(): void {
    this.#state = 'ending';
    for (const { thread, id } of this.#parts) thread.cancel(id);
  }

  /** A wait thread has said what became of its part. */
  verdict(part: Part, win?: Win): void {
    this.#parts = this.#parts.filter(other => other !== part);
    if (win !== undefined) {
      if (this.#win === undefined) this.#win = win;
      else giveBack(win, this.targets);
      if (this.#state === 'waiting') this.#cancelParts();
    }
    if (this.#parts.length === 0 && this.#state !== 'over') this.#finish();
  }

  #finish(): void {
    this.#state = 'over';
    this.#stopLimits?.();
    for (const { turnstile } of this.targets) turnstile.waiting--;
    const win = this.#win;
    const error = this.#ending;
    if (win === undefined) {
      this.#endTurn?.();
      this.#left?.abort();
    }
    try {
      if (win === undefined && error !== undefined) {
        endWait(this, undefined);
        this.#reject?.(error.error);
        return;
      }
      endWait(this, win === undefined ? 'timeout' : win.abandoned ? 'abandoned' : 'win');
      const outcome = win === undefined ? TIMED_OUT : outcomeOf(win, this.targets, this.all, this.#endTurn);
      this.#resolve?.(this.#conclude(outcome, this.targets, this.all));
    } catch (failure) {
      this.#reject?.(failure);
    } finally {
      // Only now, with the use by the tokens begun: if the object was closed meanwhile, its handle is still needed for their release.
      for (const { owned } of this.targets) owned.endUse(this);
    }
  }
}

/** What one wait thread is asked for: a wait for more objects than one thread can watch has several. */
class Part implements Waiter {
  static #ids = 0;
  readonly id = ++Part.#ids;
  readonly thread: WaitThread;
  readonly targets: readonly Target[];
  readonly #request: Pick<WaitRequest<unknown>, 'verdict' | 'end'>;
  readonly #offset: number;

  constructor(request: Pick<WaitRequest<unknown>, 'verdict' | 'end'>, thread: WaitThread, targets: readonly Target[], offset: number) {
    this.#request = request;
    this.thread = thread;
    this.targets = targets;
    this.#offset = offset;
  }

  won(by: WaitThread, index: number, abandoned: boolean): void {
    this.#request.verdict(this, { index: this.#offset + index, abandoned, by });
  }

  cancelled(): void {
    this.#request.verdict(this);
  }

  failed(failure: Failure): void {
    const [first] = this.targets;
    this.#request.end(first && { error: systemError(failure, first) });
    this.#request.verdict(this);
  }

  lost(cause: Error): void {
    this.#request.end({ error: new SyncError(`the wait thread has ended: ${cause.message}`, { errno: ERROR_INVALID_HANDLE }) });
    this.#request.verdict(this);
  }
}
