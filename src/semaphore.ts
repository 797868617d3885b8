import { checkInteger } from './arguments.js';
import { waitAsync } from './async/wait-async.js';
import type { AsyncSemaphore, WaitOptions } from './contract.js';
import { Permit } from './async/locks.js';
import { tryTakePermit, type Outcome } from './async/try-take.js';
import type { Target } from './async/target.js';
import { closedError, describe, systemError, TimeoutError } from './errors.js';
import { kernel } from './kernel/select.js';
import { checkOptions, type OptionNames } from './options-bag.js';
import { checkObjectOptions, OBJECT_OPTIONS, type ObjectOptions, type OpenOptions } from './options.js';
import { checkOptionalName, created, opened, targetOf, tryOpened, Waitable } from './waitable.js';

const MAXIMUM_COUNT = 0x7fffffff;

export interface SemaphoreOptions extends ObjectOptions {
  /** From 0 to `maximumCount`. */
  readonly initialCount: number;
  /** From 1 to 2,147,483,647. */
  readonly maximumCount: number;
}

const SEMAPHORE_OPTIONS: OptionNames<SemaphoreOptions> = { ...OBJECT_OPTIONS, initialCount: true, maximumCount: true };

/**
 * A counter of permits, shared by name between processes: each successful wait takes one, each release gives some back.
 *
 * Nobody owns a permit: any thread may release, and a process that dies while it holds one does not give it back.
 *
 * @example
 * ```ts
 * using slots = Semaphore.create('my-app downloads', { initialCount: 4, maximumCount: 4 });
 * slots.waitSync();
 * try {
 *   // at most four at a time, among all processes
 * } finally {
 *   slots.release();
 * }
 * ```
 * @see {@link https://learn.microsoft.com/windows/win32/sync/semaphore-objects}
 */
export class Semaphore extends Waitable implements AsyncSemaphore<Permit> {
  readonly kind = 'semaphore';

  /**
   * Creates a semaphore, or opens the one that has this name already; its count and maximum then stand as they are.
   *
   * @throws RangeError, InvalidNameError, KindMismatchError (the name belongs to another kind), AccessDeniedError.
   * @see {@link https://learn.microsoft.com/windows/win32/api/synchapi/nf-synchapi-createsemaphoreexw | CreateSemaphoreExW}
   */
  static create(name: string | undefined, options: SemaphoreOptions): Semaphore {
    const checked = checkOptionalName(name);
    const given = checkOptions(options, SEMAPHORE_OPTIONS);
    const { initialCount, maximumCount } = given;
    const maximum = checkInteger(maximumCount, 'maximumCount', 1, MAXIMUM_COUNT);
    const initial = checkInteger(initialCount, 'initialCount', 0, maximum);
    return new Semaphore(created(kernel.createSemaphore(checked, initial, maximum, checkObjectOptions('semaphore', given)), 'semaphore', checked));
  }

  /**
   * Opens the semaphore of this name.
   *
   * @throws NotFoundError (there is none), InvalidNameError, KindMismatchError, AccessDeniedError.
   * @see {@link https://learn.microsoft.com/windows/win32/api/synchapi/nf-synchapi-opensemaphorew | OpenSemaphoreW}
   */
  static open(name: string, options?: OpenOptions): Semaphore {
    return new Semaphore(opened('semaphore', name, options));
  }

  /** As `open`, but gives `undefined` when there is none. */
  static tryOpen(name: string, options?: OpenOptions): Semaphore | undefined {
    const init = tryOpened('semaphore', name, options);
    return init && new Semaphore(init);
  }

  /**
   * Gives permits back.
   *
   * @param count - How many, from 1.
   * @returns The count before.
   * @throws LimitExceededError if the count would exceed the maximum; nothing changes then. RangeError, AccessDeniedError.
   * @see {@link https://learn.microsoft.com/windows/win32/api/synchapi/nf-synchapi-releasesemaphore | ReleaseSemaphore}
   */
  release(count = 1): number {
    const previous = kernel.releaseSemaphore(this.handle, checkInteger(count, 'count', 1, MAXIMUM_COUNT));
    if (previous < 0) throw systemError(kernel.failure, this);
    return previous;
  }

  /**
   * Waits until there is a permit, and takes it, without blocking: the event loop goes on. First come, first served among the asynchronous waits of this thread.
   *
   * @example
   * ```ts
   * using permit = await slots.acquire();
   * await download(url); // at most four at a time, among all processes
   * ```
   * @throws (rejects with) TimeoutError; the reason of an aborted signal; ClosedError, AccessDeniedError, RangeError, TypeError.
   */
  acquire(options?: WaitOptions): Promise<Permit> {
    return this.closed ? Promise.reject(closedError(this)) : waitAsync(targetOf(this).alone, false, options, permitOf);
  }

  /** Takes a permit if there is one, and nobody in this thread waits for it. */
  tryAcquire(): Permit | undefined {
    if (this.closed) throw closedError(this);
    return tryTakePermit(targetOf(this));
  }
}

function permitOf({ locks: [permit] }: Outcome, [target]: readonly Target[]): Permit {
  if (permit instanceof Permit) return permit;
  throw new TimeoutError(`the ${target === undefined ? 'semaphore' : describe(target)} had no permit in time`, target?.name);
}
