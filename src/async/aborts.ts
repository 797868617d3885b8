import { addAbortListener } from 'node:events';

/** Why the signal was aborted; polyfills from before there was a reason have none. */
export function reasonOf(signal: AbortSignal): unknown {
  const reason: unknown = signal.reason;
  return reason === undefined ? new DOMException('This operation was aborted', 'AbortError') : reason;
}

/** What is to be done when a signal aborts. */
const watched = new WeakMap<AbortSignal, Watched>();

interface Watched {
  readonly actions: Set<() => void>;
  readonly listener: () => void;
}

/**
 * Calls `action` when the signal aborts; the result stops that.
 *
 * One listener a signal, whatever the number of waits: a program may well end all it does with one signal, and Node takes more than ten listeners for a leak and warns.
 */
export function onAbort(signal: AbortSignal, action: () => void): () => void {
  const { actions, listener } = watched.get(signal) ?? watch(signal);
  actions.add(action);
  return () => {
    actions.delete(action);
    if (actions.size > 0) return;
    signal.removeEventListener('abort', listener);
    watched.delete(signal);
  };
}

function watch(signal: AbortSignal): Watched {
  const actions = new Set<() => void>();
  const listener = () => {
    for (const action of [...actions]) action();
  };
  // Unlike `addEventListener`, it comes also after a listener that stops the propagation.
  addAbortListener(signal, listener);
  const made = { actions, listener };
  watched.set(signal, made);
  return made;
}
