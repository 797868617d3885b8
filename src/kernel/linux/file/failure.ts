import { getSystemErrorName } from 'node:util';
import type { Failure } from '../../kernel.js';
import {
  ERROR_ACCESS_DENIED, ERROR_FILE_TOO_LARGE, ERROR_GEN_FAILURE, ERROR_LOCK_VIOLATION, ERROR_NOT_ENOUGH_MEMORY, ERROR_NOT_SUPPORTED, ERROR_TOO_MANY_OPEN_FILES, ERROR_WRITE_PROTECT,
} from '../../status.js';
import { EACCES, EDQUOT, EFBIG, ELOOP, EMFILE, ENFILE, ENOENT, ENOMEM, ENOSPC, ENOTDIR, EPERM, EROFS } from '../system/errno.js';

/** Why the file cannot be used. It never leaves the kernel: there it becomes the failure of the call. */
export class FileFailure extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.reason ?? failure.syscall);
    this.failure = failure;
  }
}

/** An errno of Linux as a failure in Win32's numbers, which the rest of the library speaks. */
export function systemFailure(errno: number, syscall: string, path: string): FileFailure {
  const of = (number: number, reason: string) => new FileFailure({ errno: number, syscall, reason: `${path}: ${reason}` });
  switch (errno) {
    case EACCES:
    case EPERM:
      return of(ERROR_ACCESS_DENIED, 'access denied; if this user may not write there, set WAITABLE_DIR to a folder where he may');
    case ELOOP:
      return of(ERROR_ACCESS_DENIED, 'is a symbolic link, which is not followed');
    case ENOENT:
    case ENOTDIR:
      return of(ERROR_NOT_SUPPORTED, 'there is no such folder: set WAITABLE_DIR to one that exists, in memory if possible');
    case EROFS:
      return of(ERROR_WRITE_PROTECT, 'is on a file system that is read-only: set WAITABLE_DIR to a folder that can be written to, in memory if possible');
    case ENOSPC:
    case ENOMEM:
      return of(ERROR_NOT_ENOUGH_MEMORY, 'no space is left there');
    case EDQUOT:
      return of(ERROR_NOT_ENOUGH_MEMORY, 'this user\'s quota is used up');
    case EFBIG:
      return tooLarge(syscall, path);
    case EMFILE:
      return of(ERROR_TOO_MANY_OPEN_FILES, 'this process has as many files open as it may (ulimit -n)');
    case ENFILE:
      return of(ERROR_TOO_MANY_OPEN_FILES, 'the system has as many files open as it may');
    default:
      return of(ERROR_GEN_FAILURE, `errno ${errno}, ${getSystemErrorName(-errno)}`);
  }
}

export function tooLarge(syscall: string, path: string): FileFailure {
  const reason = `${path}: the file would be larger than this process may write (ulimit -f, or LimitFSIZE of its service)`;
  return new FileFailure({ errno: ERROR_FILE_TOO_LARGE, syscall, reason });
}

/** Nobody gets the namespace mutex of the files in that folder. */
export function heldUp(folder: string): FileFailure {
  const reason = `the names in ${folder} are held up by a process that stands still: \`fuser -v ${folder}/objects\` tells which use them`;
  return new FileFailure({ errno: ERROR_LOCK_VIOLATION, syscall: 'futex', reason });
}
