import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ERROR_FILE_NOT_FOUND } from '../kernel/status.js';
import { NotFoundError } from '../errors.js';

let configured: URL | string | undefined;

/**
 * Says where the file of the wait thread is, for programs that a bundler has put into one file, where the library cannot find it by itself: bundle
 * `waitable/wait-thread` as an entry point of its own, and name the result here, before the first asynchronous wait. The environment variable
 * `WAITABLE_WAIT_THREAD` does the same.
 *
 * @param location - A `file:` URL or an absolute path.
 * @example
 * ```ts
 * setWaitThread(new URL('./wait-thread.js', import.meta.url));
 * ```
 */
export function setWaitThread(location: URL | string): void {
  configured = location;
}

/** @throws NotFoundError */
export function waitThreadLocation(): URL | string {
  const location = configured ?? process.env['WAITABLE_WAIT_THREAD'] ?? besideThisFile();
  if (location === undefined || !existsSync(location instanceof URL ? fileURLToPath(location) : location)) {
    throw new NotFoundError(
      `the file of the wait thread is not at ${String(location)}: bundle 'waitable/wait-thread' as an entry point of its own, and call setWaitThread() or set WAITABLE_WAIT_THREAD to where it is`,
      { errno: ERROR_FILE_NOT_FOUND },
    );
  }
  return location;
}

function besideThisFile(): URL | undefined {
  // A bundler that makes CommonJS leaves no `import.meta.url`.
  const here = import.meta.url as string | undefined;
  return here === undefined ? undefined : new URL('../../workers/wait-thread.js', here);
}
