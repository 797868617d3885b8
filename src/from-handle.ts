import { checkBoolean, checkInteger, rangeError, typeError, valueError } from './arguments.js';
import { KindMismatchError, systemError } from './errors.js';
import { Event } from './event.js';
import { kernel } from './kernel/select.js';
import { Mutex } from './mutex.js';
import { checkOptions, type OptionNames } from './options-bag.js';
import { OwnedHandle } from './owned-handle.js';
import { identityOfProcess, Process } from './process.js';
import { Semaphore } from './semaphore.js';
import { Timer } from './timer.js';
import type { ObjectInit, Waitable } from './waitable.js';

export interface FromHandleOptions {
  /**
   * `true`: the handle becomes this library's, which closes it. `false` (the default): it stays the other side's, which may close it at any time; this
   * library makes a handle of its own to the same object.
   */
  readonly adopt?: boolean | undefined;
  /** Whether child processes may inherit the handle that this library makes. `false` by default; without meaning for `adopt`. */
  readonly inheritable?: boolean | undefined;
}

const OPTIONS: OptionNames<FromHandleOptions> = { adopt: true, inheritable: true };

const KINDS = new Map<unknown, Waitable['kind']>([[Mutex, 'mutex'], [Semaphore, 'semaphore'], [Event, 'event'], [Timer, 'timer'], [Process, 'process']]);

/**
 * Makes an object from a handle that other code of this process has made, such as a native library.
 *
 * @param Kind - `Mutex`, `Semaphore`, `Event`, `Timer` or `Process`.
 * @param handle - A signed 32-bit number: the handle truncated to its low 32 bits. Pseudo-handles (-1, -2) are refused.
 * @example
 * ```ts
 * const done = fromHandle(Event, library.createCompletionEvent(), { adopt: true });
 * ```
 * @throws KindMismatchError (the handle refers to another kind), SyncError with `ERROR_INVALID_HANDLE` (to nothing), RangeError, TypeError.
 * @see {@link https://learn.microsoft.com/windows/win32/api/handleapi/nf-handleapi-duplicatehandle | DuplicateHandle}
 */
export function fromHandle<Object extends Waitable>(Kind: (new (init: ObjectInit) => Object) & { prototype: Waitable }, handle: number, options?: FromHandleOptions): Object {
  const kind = KINDS.get(Kind);
  if (kind === undefined) throw typeError('Kind', 'Mutex, Semaphore, Event, Timer or Process', Kind);
  checkInteger(handle, 'handle', -0x80000000, 0x7fffffff);
  if (handle >= -2 && handle <= 0) throw rangeError('handle', 'a handle, neither 0 nor a pseudo-handle', handle);
  const { adopt = false, inheritable = false } = checkOptions(options, OPTIONS);
  checkBoolean(adopt, 'adopt');
  checkBoolean(inheritable, 'inheritable');
  if (adopt && OwnedHandle.has(handle)) throw valueError(`handle must not belong to this library already, to be adopted; given: ${handle}`);

  const actual = kernel.kindOf(handle);
  if (actual === undefined) throw systemError(kernel.failure, { kind });
  if (actual !== kind) {
    throw new KindMismatchError(`the handle ${handle} refers to an object of kind ${actual}, not ${kind}`, {}, actual);
  }
  const own = adopt ? handle : kernel.duplicate(handle, inheritable);
  if (own === 0 || (adopt && !kernel.takeOver(own))) throw systemError(kernel.failure, { kind });
  return new Kind({ owned: new OwnedHandle(own), identity: kind === 'process' ? identityOfProcess(own) : undefined });
}
