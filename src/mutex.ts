import { checkBoolean, checkOptions } from './arguments.js';
import { systemError } from './errors.js';
import { kernel } from './kernel/select.js';
import { checkObjectOptions, type ObjectOptions, type OpenOptions } from './options.js';
import { checkOptionalName, created, opened, tryOpened, Waitable } from './waitable.js';

export interface MutexOptions extends ObjectOptions {
  /** Whether the calling thread owns the mutex at once. Without effect if the mutex existed: look at `createdNew`. `false` by default. */
  readonly initiallyOwned?: boolean;
}

/**
 * A lock that at most one thread owns, shared by name between processes.
 *
 * A thread that owns it may take it again and has to release it as often. When its owner ends, by any means, the mutex passes to exactly one next
 * waiter, whose wait says `'abandoned'`.
 *
 * @example
 * ```ts
 * using mutex = Mutex.create('my-app database');
 * if (mutex.waitSync(1000).status === 'timeout') throw new Error('busy');
 * try {
 *   // alone, among all processes
 * } finally {
 *   mutex.release();
 * }
 * ```
 * @see {@link https://learn.microsoft.com/windows/win32/sync/mutex-objects}
 */
export class Mutex extends Waitable {
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
    const { initiallyOwned = false } = checkOptions(options);
    checkBoolean(initiallyOwned, 'initiallyOwned');
    return new Mutex(created(kernel.createMutex(checked, initiallyOwned, checkObjectOptions('mutex', options)), 'mutex', checked));
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
    const origin = tryOpened('mutex', name, options);
    return origin && new Mutex(origin);
  }

  /**
   * Gives up what one successful wait of this thread took.
   *
   * @throws NotOwnerError if this thread does not own the mutex; nothing changes then.
   * @see {@link https://learn.microsoft.com/windows/win32/api/synchapi/nf-synchapi-releasemutex | ReleaseMutex}
   */
  release(): void {
    if (!kernel.releaseMutex(this.handle)) throw systemError(kernel.failure, this);
  }
}
