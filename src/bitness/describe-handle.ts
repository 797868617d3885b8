import { checkInteger } from '../arguments.js';
import { systemError } from '../errors.js';
import { processes } from '../kernel/select.js';
import { accessRights, type AccessRight } from '../options.js';

/** What a handle of this process is. */
export interface HandleDescription {
  /** A kind of this library (`'mutex'`, `'section'` …), or the system's own word for another. */
  readonly kind: string;
  /** The rights that it carries, by name; for mutexes, semaphores, events and timers. */
  readonly rights: readonly AccessRight[];
  /** All of the rights, as Win32's access mask. */
  readonly accessMask: number;
  /** Whether child processes may inherit it. */
  readonly inheritable: boolean;
}

/**
 * Reads back what a handle of this process refers to, and what may be done with it.
 *
 * @param handle - A signed 32-bit number.
 * @example
 * ```ts
 * describeHandle(event.handle); // { kind: 'event', rights: ['synchronize', 'modifyState'], accessMask: 1048578, inheritable: false }
 * ```
 * @throws SyncError with `ERROR_INVALID_HANDLE` (it refers to nothing); RangeError, TypeError.
 * @see {@link https://learn.microsoft.com/windows/win32/api/winternl/nf-winternl-ntqueryobject | NtQueryObject}
 * @see {@link https://learn.microsoft.com/windows/win32/api/handleapi/nf-handleapi-gethandleinformation | GetHandleInformation}
 */
export function describeHandle(handle: number): HandleDescription {
  checkInteger(handle, 'handle', -0x80000000, 0x7fffffff);
  const information = processes.inspect(handle);
  if (information === undefined) throw systemError(processes.failure, { kind: 'handle', value: handle });
  const { kind, access, inheritable } = information;
  return { kind, rights: accessRights(kind, access), accessMask: access, inheritable };
}
