import { valueError } from './arguments.js';
import type { Failure, ObjectKind } from './kernel/kernel.js';
import * as status from './kernel/status.js';

/** The names of Windows' header files for the numbers that callers meet; any other number is named after itself. */
const CODES = new Map<number, string>(Object.entries(status).filter(([name]) => name.startsWith('ERROR_') || name === 'WAIT_TIMEOUT').map(([name, errno]) => [errno, name]));

interface SyncErrorDetails {
  readonly errno: number;
  readonly syscall?: string | undefined;
  readonly objectName?: string | undefined;
}

/**
 * What went wrong with a synchronization object. As with Node's system errors, `code` is the symbolic name to branch on.
 *
 * Arguments of a wrong type or out of range are not among these: they throw `TypeError` and `RangeError`, before any system call.
 */
export class SyncError extends Error {
  /** Windows' name of the error, such as `'ERROR_FILE_NOT_FOUND'`. */
  readonly code: string;
  /** Windows' number of the error, such as 2; the same number on every platform. */
  readonly errno: number;
  /** The system function that failed, such as `'OpenMutexW'`; `undefined` when the library refused before it called the system. */
  readonly syscall: string | undefined;
  /** The name of the object concerned; `undefined` when it has none. */
  readonly objectName: string | undefined;

  constructor(message: string, { errno, syscall, objectName }: SyncErrorDetails) {
    super(message);
    this.name = new.target.name;
    this.code = CODES.get(errno) ?? `ERROR_${errno}`;
    this.errno = errno;
    this.syscall = syscall;
    this.objectName = objectName;
  }
}

/** No object of that name exists, or no process of that id. */
export class NotFoundError extends SyncError {}

/** The object exists, but its security descriptor does not grant the rights asked for, or the handle does not carry the right needed. */
export class AccessDeniedError extends SyncError {}

/** The name belongs to an object of another kind, or the handle refers to one. */
export class KindMismatchError extends SyncError {}

/** The name is not one that an object can have; see `safeName` for making one from any text. */
export class InvalidNameError extends SyncError {
  constructor(message: string, name: string) {
    super(message, { errno: status.ERROR_INVALID_NAME, objectName: name });
  }
}

/** Only the thread that owns a mutex may release it. */
export class NotOwnerError extends SyncError {}

/** A release would have raised a semaphore above its maximum count. Its count is unchanged. */
export class LimitExceededError extends SyncError {}

/** The object has been closed. */
export class ClosedError extends SyncError {
  constructor(message: string, objectName: string | undefined) {
    super(message, { errno: status.ERROR_INVALID_HANDLE, objectName });
  }
}

/** The time of `acquire` or `runExclusive` is up. Nothing was taken. */
export class TimeoutError extends SyncError {
  constructor(message: string, objectName: string | undefined) {
    super(message, { errno: status.WAIT_TIMEOUT, objectName });
  }
}

/** The section was made by a peer with another layout. Nothing was read or written. */
export class LayoutMismatchError extends SyncError {}

/** The wait could never have ended: what it waits for is held by its own thread, or by its own asynchronous flow. */
export class DeadlockError extends SyncError {}

/** This platform, or this runtime, lacks what was asked for. */
export class UnsupportedPlatformError extends SyncError {}

/** What a failed call was about. */
interface Subject {
  readonly kind: ObjectKind;
  readonly name?: string | undefined;
}

/** `mutex "x"`, or `unnamed mutex`. */
export function describe({ kind, name }: Subject): string {
  return name === undefined ? `unnamed ${kind}` : `${kind} ${JSON.stringify(name)}`;
}

export function closedError(subject: Subject): ClosedError {
  return new ClosedError(`the ${describe(subject)} is closed`, subject.name);
}

/** The error for a create or an open that failed: only there does `ERROR_INVALID_HANDLE` speak of the name, and not of a handle. */
export function openingError(failure: Failure, subject: Subject): SyncError | TypeError {
  if (failure.argument !== undefined) return valueError(`${failure.argument.name} must be ${failure.argument.allowed}; ${failure.syscall} refused it with error ${failure.errno}`);
  if (failure.errno === status.ERROR_INVALID_HANDLE) {
    return new KindMismatchError(`${failure.syscall}: the name ${JSON.stringify(subject.name)} belongs to an object of another kind than ${subject.kind}`, details(failure, subject));
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
