import { illegalConstructor } from '../arguments.js';
import type { AsyncLock } from '../contract.js';
import { ASYNC_DISPOSE, DISPOSE } from '../dispose.js';
import { ClosedError, describe, NotOwnerError, type SyncError } from '../errors.js';
import type { ObjectKind } from '../kernel/kernel.js';
import { ERROR_NOT_OWNER } from '../kernel/status.js';
import { OwnedHandle } from '../owned-handle.js';
import { INSPECT, inspected, membersOf, type Inspect, type InspectOptions } from '../shown.js';
import { Hold, PermitHold } from './hold.js';
import type { Target } from './target.js';

/*
 * The states of a token:
 *
 * held       from the win on: its hold has its number
 * released   by release() or by disposal; a further release() throws, a further disposal does nothing
 * closed     its object was closed while it was held; a mutex has been given up with it: its hold has another number, though it was not released
 *
 * Made for each acquisition, so: no members with `#`, each of which would cost more than the whole object does.
 */

/** No hold has this number. */
const RELEASED = -1;

/** What `JSON.stringify` gives of a lock. */
export interface LockInJson {
  readonly kind: ObjectKind;
  readonly name: string | undefined;
  readonly held: boolean;
  readonly abandoned: boolean;
}

/** What an asynchronous wait has taken, and its holder gives back. It belongs to the code that holds it, not to a thread. */
export abstract class Token implements AsyncLock, Disposable {
  /** Whether the last owner ended without releasing the mutex: what it protects may be half-changed. Always `false` for a permit. */
  readonly abandoned: boolean;
  protected readonly hold: Hold;
  /** Of its hold; `RELEASED` from its release on. */
  private number: number;

  /** @internal Tokens come from waits. */
  constructor(hold: Hold, abandoned: boolean) {
    this.hold = hold;
    this.abandoned = abandoned;
    try {
      this.number = hold.begin(abandoned);
    } catch (error) {
      throw refusal(error, hold, new.target.name);
    }
  }

  /** Whether it has not been released yet. */
  get held(): boolean {
    return this.hold.number === this.number;
  }

  /**
   * Gives back what was taken. It is done when this returns.
   *
   * @throws NotOwnerError if it was released already; ClosedError if its object was closed meanwhile; SyncError if it was lost, because the thread that owned it for
   * this one has ended. RangeError at the end of the stack: it is held for as long as `held` says so, and can be released again.
   */
  release(): void {
    if (!this.held) throw this.notHeld();
    const error = this.hold.end();
    // Not before: at the end of the stack it may throw a RangeError, and is then to be called again.
    this.number = RELEASED;
    if (error !== undefined) throw error;
  }

  [DISPOSE](): void {
    if (this.held) this.release();
  }

  [ASYNC_DISPOSE](): Promise<void> {
    this[DISPOSE]();
    return Promise.resolve();
  }

  /** What `JSON.stringify` gives: what it is a hold of, and whether it still is. */
  toJSON(): LockInJson {
    return membersOf(this, () => {
      const { kind, name } = this.hold.target;
      return { kind, name, held: this.held, abandoned: this.abandoned };
    });
  }

  /** @internal */
  [INSPECT](depth: number, options: InspectOptions, inspect: Inspect): string {
    const shown = this.toJSON();
    return inspected(this, shown.kind === 'mutex' ? 'MutexLock' : 'Permit', shown, depth, options, inspect);
  }

  private notHeld(): SyncError {
    const { target } = this.hold;
    const object = describe(target);
    return this.number === RELEASED || target.owned.open ?
      new NotOwnerError(`this hold of the ${object} has been released already`, { errno: ERROR_NOT_OWNER, objectName: target.name }) :
      new ClosedError(`the ${object} was closed while this was held`, target.name);
  }
}

/** What to throw of what was thrown: the library may not have made the hold. Asked only then, so that tokens cost no check. */
function refusal(error: unknown, hold: Partial<Hold> | null | undefined, className: string): unknown {
  const isWhole = hold instanceof Hold && (hold.target as Partial<Target> | null | undefined)?.owned instanceof OwnedHandle;
  return isWhole ? error : illegalConstructor(className, 'acquire, tryAcquire and the asynchronous waits give it');
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
export class MutexLock extends Token {
  /** For the compiler alone, to which a permit is to be no lock. */
  protected declare readonly of: 'mutex';
}

/** A permit of a semaphore, to be given back once; or to be consumed, and dropped: whoever makes new ones calls `Semaphore.release`. */
export class Permit extends Token {
  /** Likewise. */
  protected declare readonly of: 'semaphore';
  protected declare readonly hold: PermitHold;

  /** @internal */
  constructor(target: Target) {
    super(new PermitHold(target), false);
  }

  override get held(): boolean {
    return super.held && this.hold.isValid;
  }
}

export type Lock = MutexLock | Permit;
