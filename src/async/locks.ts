import { ClosedError, describe, NotOwnerError, systemError, SyncError } from '../errors.js';
import { kernel } from '../kernel/select.js';
import { ERROR_NOT_OWNER } from '../kernel/status.js';
import { HandleUse } from '../owned-handle.js';
import { coarseNow } from './coarse-clock.js';
import { endHold } from './diagnostics.js';
import type { Target } from './target.js';
import type { WaitThread } from './wait-thread.js';

/*
 * The states of a token:
 *
 * held       from the win on
 * released   by release() or by disposal; a further release() throws, a further disposal does nothing
 * closed     its object was closed while it was held; a mutex has been given up with it
 */
type State = 'held' | 'released' | 'closed';

/*
 * Made for each acquisition, so: no members with `#`, each of which would cost more than the whole object does.
 */

/** What an asynchronous wait has taken, and its holder gives back. It belongs to the code that holds it, not to a thread. */
export abstract class Token extends HandleUse implements Disposable, AsyncDisposable {
  /** @internal */
  readonly target: Target;
  /** @internal As `performance.now()` counts. */
  readonly since = coarseNow();
  /** Whether the last owner ended without releasing the mutex: what it protects may be half-changed. Always `false` for a permit. */
  readonly abandoned: boolean;
  private state: State = 'held';

  /** @internal Tokens come from waits. */
  constructor(target: Target, abandoned: boolean) {
    super();
    this.target = target;
    this.abandoned = abandoned;
    target.owned.beginUse(this);
  }

  /** Whether it has not been released yet. */
  get held(): boolean {
    return this.state === 'held';
  }

  /**
   * Gives back what was taken. It is done when this returns.
   *
   * @throws NotOwnerError if it was released already; ClosedError if its object was closed meanwhile; SyncError if it was lost, because the thread that owned it for
   * this one has ended.
   */
  release(): void {
    if (this.state !== 'held') throw this.notHeld();
    const error = this.end('released');
    if (error !== undefined) throw error;
  }

  [Symbol.dispose](): void {
    if (this.held) this.release();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this[Symbol.dispose]();
    return Promise.resolve();
  }

  /** Tells the kernel; gives what went wrong. */
  protected abstract giveBack(): SyncError | undefined;

  /** When the object is closed under the token; by then nobody wants to know more than that it is gone. */
  protected abstract giveUp(): SyncError | undefined;

  /** @internal */
  handleClosed(): void {
    if (this.held) this.end('closed');
  }

  private end(state: Exclude<State, 'held'>): SyncError | undefined {
    this.state = state;
    endHold(this);
    const error = state === 'released' ? this.giveBack() : this.giveUp();
    this.target.owned.endUse(this);
    return error;
  }

  private notHeld(): SyncError {
    const object = describe(this.target);
    return this.state === 'closed' ?
      new ClosedError(`the ${object} was closed while this was held`, this.target.name) :
      new NotOwnerError(`this hold of the ${object} has been released already`, { errno: ERROR_NOT_OWNER, objectName: this.target.name });
  }
}

/** Tokens of mutexes so far; it comes round, long after the first ones. */
let numbers = 0;

/**
 * Ownership of a mutex by the code that holds this token, across every `await`.
 *
 * @example
 * ```ts
 * using lock = await mutex.acquire();
 * await fs.promises.writeFile(file, text); // still ours
 * ```
 */
export class MutexLock extends Token {
  private readonly number = (numbers = numbers % 0x3fffffff + 1);
  private readonly by: WaitThread | undefined;
  private readonly onEnd: (() => void) | undefined;

  /**
   * @internal
   * @param by - The wait thread that owns the mutex for this thread; `undefined` if this thread does.
   */
  constructor(target: Target, abandoned: boolean, by?: WaitThread, onEnd?: () => void) {
    super(target, abandoned);
    this.by = by;
    this.onEnd = onEnd;
    target.turnstile.owner = this.number;
  }

  protected override giveBack(): SyncError | undefined {
    const { turnstile } = this.target;
    const error = this.by === undefined ? this.releaseHere() : this.haveReleased(this.by);
    // Only now may others of this thread ask the kernel: it would let this thread in again.
    if (turnstile.owner === this.number) turnstile.owner = 0;
    this.onEnd?.();
    return error;
  }

  private releaseHere(): SyncError | undefined {
    const { mutex, owned } = this.target;
    return mutex?.release() === true || kernel.releaseMutex(owned.value) ? undefined : systemError(kernel.failure, this.target);
  }

  private haveReleased(by: WaitThread): SyncError | undefined {
    const { owned, turnstile } = this.target;
    if (by.ended) {
      return new SyncError(`the lock on the ${describe(this.target)} is lost: the thread that owned it for this one has ended`, { errno: ERROR_NOT_OWNER, objectName: this.target.name });
    }
    const failure = by.release(turnstile.key, owned.value);
    return failure && systemError(failure, this.target);
  }

  protected override giveUp(): SyncError | undefined {
    return this.giveBack();
  }
}

/** A permit of a semaphore, to be given back once. */
export class Permit extends Token {
  protected override giveBack(): SyncError | undefined {
    return kernel.releaseSemaphore(this.target.owned.value, 1) < 0 ? systemError(kernel.failure, this.target) : undefined;
  }

  /** A semaphore knows no owner: what was taken stays taken, as it does with a consumer that never gives back. */
  protected override giveUp(): undefined {
    return undefined;
  }
}

export type Lock = MutexLock | Permit;
