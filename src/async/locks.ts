import { ClosedError, describe, NotOwnerError, systemError, SyncError } from '../errors.js';
import { kernel } from '../kernel/select.js';
import { ERROR_NOT_OWNER } from '../kernel/status.js';
import type { HandleUser } from '../owned-handle.js';
import { beginHold, endHold } from './diagnostics.js';
import type { Target } from './target.js';
import type { Owner } from './turnstile.js';
import type { WaitThread } from './wait-thread.js';

/*
 * The states of a token:
 *
 * held       from the win on
 * released   by release() or by disposal; a further release() throws, a further disposal does nothing
 * closed     its object was closed while it was held; a mutex has been given up with it
 */
type State = 'held' | 'released' | 'closed';

/** What an asynchronous wait has taken, and its holder gives back. It belongs to the code that holds it, not to a thread. */
export abstract class Token implements Disposable, AsyncDisposable, HandleUser {
  /** @internal */
  readonly target: Target;
  /** @internal As `performance.now()` counts. */
  readonly since = performance.now();
  /** Whether the last owner ended without releasing the mutex: what it protects may be half-changed. Always `false` for a permit. */
  readonly abandoned: boolean;
  #state: State = 'held';

  /** @internal Tokens come from waits. */
  constructor(target: Target, abandoned: boolean) {
    this.target = target;
    this.abandoned = abandoned;
    target.owned.beginUse(this);
    beginHold(this);
  }

  /** Whether it has not been released yet. */
  get held(): boolean {
    return this.#state === 'held';
  }

  /**
   * Gives back what was taken. It is done when this returns.
   *
   * @throws NotOwnerError if it was released already; ClosedError if its object was closed meanwhile; SyncError if it was lost, because the thread that owned it for
   * this one has ended.
   */
  release(): void {
    if (this.#state === 'closed') throw new ClosedError(`the ${describe(this.target)} was closed while this was held`, this.target.name);
    if (this.#state === 'released') {
      throw new NotOwnerError(`this hold of the ${describe(this.target)} has been released already`, { errno: ERROR_NOT_OWNER, objectName: this.target.name });
    }
    this.#end('released');
  }

  [Symbol.dispose](): void {
    if (this.held) this.release();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this[Symbol.dispose]();
    return Promise.resolve();
  }

  /** Tells the kernel. */
  protected abstract giveBack(): void;

  /** When the object is closed under the token. */
  protected abstract giveUp(): void;

  /** @internal */
  handleClosed(): void {
    if (!this.held) return;
    this.#state = 'closed';
    endHold(this);
    this.giveUp();
    this.target.owned.endUse(this);
  }

  #end(state: State): void {
    this.#state = state;
    endHold(this);
    try {
      this.giveBack();
    } finally {
      this.target.owned.endUse(this);
    }
  }
}

/**
 * Ownership of a mutex by the code that holds this token, across every `await`.
 *
 * @example
 * ```ts
 * using lock = await mutex.acquire();
 * await fs.promises.writeFile(file, text); // still ours
 * ```
 */
export class MutexLock extends Token implements Owner {
  readonly #by: WaitThread | undefined;
  readonly #onEnd: (() => void) | undefined;

  /**
   * @internal
   * @param by - The wait thread that owns the mutex for this thread; `undefined` if this thread does.
   */
  constructor(target: Target, abandoned: boolean, by: WaitThread | undefined, onEnd: (() => void) | undefined) {
    super(target, abandoned);
    this.#by = by;
    this.#onEnd = onEnd;
    target.turnstile.owner = this;
  }

  protected override giveBack(): void {
    const { owned, turnstile } = this.target;
    const by = this.#by;
    try {
      if (by === undefined) {
        if (!kernel.releaseMutex(owned.value)) throw systemError(kernel.failure, this.target);
        return;
      }
      if (by.ended) {
        throw new SyncError(`the lock on the ${describe(this.target)} is lost: the thread that owned it for this one has ended`, { errno: ERROR_NOT_OWNER, objectName: this.target.name });
      }
      const failure = by.release(turnstile.key, owned.value);
      if (failure !== undefined) throw systemError(failure, this.target);
    } finally {
      // Only now may others of this thread ask the kernel: it would let this thread in again.
      if (turnstile.owner === this) turnstile.owner = undefined;
      this.#onEnd?.();
    }
  }

  protected override giveUp(): void {
    try {
      this.giveBack();
    } catch {
      // It is lost already; nobody asked for more than that it be gone.
    }
  }
}

/** A permit of a semaphore, to be given back once. */
export class Permit extends Token {
  protected override giveBack(): void {
    if (kernel.releaseSemaphore(this.target.owned.value, 1) < 0) throw systemError(kernel.failure, this.target);
  }

  /** A semaphore knows no owner: what was taken stays taken, as it does with a consumer that never gives back. */
  protected override giveUp(): void {
    // nothing to do
  }
}

export type Lock = MutexLock | Permit;
