import { checkBoolean, checkTimeout, typeError } from './arguments.js';
import { waitAsync } from './async/wait-async.js';
import { runHolding } from './async/flow.js';
import type { AsyncMutex, WaitOptions } from './contract.js';
import { MutexLock } from './async/locks.js';
import { tryTakeMutex, type Outcome } from './async/try-take.js';
import type { Target } from './async/target.js';
import { ownedHere } from './async/object-state.js';
import { DISPOSE } from './dispose.js';
import { closedError, describe, systemError, TimeoutError } from './errors.js';
import { kernel } from './kernel/select.js';
import { canonicalName } from './names.js';
import { checkOptions, type OptionNames } from './options-bag.js';
import { checkObjectOptions, OBJECT_OPTIONS, type ObjectOptions, type OpenOptions } from './options.js';
import { membersOf } from './shown.js';
import { claimedByTokens, deadlock, noteRelease, noteReleased, noteTaken, ownedByToken, refuseReleaseForToken } from './sync-ownership.js';
import { checkOptionalName, created, opened, targetOf, type ObjectInJson, TIMED_OUT, tryOpened, Waitable, waitBlocking, type WaitResult } from './waitable.js';

export interface MutexOptions extends ObjectOptions {
  /** Whether the calling thread owns the mutex at once. Without effect if the mutex existed: look at `createdNew`. `false` by default. */
  readonly initiallyOwned?: boolean | undefined;
  /**
   * Whether an owner that ends without a release is remembered even when nobody else has the mutex open: the next one who takes it, hours later, is told `'abandoned'`. `false` by default.
   *
   * It is remembered for this user: on Linux until the machine's next start, on Windows beyond that (names in `Local\` until the user signs out). All who take the mutex have to say `remember`: a take
   * by another handle neither tells nor counts. When in doubt the next one is told `'abandoned'`. It costs the making and the removal of a small file for each take and its release.
   */
  readonly remember?: boolean | undefined;
}

const MUTEX_OPTIONS: OptionNames<MutexOptions> = { ...OBJECT_OPTIONS, initiallyOwned: true, remember: true };

/**
 * A lock that at most one owner has, shared by name between processes.
 *
 * Asynchronously, its owner is the code that holds the `MutexLock` which `acquire` gives. Synchronously, it is the thread that waited: it may take the mutex again and has to
 * release it as often. When an owner ends, by any means, the mutex passes to exactly one next waiter, which learns that it was abandoned.
 *
 * @example
 * ```ts
 * using mutex = Mutex.create('my-app database');
 * {
 *   using lock = await mutex.acquire({ timeout: 5000 });
 *   await migrate(); // alone, among all processes
 * }
 * ```
 * @example
 * ```ts
 * if (mutex.waitSync(1000).status === 'timeout') throw new Error('busy');
 * try {
 *   // alone, among all processes
 * } finally {
 *   mutex.release();
 * }
 * ```
 * @see {@link https://learn.microsoft.com/windows/win32/sync/mutex-objects}
 */
export class Mutex extends Waitable implements AsyncMutex<MutexLock> {
  readonly kind = 'mutex';

  /**
   * Creates a mutex, or opens the one that has this name already.
   *
   * @param name - Unnamed if `undefined`. No prefix means `Local\`: this user session; `Global\` is the whole machine.
   * @throws InvalidNameError, KindMismatchError (the name belongs to another kind), AccessDeniedError.
   * @see {@link https://learn.microsoft.com/windows/win32/api/synchapi/nf-synchapi-createmutexexw | CreateMutexExW}
   */
  static create(name?: string, options?: MutexOptions): Mutex {
    const checked = checkOptionalName(name);
    const given = checkOptions(options, MUTEX_OPTIONS);
    const { initiallyOwned = false } = given;
    checkBoolean(initiallyOwned, 'initiallyOwned');
    const mark = checkRemember(given.remember, checked, given);
    const mutex = new Mutex(created(kernel.createMutex(checked, initiallyOwned, checkObjectOptions('mutex', given)), 'mutex', checked));
    if (mark !== undefined) targetOf(mutex).mark = mark;
    return mutex;
  }

  /**
   * Opens the mutex of this name.
   *
   * @throws NotFoundError (there is none), InvalidNameError, KindMismatchError, AccessDeniedError.
   * @see {@link https://learn.microsoft.com/windows/win32/api/synchapi/nf-synchapi-openmutexw | OpenMutexW}
   */
  static open(name: string, options?: OpenOptions): Mutex {
    return new Mutex(opened('mutex', name, options));
  }

  /** As `open`, but gives `undefined` when there is none. */
  static tryOpen(name: string, options?: OpenOptions): Mutex | undefined {
    const init = tryOpened('mutex', name, options);
    return init && new Mutex(init);
  }

  /**
   * Waits until the calling thread owns the mutex, and blocks it meanwhile.
   *
   * @param timeout - In ms: 0 and less only try; `undefined` and `Infinity` wait for ever; at most 4,294,967,294 (49.7 days). Fractions are rounded up.
   * @throws DeadlockError if asynchronous code of this thread holds the mutex, or waits for it and does so first: blocked, the thread could never let it go.
   * With timeout 0 that is a `'timeout'`. ClosedError, AccessDeniedError, RangeError, TypeError.
   * @see {@link https://learn.microsoft.com/windows/win32/api/synchapi/nf-synchapi-waitforsingleobject | WaitForSingleObject}
   */
  override waitSync(timeout?: number): WaitResult {
    const checked = checkTimeout(timeout);
    if (ownedByToken(this)) {
      if (checked !== 0) throw deadlock(this);
      return TIMED_OUT;
    }
    const claimed = checked !== 0 && claimedByTokens(this);
    const result = waitBlocking(this, claimed ? 0 : checked);
    if (result.status !== 'timeout') return noteTaken(this) ? { ...result, status: 'abandoned' } : result;
    if (claimed) throw deadlock(this);
    return result;
  }

  /**
   * Gives up what one successful synchronous wait of this thread took.
   *
   * @throws NotOwnerError if this thread does not own the mutex, or owns it through a `MutexLock`; nothing changes then.
   * @see {@link https://learn.microsoft.com/windows/win32/api/synchapi/nf-synchapi-releasemutex | ReleaseMutex}
   */
  release(): void {
    const { handle } = this;
    refuseReleaseForToken(this);
    noteRelease(this);
    if (!kernel.releaseMutex(handle)) throw systemError(kernel.failure, this);
    noteReleased(this);
  }

  /**
   * Waits until the caller owns the mutex, without blocking: the event loop goes on.
   *
   * Ownership is a token, and belongs to the code that holds it, across every `await`. It excludes other processes, other threads, and other asynchronous code of this thread, first come,
   * first served.
   *
   * @example
   * ```ts
   * using lock = await mutex.acquire({ timeout: 5000 });
   * if (lock.abandoned) await repair();
   * ```
   * @throws (rejects with) TimeoutError; the reason of an aborted signal; DeadlockError within `runExclusive` on the same mutex; ClosedError, AccessDeniedError, RangeError, TypeError.
   */
  acquire(options?: WaitOptions): Promise<MutexLock> {
    return this.closed ? Promise.reject(closedError(this)) : waitAsync(targetOf(this).alone, false, options, lockOf);
  }

  /** Takes the mutex if it is free, and nobody in this thread waits for it. */
  tryAcquire(): MutexLock | undefined {
    if (this.closed) throw closedError(this);
    return tryTakeMutex(targetOf(this));
  }

  /**
   * Runs a function while holding the mutex, and releases it when the function's promise has settled.
   *
   * @example
   * ```ts
   * await mutex.runExclusive(async lock => {
   *   if (lock.abandoned) await repair();
   *   await write();
   * });
   * ```
   * @returns What the function gives.
   * @throws (rejects with) what the function throws, and what `acquire` does.
   */
  async runExclusive<Result>(run: (lock: MutexLock) => Result | PromiseLike<Result>, options?: WaitOptions): Promise<Result> {
    if (typeof run !== 'function') throw typeError('run', 'a function', run);
    const lock = await this.acquire(options);
    let result: Awaited<Result>;
    try {
      result = await runHolding(targetOf(this).objectState, lock, () => run(lock));
    } catch (error) {
      try {
        lock[DISPOSE]();
      } catch {
        // What the function threw is what its caller has to know.
      }
      throw error;
    }
    lock[DISPOSE]();
    return result;
  }

  /** With `held`: whether this thread, or asynchronous code of it, owns the mutex. */
  override toJSON(): ObjectInJson & { readonly held: boolean } {
    return membersOf(this, () => ({ ...super.toJSON(), held: !this.closed && ownedHere(targetOf(this).objectState) }));
  }
}

/** Gives the name under which an unclean end is remembered. */
function checkRemember(remember: unknown = false, name: string | undefined, { initiallyOwned, security = 'user' }: MutexOptions): string | undefined {
  if (!checkBoolean(remember, 'remember')) return undefined;
  if (name === undefined) throw typeError('remember', 'absent or false for a mutex without a name', remember);
  // The wait tells of the unclean end; a create has nothing to tell it by.
  if (initiallyOwned === true) throw typeError('remember', 'absent or false where initiallyOwned is true: take the mutex by waitSync or acquire, which tell whether it was abandoned', remember);
  if (security !== 'user') throw typeError('remember', "absent or false unless security is 'user': what is remembered is this user's", remember);
  return canonicalName(name, kernel.namespacesAreOne);
}

function lockOf({ locks: [lock] }: Outcome, [target]: readonly Target[]): MutexLock {
  if (lock instanceof MutexLock) return lock;
  throw new TimeoutError(`the ${target === undefined ? 'mutex' : describe(target)} was not free in time`, target?.name);
}
