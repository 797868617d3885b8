import { checkBoolean, checkInteger, rangeError, typeError } from '../arguments.js';
import { systemError } from '../errors.js';
import { fromHandle } from '../from-handle.js';
import { kernel, processes } from '../kernel/select.js';
import { ERROR_ACCESS_DENIED } from '../kernel/status.js';
import { checkOptions, type OptionNames } from '../options-bag.js';
import { checkAccess, type AccessRight } from '../options.js';
import { Process } from '../process.js';
import { Waitable, type ObjectInit } from '../waitable.js';
import { checkProcess } from './process-argument.js';
import { SharedMemory } from '../memory/shared-memory.js';

export interface DuplicateOptions {
  /** The rights of the new handle, out of those that the old one has. By default all of them. Not for a `Process` or `SharedMemory`. */
  readonly access?: readonly AccessRight[] | undefined;
  /** Whether children of the process that gets it may inherit it. `false` by default. */
  readonly inheritable?: boolean | undefined;
}

const TO_OPTIONS: OptionNames<DuplicateOptions> = { access: true, inheritable: true };
const FROM_OPTIONS: OptionNames<Pick<DuplicateOptions, 'inheritable'>> = { inheritable: true };

/**
 * Puts a handle to the object into another process, of either bitness.
 *
 * That process closes it; if it is never told of it, the handle stays open until it ends. On Linux the other process must have opened some object of this library before, by
 * its own user; the handle is then its main thread's.
 *
 * @param process - A `Process`, or the id of one that is sure to live: an id may be another process's by now.
 * @param object - What the handle is to refer to.
 * @returns The value of the handle there: a signed 32-bit number. A 32-bit process takes it through `toHandle32`.
 * @example
 * ```ts
 * const handle = duplicateTo(worker, mutex);
 * channel.send({ mutex: toHandle32(handle) });
 * ```
 * @throws AccessDeniedError (this user may not, or the old handle lacks the rights); SyncError with `ERROR_INVALID_PARAMETER` (there is no such process); UnsupportedPlatformError (on Linux: a
 * `Process`, or a process that does not take part); ClosedError, RangeError, TypeError.
 * @see {@link https://learn.microsoft.com/windows/win32/api/handleapi/nf-handleapi-duplicatehandle | DuplicateHandle}
 */
export function duplicateTo(process: Process | number, object: Waitable | SharedMemory, options?: DuplicateOptions): number {
  const { access, inheritable = false } = checkOptions(options, TO_OPTIONS);
  checkBoolean(inheritable, 'inheritable');
  const { kind, handle } = checkObject(object);
  if (access !== undefined && (kind === 'process' || kind === 'section')) throw typeError('access', 'absent for a Process or SharedMemory', access);
  const mask = access === undefined || kind === 'process' || kind === 'section' ? undefined : checkAccess(kind, access);
  if (mask !== undefined) refuseMoreThan(processes.inspect(handle)?.access ?? mask, mask, object);
  const duplicate = processes.duplicateTo(checkProcess(process), handle, mask, inheritable);
  if (duplicate === 0) throw systemError(processes.failure, object);
  return duplicate;
}

/**
 * Makes an object of a handle that another process has: of another handle to the same object, with the same rights.
 *
 * @param Kind - `Mutex`, `Semaphore`, `Event`, `Timer` or `Process`.
 * @param process - As for `duplicateTo`.
 * @param handle - Its value there: a signed 32-bit number; through `fromHandle32`, if a 32-bit process gave it.
 * @example
 * ```ts
 * using done = duplicateFrom(Event, worker, fromHandle32(message.done));
 * await done.wait();
 * ```
 * @throws SyncError with `ERROR_INVALID_HANDLE` (it means nothing there); KindMismatchError (it refers to another kind); and as `duplicateTo`.
 * @see {@link https://learn.microsoft.com/windows/win32/api/handleapi/nf-handleapi-duplicatehandle | DuplicateHandle}
 */
export function duplicateFrom<Object extends Waitable>(
  Kind: (new (init: ObjectInit) => Object) & { prototype: Waitable }, process: Process | number, handle: number, options?: Pick<DuplicateOptions, 'inheritable'>,
): Object {
  const { inheritable = false } = checkOptions(options, FROM_OPTIONS);
  checkBoolean(inheritable, 'inheritable');
  checkInteger(handle, 'handle', -0x80000000, 0x7fffffff);
  if (handle === 0) throw rangeError('handle', 'a handle, not 0', handle);
  if (typeof Kind !== 'function' || !(Kind.prototype instanceof Waitable)) throw typeError('Kind', 'Mutex, Semaphore, Event, Timer or Process', Kind);
  const duplicate = processes.duplicateFrom(checkProcess(process), handle, inheritable);
  if (duplicate === 0) throw systemError(processes.failure, { kind: Kind === (Process as unknown) ? 'process' : 'event' });
  try {
    return fromHandle(Kind, duplicate, { adopt: true });
  } catch (error) {
    kernel.close(duplicate);
    throw error;
  }
}

/** Windows gives them, where the object's security lets this user have them; then a handle with few rights would be no way to give few. */
function refuseMoreThan(had: number, asked: number, object: Waitable | SharedMemory): void {
  if ((asked & ~had) !== 0) throw systemError({ errno: ERROR_ACCESS_DENIED, syscall: 'DuplicateHandle', reason: 'the handle itself has not all of the rights in access' }, object);
}

export function checkObject(object: unknown, argument = 'object'): { readonly kind: Waitable['kind']; readonly handle: number } {
  if (object instanceof SharedMemory) return { kind: 'section', handle: object.handle };
  if (object instanceof Waitable) return object;
  throw typeError(argument, 'a Mutex, Semaphore, Event, Timer, Process or SharedMemory', object);
}
