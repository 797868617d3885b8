import { accessSync, constants } from 'node:fs';
import { constants as systemConstants } from 'node:os';
import { resolve } from 'node:path';
import { getSystemErrorName } from 'node:util';
import type { Failure } from '../../kernel.js';
import type { LaunchOrder } from '../../processes.js';
import * as status from '../../status.js';

const { errno: ERRNO } = systemConstants;

const NUMBERS = new Map<number, number>([
  [ERRNO.ENOENT, status.ERROR_FILE_NOT_FOUND],
  [ERRNO.ENOTDIR, status.ERROR_PATH_NOT_FOUND],
  [ERRNO.EACCES, status.ERROR_ACCESS_DENIED],
  [ERRNO.EPERM, status.ERROR_ACCESS_DENIED],
  [ERRNO.ENOEXEC, status.ERROR_BAD_EXE_FORMAT],
  [ERRNO.EINVAL, status.ERROR_BAD_EXE_FORMAT],
  [ERRNO.E2BIG, status.ERROR_FILENAME_EXCED_RANGE],
  [ERRNO.ENAMETOOLONG, status.ERROR_FILENAME_EXCED_RANGE],
  [ERRNO.ELOOP, status.ERROR_CANT_RESOLVE_FILENAME],
  [ERRNO.ETXTBSY, status.ERROR_SHARING_VIOLATION],
  [ERRNO.EMFILE, status.ERROR_TOO_MANY_OPEN_FILES],
  [ERRNO.ENFILE, status.ERROR_TOO_MANY_OPEN_FILES],
  [ERRNO.ENOMEM, status.ERROR_NOT_ENOUGH_MEMORY],
  [ERRNO.EAGAIN, status.ERROR_NO_SYSTEM_RESOURCES],
  [ERRNO.ENOSYS, status.ERROR_NOT_SUPPORTED],
]);

const REASONS = new Map<number, string>([
  [ERRNO.E2BIG, 'an argument, or all of them with the environment, are longer than the system takes '
    + '(see ARG_MAX; one alone may have 131,071 bytes)'],
  [ERRNO.ENAMETOOLONG, 'the path is too long'],
  [ERRNO.ELOOP, 'the path goes through too many symbolic links'],
  [ERRNO.ETXTBSY, 'the program is open for writing'],
  [ERRNO.EAGAIN, 'this user has as many processes as are allowed'],
  [ERRNO.ENOSYS, 'this C library cannot start a program in another directory (glibc before 2.29)'],
]);

/** What an errno of `posix_spawn` is called on Windows, where a launch fails for the same reasons. */
export function launchFailure(errno: number, order: LaunchOrder): Failure {
  const syscall = 'CreateProcessW';
  if (errno === ERRNO.ENOENT && isThere(order)) {
    const reason = 'the interpreter or dynamic loader that it names does not exist';
    return { errno: status.ERROR_FILE_NOT_FOUND, syscall, reason };
  }
  const number = NUMBERS.get(errno);
  if (number === undefined) {
    return { errno: status.ERROR_GEN_FAILURE, syscall, reason: `${getSystemErrorName(-errno)} (errno ${errno})` };
  }
  const reason = REASONS.get(errno);
  return reason === undefined ? { errno: number, syscall } : { errno: number, syscall, reason };
}

/** Of a name without a folder nothing is known: it is looked for on the `PATH`. */
function isThere({ file, directory }: LaunchOrder): boolean {
  if (!file.includes('/')) return false;
  try {
    accessSync(resolve(directory ?? '.', file), constants.F_OK);
    return true;
  } catch {
    return false;
  }
}
