import { Mutex, Semaphore, TimeoutError, waitAll, waitAny, type Lock, type Waitable, type WaitOptions } from 'waitable';
import { ABANDONED, ABORT, ABORTED, isForAll, TAKEN, TIMEOUT, type Request } from '../../linearizability/operation.js';
import { statusOf } from '../../linearizability/status.js';

/** What came of an asynchronous wait, and what its caller holds by it. */
export interface Held {
  readonly outcome: number;
  readonly locks: readonly Lock[];
}

/**
 * Does the wait of a request. One that is to be aborted after 0 ms is so as soon as it has been called.
 *
 * @param objects - Those of the request.
 */
export async function waitAsynchronously({ verb, argument }: Pick<Request, 'verb' | 'argument'>, objects: readonly Waitable[]): Promise<Held> {
  if (argument < ABORT) return await begin(verb, objects, { timeout: argument });
  const abort = new AbortController();
  const waiting = begin(verb, objects, { signal: abort.signal });
  const after = argument - ABORT;
  if (after === 0) abort.abort();
  const timer = setTimeout(() => abort.abort(), after);
  try {
    return await waiting;
  } catch (error) {
    if (error !== abort.signal.reason) throw error;
    return { outcome: ABORTED, locks: [] };
  } finally {
    clearTimeout(timer);
  }
}

async function begin(verb: Request['verb'], objects: readonly Waitable[], options: WaitOptions): Promise<Held> {
  const [object] = objects;
  if (verb === 'wait-async' && (object instanceof Mutex || object instanceof Semaphore)) return await acquire(object, options);
  const { locks, ...result } = await (isForAll(verb) ? waitAll(objects, options) : waitAny(objects, options));
  return { outcome: statusOf(result), locks };
}

async function acquire(object: Mutex | Semaphore, options: WaitOptions): Promise<Held> {
  try {
    const lock = await object.acquire(options);
    return { outcome: lock.abandoned ? ABANDONED : TAKEN, locks: [lock] };
  } catch (error) {
    if (error instanceof TimeoutError) return { outcome: TIMEOUT, locks: [] };
    throw error;
  }
}
