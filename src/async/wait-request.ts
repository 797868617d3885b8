import { ClosedError, describe, SyncError, systemError } from '../errors.js';
import type { Failure } from '../kernel/kernel.js';
import { kernel } from '../kernel/select.js';
import { ERROR_INVALID_HANDLE } from '../kernel/status.js';
import type { Target } from './target.js';
import { threadForAll, threadForAny, watchesOfOneThread } from './wait-threads.js';
import type { WaitThread } from './wait-thread.js';

/** What a wait has taken. */
export interface Win {
  /** Which target; 0 for all of them. */
  readonly index: number;
  readonly abandoned: boolean;
  /** The wait thread that took it, and owns it if it is a mutex; `undefined` if the calling thread did. */
  readonly by: WaitThread | undefined;
}

/** How a wait that has not won ends: `undefined` is a timeout. */
type Ending = { readonly error: unknown } | undefined;

/** What one wait thread was asked for: a wait for more objects than one thread can watch has several. */
interface Part {
  readonly thread: WaitThread;
  readonly id: number;
  readonly offset: number;
}

let ids = 0;

/**
 * A wait that pends.
 *
 * | state     | meaning                                             | left by |
 * |-----------|-----------------------------------------------------|---------|
 * | `queued`  | it has not been given to wait threads yet           | `start`: waiting; `succeed`, `end`: over |
 * | `waiting` | wait threads wait for it                            | a win, a failure, or `end`: ending |
 * | `ending`  | the wait threads have been told to cancel           | the last thread's verdict: over |
 * | `over`    | the promise is settled                              | |
 *
 * An abort or a timeout only asks the threads to cancel. Each answers with the truth, `cancelled` or `won`, and a win counts: a signal that the kernel has given to
 * this wait is not lost. If two threads have won, the second win is given back before the promise is settled.
 */
export class WaitRequest {
  readonly targets: readonly Target[];
  readonly all: boolean;
  /** `undefined` on timeout. */
  readonly outcome: Promise<Win | undefined>;

  #resolve: (win: Win | undefined) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;
  #state: 'queued' | 'waiting' | 'ending' | 'over' = 'queued';
  readonly #parts = new Set<Part>();
  readonly #uses: (() => void)[] = [];
  #win: Win | undefined;
  #ending: Ending;

  constructor(targets: readonly Target[], all: boolean) {
    this.targets = targets;
    this.all = all;
    this.outcome = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    for (const target of targets) {
      target.turnstile.waiting++;
      const onClose = () => this.end({ error: new ClosedError(`the ${describe(target)} was closed while a wait for it was pending`, target.name) });
      target.owned.beginUse(onClose);
      this.#uses.push(onClose);
    }
  }

  get over(): boolean {
    return this.#state === 'over';
  }

  /** Hands it to wait threads. */
  start(): void {
    if (this.#state !== 'queued') return;
    this.#state = 'waiting';
    const size = this.all ? this.targets.length : watchesOfOneThread();
    try {
      for (let offset = 0; offset < this.targets.length; offset += size) this.#startPart(this.targets.slice(offset, offset + size), offset);
    } catch (error) {
      this.end({ error });
      if (this.#parts.size === 0) this.#finish();
    }
  }

  #startPart(targets: readonly Target[], offset: number): void {
    const keys = targets.map(({ turnstile }) => turnstile.key);
    const thread = this.all ? threadForAll(keys) : threadForAny(keys);
    const part: Part = { thread, id: ++ids, offset };
    this.#parts.add(part);
    const watches = targets.map(({ owned, turnstile, kind }) => ({ key: turnstile.key, handle: owned.value, owning: kind === 'mutex' }));
    thread.wait(part.id, watches, {
      won: (by, index, abandoned) => this.#verdict(part, () => this.#won({ index: offset + index, abandoned, by })),
      cancelled: () => this.#verdict(part),
      failed: failure => this.#verdict(part, () => this.#failed(failure)),
      lost: cause => this.#verdict(part, () => this.end({ error: new SyncError(`the wait thread has ended: ${cause.message}`, { errno: ERROR_INVALID_HANDLE }) })),
    });
  }

  /** It has been won by the calling thread, before it was handed to wait threads. */
  succeed(win: Win): void {
    if (this.#state !== 'queued') throw new Error(`a wait that is ${this.#state} cannot be won by the calling thread`);
    this.#win = win;
    this.#finish();
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

  #won(win: Win): void {
    if (this.#win === undefined) this.#win = win;
    else this.#giveBack(win);
    if (this.#state === 'waiting') this.#cancelParts();
  }

  /** Of two threads that each took an object for a wait on any, the later one's is returned. */
  #giveBack({ index, by }: Win): void {
    const target = this.targets[index];
    if (target === undefined) return;
    const { value } = target.owned;
    switch (target.kind) {
      case 'mutex':
        by?.release(target.turnstile.key, value);
        break;
      case 'semaphore':
        kernel.releaseSemaphore(value, 1);
        break;
      case 'event':
        kernel.setEvent(value);
        break;
      default: // the end of a process is not used up, and a timer's signal cannot be made again
    }
  }

  #failed(failure: Failure): void {
    const [first] = this.targets;
    if (first !== undefined) this.end({ error: systemError(failure, first) });
  }

  #verdict(part: Part, act?: () => void): void {
    this.#parts.delete(part);
    act?.();
    if (this.#parts.size === 0 && this.#state !== 'over') this.#finish();
  }

  #finish(): void {
    this.#state = 'over';
    this.targets.forEach(({ turnstile, owned }, index) => {
      turnstile.waiting--;
      const use = this.#uses[index];
      if (use !== undefined) owned.endUse(use);
    });
    if (this.#win !== undefined) this.#resolve(this.#win);
    else if (this.#ending === undefined) this.#resolve(undefined);
    else this.#reject(this.#ending.error);
  }
}
