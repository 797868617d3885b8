import { systemError } from '../../errors.js';
import { MODIFY_STATE, SYNCHRONIZE } from '../../kernel/access.js';
import { kernel } from '../../kernel/select.js';
import { WaitThread } from './client.js';

/** The wait threads of this JavaScript thread. They start when they are first needed, and end when they have had nothing to do for a while. */
const anyThreads = new Set<WaitThread>();
const allThreads = new Set<WaitThread>();

/** Objects in one wait of a thread for any: its wake event takes one place. */
export function watchesOfOneThread(): number {
  return kernel.maximumWaitObjects - 1;
}

/** A thread that can wait for any of these objects as well, preferably one that does so for some of them already: requests for one object are served in order there. */
export function threadForAny(keys: readonly number[]): WaitThread {
  let best: WaitThread | undefined;
  let fewest = Infinity;
  for (const thread of running(anyThreads)) {
    const additional = thread.additional(keys);
    if (thread.watchedObjects + additional <= watchesOfOneThread() && additional < fewest) {
      best = thread;
      fewest = additional;
    }
  }
  return best ?? start(anyThreads, false);
}

/** A thread that can wait for all of these objects: it waits for no others, and owns none of them. */
export function threadForAll(keys: readonly number[]): WaitThread {
  for (const thread of running(allThreads)) {
    if (thread.pending === 0 && !keys.some(key => thread.owns(key))) return thread;
  }
  return start(allThreads, true);
}

function* running(threads: Set<WaitThread>): Generator<WaitThread> {
  for (const thread of threads) {
    if (thread.ended) threads.delete(thread);
    else yield thread;
  }
}

function start(threads: Set<WaitThread>, all: boolean): WaitThread {
  const wake = kernel.createEvent(undefined, false, false, { access: WAKE_RIGHTS, inheritable: false, security: 'user' });
  if (wake === undefined) throw systemError(kernel.failure, { kind: 'event' });
  try {
    const thread = new WaitThread(all, wake.handle);
    threads.add(thread);
    return thread;
  } catch (error) {
    kernel.close(wake.handle);
    throw error;
  }
}

/** Of the event that wakes a wait thread. */
const WAKE_RIGHTS = SYNCHRONIZE | MODIFY_STATE;
