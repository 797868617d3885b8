import { existsSync, statSync, type Stats } from 'node:fs';
import { isAbsolute } from 'node:path';
import { fileURLToPath, URL } from 'node:url';
import { typeError, valueError } from '../arguments.js';
import { NotFoundError } from '../errors.js';
import { loadedKoffi } from '../kernel/native-modules.js';
import type { LoadedKoffi } from '../kernel/loaded-koffi.js';
import { ERROR_FILE_NOT_FOUND } from '../kernel/status.js';
import { waitThreadSource } from './wait-thread-source.js';

const ALLOWED = 'a file: URL or the absolute path of a script';
const SCRIPT = /\.[cm]?[jt]s$/;

/** As the process began: see `setWaitThread`. */
const { WAITABLE_WAIT_THREAD: fromEnvironment } = process.env;
let configured: string | undefined;

/**
 * Says where the file of the wait thread is. Mostly nobody needs it: the library starts the thread from a text within itself, whatever file a bundler has put it into. It is for runtimes that start no thread from a
 * text, or do not tell where they have loaded koffi from. Bundle `waitable/wait-thread` as an entry point of its own, and name the result here, before the first asynchronous wait. The environment variable `WAITABLE_WAIT_THREAD`, when the
 * library is loaded, does the same.
 *
 * @param location - A `file:` URL, as an object or a string, or an absolute path.
 * @throws NotFoundError (there is no such file), TypeError.
 * @example
 * ```ts
 * setWaitThread(import.meta.resolve('waitable/wait-thread')); // or where the bundler has put it: new URL('./wait-thread/client.js', import.meta.url)
 * ```
 */
export function setWaitThread(location: URL | string): void {
  configured = checkScript(pathOf(location), location);
}

/** Objects by what they have: a DOM environment and another realm have a class `URL` of their own. */
function pathOf(location: unknown): string {
  const { href, protocol } = (typeof location === 'object' && location !== null ? location : {}) as Partial<URL>;
  const url = typeof location === 'string' ? location : protocol === undefined ? undefined : href;
  if (typeof url !== 'string') throw typeError('location', ALLOWED, location);
  if (!/^file:/i.test(url)) return url;
  try {
    return fileURLToPath(url);
  } catch {
    throw wrong(url, 'is no URL of a file here');
  }
}

function checkScript(path: string, location: unknown): string {
  if (!isAbsolute(path)) throw wrong(location, 'is neither');
  let stats: Stats | undefined;
  try {
    stats = statSync(path, { throwIfNoEntry: false });
  } catch {
    // Nobody can start a thread from what cannot be looked at.
  }
  if (stats === undefined) throw notThere(path);
  if (!stats.isFile()) throw wrong(location, 'is not a file');
  if (!SCRIPT.test(path)) throw wrong(location, 'is not a script by its name');
  return path;
}

function wrong(location: unknown, what: string): TypeError {
  return valueError(`location must be ${ALLOWED}; given: ${String(location)}, which ${what}`);
}

function notThere(path: string): NotFoundError {
  return new NotFoundError(
    `the file of the wait thread is not at ${path}: bundle 'waitable/wait-thread' as an entry point of its own, and call setWaitThread() or set WAITABLE_WAIT_THREAD to where it is`,
    { errno: ERROR_FILE_NOT_FOUND },
  );
}

/** What a wait thread is started from: a file, or a text with what it is to be told. */
export type WaitThreadCode =
  | { readonly file: string }
  | { readonly source: string; readonly koffi: LoadedKoffi };

/** @throws NotFoundError */
export function waitThreadCode(): WaitThreadCode {
  const file = configured ?? fromEnvironment;
  if (file !== undefined) {
    if (!existsSync(file)) throw notThere(file);
    return { file };
  }
  const own = 'Deno' in globalThis ? ownFile() : undefined;
  return own === undefined ? { source: waitThreadSource, koffi: loadedKoffi() } : { file: own };
}

/** Where the library is installed as it is. Deno takes a text for a module, which has no `require`. */
function ownFile(): string | undefined {
  // A bundler that makes CommonJS leaves no `import.meta.url`.
  const here = import.meta.url as string | undefined;
  if (here?.startsWith('file:') !== true) return undefined;
  const path = fileURLToPath(new URL('../../workers/wait-thread.js', here));
  return existsSync(path) ? path : undefined;
}
