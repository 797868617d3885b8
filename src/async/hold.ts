import { emitWarning } from 'node:process';
import { describe, lockLost, systemError, type SyncError } from '../errors.js';
import type { Failure, Handle, KernelMutex, ObjectKind } from '../kernel/kernel.js';
import { kernel } from '../kernel/select.js';
import { HandleUse, type OwnedHandle } from '../owned-handle.js';
import { registry, type ObjectState } from '../registry.js';
import { unmarkOwned } from '../unclean-ends.js';
import { coarseNow } from './coarse-clock.js';
import { endHold, type DiagnosedHold } from './diagnostics.js';
import type { PermitBook } from './permit-book.js';

/** An object that can be held, as its holds see it: a `Target`. */
interface Holdable {
  readonly kind: ObjectKind;
  readonly name: string | undefined;
  readonly owned: OwnedHandle;
  readonly objectState: ObjectState;
  /** The mutex itself, where the kernel has a quicker way to it than the handle. */
  readonly mutex: KernelMutex | undefined;
  /** Of a mutex: the hold that most locks on it are, one after the other; see `MutexHold.for`. */
  readonly hold: MutexHold;
  /** The name under which an unclean end is remembered: see `unclean-ends.ts`. */
  readonly mark: string | undefined;
  /** Of a semaphore. */
  readonly permits: PermitBook | undefined;
}

/** The wait thread that owns a mutex for this thread. */
interface OwningThread {
  /** With the thread its mutexes were lost. */
  readonly ended: boolean;
  /** Releases the mutex; gives what went wrong. */
  release(key: number, handle: Handle): Failure | undefined;
}

const LAST_NUMBER = 0x20000000;

/** For the next token. Numbers come round, long after the first ones. */
function nextNumber(): number {
  const shared = registry;
  return shared.tokens = shared.tokens % LAST_NUMBER + 1;
}

/**
 * What code of this thread holds of an object, as a use of the object's handle. Its holder has a token, which says by a number which hold it stands for. So one record serves one hold after the other, and
 * what is made for each is the token alone, to which nothing that is old points: the collector would have to be told of each such pointer, which costs more than the rest of a token.
 *
 * | number     | state              | left by |
 * |------------|--------------------|---------|
 * | 0          | nobody holds it    | `begin` |
 * | a token's  | that token holds it | `end`, at its release, or `handleClosed`: 0 |
 *
 * What an uncontended lock runs is short, here and below: V8 puts no more than 920 bytes of code into one caller, and calls the rest. What is seldom needed is in functions of its own.
 */
export abstract class Hold extends HandleUse implements DiagnosedHold {
  readonly target: Holdable;
  number = 0;
  abandoned = false;
  /** As `milliseconds()` counts. */
  since = 0;

  constructor(target: Holdable) {
    super();
    this.target = target;
  }

  /** Gives the number for the token. */
  begin(abandoned: boolean): number {
    this.abandoned = abandoned;
    this.since = coarseNow();
    this.target.owned.beginUse(this);
    return this.number = nextNumber();
  }

  /**
   * Gives back what is held.
   *
   * @returns What went wrong.
   */
  end(): SyncError | undefined {
    const error = this.giveBack();
    this.number = 0;
    this.target.owned.endUse(this);
    // Last: who is told of it may close the object, or take it.
    endHold(this);
    return error;
  }

  override handleClosed(): void {
    this.giveUp();
    this.number = 0;
    this.target.owned.endUse(this);
    endHold(this);
  }

  /** Tells the kernel; gives what went wrong. */
  protected abstract giveBack(): SyncError | undefined;

  /** When the object is closed under the token; by then nobody wants to know more than that it is gone. */
  protected abstract giveUp(): void;
}

/** Ownership of a mutex. */
export class MutexHold extends Hold {
  private readonly by: OwningThread | undefined;
  private readonly onEnd: (() => void) | undefined;

  /**
   * @param by - The wait thread that owns the mutex for this thread; `undefined` if this thread does.
   * @param onEnd - Called when others of this thread may ask for it.
   */
  constructor(target: Holdable, by?: OwningThread, onEnd?: () => void) {
    super(target);
    this.by = by;
    this.onEnd = onEnd;
  }

  /**
   * The record for the next lock. The target's own, unless there is more to it: a lock is lost with the wait thread that owned it, and may not have been released yet when the next one is won; what
   * this thread owns it cannot lose, and owns once.
   */
  static for(target: Holdable, by: OwningThread | undefined, onEnd: (() => void) | undefined): MutexHold {
    return by === undefined && onEnd === undefined ? target.hold : new MutexHold(target, by, onEnd);
  }

  override begin(abandoned: boolean): number {
    // Not by `super.begin`, which would be longer.
    const { target } = this;
    this.abandoned = abandoned;
    this.since = coarseNow();
    target.owned.beginUse(this);
    return this.number = target.objectState.owner = nextNumber();
  }

  protected override giveBack(): SyncError | undefined {
    const { mutex, objectState, mark } = this.target;
    if (mark !== undefined) this.unmark(mark);
    const error = mutex !== undefined && this.by === undefined && mutex.release() ? undefined : this.releaseByHandle();
    // Only now may others of this thread ask the kernel: it would let this thread in again.
    if (objectState.owner === this.number) objectState.owner = 0;
    this.onEnd?.();
    return error;
  }

  private unmark(mark: string): void {
    if (this.by?.ended !== true) unmarkOwned(mark);
  }

  private releaseByHandle(): SyncError | undefined {
    const { owned, objectState } = this.target;
    if (this.by === undefined) return kernel.releaseMutex(owned.value) ? undefined : systemError(kernel.failure, this.target);
    if (this.by.ended) return lockLost(this.target);
    const failure = this.by.release(objectState.key, owned.value);
    // Of the system's own errors none is 0.
    return failure && (failure.errno === 0 ? lockLost(this.target, failure.syscall) : systemError(failure, this.target));
  }

  override handleClosed(): void {
    super.handleClosed();
    warnOnce(this.target);
  }

  protected override giveUp(): void {
    this.giveBack();
  }
}

let hasWarned = false;

/** Mostly it is a `using mutex` in the function that returns the lock: its caller believes to be alone, and is not. */
function warnOnce(target: Holdable): void {
  if (hasWarned) return;
  hasWarned = true;
  emitWarning(`the ${describe(target)} was closed while a lock on it was held, and the lock was given up with it: keep the mutex open for as long as its locks`, {
    type: 'WaitableWarning', code: 'WAITABLE_CLOSED_WHILE_HELD',
    detail: 'A function that returns a lock must not close the mutex, as `using mutex` does at its end. This warning comes once.',
  });
}

/** A permit of a semaphore. */
export class PermitHold extends Hold {
  /**
   * Whether it needs the handle of an object that has been closed already: it was won while the close ended its wait. Else it is no use of the handle, which would keep the record and the semaphore for as
   * long as the permit is not given back: for good, if it is consumed.
   */
  private isUse = false;

  override begin(abandoned: boolean): number {
    const { owned, permits } = this.target;
    this.isUse = !owned.open;
    if (this.isUse) return super.begin(abandoned);
    this.since = coarseNow();
    this.number = nextNumber();
    permits?.add(this);
    return this.number;
  }

  /** Whether the semaphore can still be given the permit back. */
  get isValid(): boolean {
    return this.isUse || this.target.owned.open;
  }

  override end(): SyncError | undefined {
    if (this.isUse) return super.end();
    const error = this.giveBack();
    this.number = 0;
    endHold(this);
    return error;
  }

  protected override giveBack(): SyncError | undefined {
    return kernel.releaseSemaphore(this.target.owned.value, 1) < 0 ? systemError(kernel.failure, this.target) : undefined;
  }

  protected override giveUp(): void {
    // A semaphore knows no owner: what was taken stays taken, as it does with a consumer that never gives back.
  }
}
