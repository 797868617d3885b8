import { valueError } from './arguments.js';
import type { Failure, ObjectKind } from './kernel/kernel.js';
import * as status from './kernel/status.js';

/** The names of Windows' header files for the numbers that callers meet; any other number is named after itself. */
const CODES = new Map<number, string>(Object.entries(status).filter(([name]) => name.startsWith('ERROR_') || name === 'WAIT_TIMEOUT').map(([name, errno]) => [errno, name]));

/** Codes of what Windows has no number for, or one that does not tell it from other things. Node's own have the same prefix. */
export const ERR_CLOSED = 'ERR_CLOSED';
export const ERR_KIND_MISMATCH = 'ERR_KIND_MISMATCH';
export const ERR_WAIT_THREAD_LOST = 'ERR_WAIT_THREAD_LOST';

interface SyncErrorDetails {
  readonly errno: number;
  /** By default the name of `errno`. */
  readonly code?: string | undefined;
  readonly syscall?: string | undefined;
  readonly objectName?: string | undefined;
  readonly cause?: unknown;
}

/** On the prototype of each class here: its name, by which other copies of the library know it. Once published it stays as it is. */
const BRAND = Symbol.for('waitable.error');

/** Names are literals, which a minifier leaves alone, and the same in every copy. */
function define(ErrorClass: { readonly prototype: SyncError }, name: string): void {
  Object.defineProperty(ErrorClass, 'name', { value: name, configurable: true });
  Object.defineProperty(ErrorClass.prototype, 'name', { value: name, writable: true, configurable: true });
  Object.defineProperty(ErrorClass.prototype, BRAND, { value: name });
}

/** The brand of a class itself, not of one that it inherits from: `undefined` of a class that a program has derived. */
function brandOf(prototype: object): unknown {
  return Object.hasOwn(prototype, BRAND) ? (prototype as { readonly [BRAND]: unknown })[BRAND] : undefined;
}

/**
 * What went wrong with a synchronization object. As with Node's system errors, `code` is the symbolic name to branch on.
 *
 * `instanceof` holds for the errors of all copies of this library that a program has loaded: nested versions, bundles, and realms of `node:vm`.
 *
 * Arguments of a wrong type or out of range are not among these: they throw `TypeError` and `RangeError`, before any system call.
 */
export class SyncError extends Error {
  /** Windows' name of the error, such as `'ERROR_FILE_NOT_FOUND'`; `'ERR_CLOSED'`, `'ERR_KIND_MISMATCH'` or `'ERR_WAIT_THREAD_LOST'` of what Windows has no name for. */
  readonly code: string;
  /** Windows' number of the error, such as 2; the same number on every platform. */
  readonly errno: number;
  /** The system function that failed, such as `'OpenMutexW'`; `undefined` when the library refused before it called the system. */
  readonly syscall: string | undefined;
  /** The name of the object concerned; `undefined` when it has none. */
  readonly objectName: string | undefined;

  static {
    define(this, 'SyncError');
  }

  constructor(message: string, { errno, code = CODES.get(errno) ?? `ERROR_${errno}`, syscall, objectName, cause }: SyncErrorDetails) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.errno = errno;
    this.syscall = syscall;
    this.objectName = objectName;
  }

  /** An instance, as always; or, of a class of this library, an instance of its twin in another copy. Classes that a program derives have no twins. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (Function.prototype[Symbol.hasInstance].call(this, value)) return true;
    const brand = brandOf(this.prototype);
    if (brand === undefined || typeof value !== 'object' || value === null) return false;
    for (let object: unknown = Object.getPrototypeOf(value); typeof object === 'object' && object !== null; object = Object.getPrototypeOf(object)) {
      if (brandOf(object) === brand) return true;
    }
    return false;
  }
}

/** No object of that name exists, or no process of that id. */
export class NotFoundError extends SyncError {
  static {
    define(this, 'NotFoundError');
  }
}

/** The object exists, but its security descriptor does not grant the rights asked for, or the handle does not carry the right needed. */
export class AccessDeniedError extends SyncError {
  static {
    define(this, 'AccessDeniedError');
  }
}

/** The name belongs to an object of another kind, or the handle refers to one. Its `code` is `'ERR_KIND_MISMATCH'`. */
export class KindMismatchError extends SyncError {
  /** The kind that it is: one of this library, the system's own word for another one, or `undefined` if that cannot be told. */
  readonly actualKind: string | undefined;

  static {
    define(this, 'KindMismatchError');
  }

  constructor(message: string, details: Pick<SyncErrorDetails, 'syscall' | 'objectName'>, actualKind: string | undefined) {
    super(message, { ...details, errno: status.ERROR_INVALID_HANDLE, code: ERR_KIND_MISMATCH });
    this.actualKind = actualKind;
  }
}

/** The name is not one that an object can have; see `safeName` for making one from any text. */
export class InvalidNameError extends SyncError {
  static {
    define(this, 'InvalidNameError');
  }

  constructor(message: string, name: string) {
    super(message, { errno: status.ERROR_INVALID_NAME, objectName: name });
  }
}

/** Only the thread that owns a mutex may release it. */
export class NotOwnerError extends SyncError {
  static {
    define(this, 'NotOwnerError');
  }
}

/** A release would have raised a semaphore above its maximum count. Its count is unchanged. */
export class LimitExceededError extends SyncError {
  static {
    define(this, 'LimitExceededError');
  }
}

/** The object has been closed. Its `code` is `'ERR_CLOSED'`. */
export class ClosedError extends SyncError {
  static {
    define(this, 'ClosedError');
  }

  constructor(message: string, objectName: string | undefined, cause?: Error) {
    super(message, { errno: status.ERROR_INVALID_HANDLE, code: ERR_CLOSED, objectName, cause });
  }
}

/** The time of `acquire` or `runExclusive` is up. Nothing was taken. */
export class TimeoutError extends SyncError {
  static {
    define(this, 'TimeoutError');
  }

  constructor(message: string, objectName: string | undefined) {
    super(message, { errno: status.WAIT_TIMEOUT, objectName });
  }
}

/** The section was made by a peer with another layout. Nothing was read or written. */
export class LayoutMismatchError extends SyncError {
  static {
    define(this, 'LayoutMismatchError');
  }
}

/** The wait could never have ended: what it waits for is held by its own thread, or by its own asynchronous flow. */
export class DeadlockError extends SyncError {
  static {
    define(this, 'DeadlockError');
  }
}

/** This platform, or this runtime, lacks what was asked for. */
export class UnsupportedPlatformError extends SyncError {
  static {
    define(this, 'UnsupportedPlatformError');
  }
}

/** What a failed call was about. */
interface Subject {
  readonly kind: ObjectKind | 'handle';
  readonly name?: string | undefined;
  /** Of a handle that may refer to anything, or to nothing. */
  readonly value?: number;
}

/** `mutex "x"`, or `unnamed mutex`, or `handle 4`. */
export function describe({ kind, name, value }: Subject): string {
  if (value !== undefined) return `${kind} ${value}`;
  return name === undefined ? `unnamed ${kind}` : `${kind} ${JSON.stringify(name)}`;
}

export function closedError(subject: Subject): ClosedError {
  return new ClosedError(`the ${describe(subject)} is closed`, subject.name);
}

/** A thread that was to wait for the caller has ended: it was out of memory, or something in it threw. */
export function waitThreadEnded(cause: Error): SyncError {
  return new SyncError(`the wait thread has ended: ${cause.message}`, { errno: status.ERROR_INVALID_HANDLE, code: ERR_WAIT_THREAD_LOST, cause });
}

/** With its thread a mutex is lost that it owned for the caller. */
export function lockLost(subject: Subject, why = 'the thread that owned it for this one has ended'): SyncError {
  return new SyncError(`the lock on the ${describe(subject)} is lost: ${why}`, { errno: status.ERROR_NOT_OWNER, code: ERR_WAIT_THREAD_LOST, objectName: subject.name });
}

/**
 * The error for a create or an open that failed: only there does `ERROR_INVALID_HANDLE` speak of the name, and not of a handle.
 *
 * @param actualKind - Of the object that has the name, if it is known.
 */
export function openingError(failure: Failure, subject: Subject, actualKind?: string): SyncError | TypeError {
  if (failure.argument !== undefined) return valueError(`${failure.argument.name} must be ${failure.argument.allowed}; ${failure.syscall} refused it with error ${failure.errno}`);
  if (failure.errno === status.ERROR_INVALID_HANDLE) {
    const owner = actualKind === undefined ? `an object of another kind than ${subject.kind}` : `an object of kind ${actualKind}, not ${subject.kind}`;
    return new KindMismatchError(`${failure.syscall}: the name ${JSON.stringify(subject.name)} belongs to ${owner}`, details(failure, subject), actualKind);
  }
  return systemError(failure, subject);
}

/** The error for any other call that failed. */
export function systemError(failure: Failure, subject: Subject): SyncError {
  const [ErrorClass, meaning] = classify(failure.errno);
  const reason = failure.reason ?? meaning;
  const code = CODES.get(failure.errno) ?? 'error';
  return new ErrorClass(`${failure.syscall} on ${describe(subject)}: ${reason} (${code}, ${failure.errno})`, details(failure, subject));
}

function details(failure: Failure, subject: Subject): SyncErrorDetails {
  return { errno: failure.errno, syscall: failure.syscall, objectName: subject.name };
}

type ErrorClass = new (message: string, details: SyncErrorDetails) => SyncError;

/** The one place where error numbers become outcomes. */
function classify(errno: number): [ErrorClass, string] {
  switch (errno) {
    case status.ERROR_FILE_NOT_FOUND:
    case status.ERROR_PATH_NOT_FOUND:
      return [NotFoundError, 'no such object'];
    case status.ERROR_ACCESS_DENIED:
      return [AccessDeniedError, 'access denied'];
    case status.ERROR_NOT_OWNER:
      return [NotOwnerError, 'the calling thread does not own it'];
    case status.ERROR_TOO_MANY_POSTS:
      return [LimitExceededError, 'the count would exceed the maximum'];
    case status.ERROR_NOT_SUPPORTED:
      return [UnsupportedPlatformError, 'not supported here'];
    case status.ERROR_INVALID_HANDLE:
      return [SyncError, 'the handle refers to nothing, or to an object that cannot do this'];
    case status.ERROR_BAD_EXE_FORMAT:
    case status.ERROR_EXE_MACHINE_TYPE_MISMATCH:
      return [SyncError, 'it is no program that this system can run'];
    case status.ERROR_DIRECTORY:
      return [SyncError, 'the directory does not exist'];
    case status.ERROR_ELEVATION_REQUIRED:
      return [AccessDeniedError, 'it asks for more rights than this process has'];
    case status.ERROR_CANCELLED:
      return [SyncError, 'the user has declined'];
    case status.ERROR_ACCESS_DISABLED_BY_POLICY:
    case status.ERROR_SYSTEM_INTEGRITY_POLICY_VIOLATION:
      return [AccessDeniedError, 'a policy of this system forbids it'];
    case status.ERROR_VIRUS_INFECTED:
      return [AccessDeniedError, 'the virus scanner forbids it'];
    default:
      return [SyncError, 'failed'];
  }
}
