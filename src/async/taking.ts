import { systemError } from '../errors.js';
import { kernel } from '../kernel/select.js';
import { WAIT_ABANDONED_0, WAIT_FAILED, WAIT_OBJECT_0, WAIT_TIMEOUT } from '../kernel/status.js';
import { MutexLock, Permit, type Lock } from './locks.js';
import type { Target } from './target.js';
import type { WaitThread } from './wait-thread.js';

/** What the kernel has given to a wait. */
export interface Win {
  /** Which target; 0 for all of them. */
  readonly index: number;
  readonly abandoned: boolean;
  /** The wait thread that took it, and owns it if it is a mutex; `undefined` if the calling thread did. */
  readonly by: WaitThread | undefined;
}

/** What a wait has come to for its caller. */
export interface Outcome {
  /** Which target was taken; 0 for all of them, -1 on timeout. */
  readonly index: number;
  readonly abandoned: boolean;
  /** What the caller now holds, in the order of the targets. */
  readonly locks: readonly Lock[];
}

export const TIMED_OUT: Outcome = Object.freeze({ index: -1, abandoned: false, locks: Object.freeze([]) });

/**
 * Takes what can be taken at once, without passing by others of this thread who wait for it.
 *
 * @param polling - Whether the caller will not wait: it then learns the state of events, timers and processes even if others wait for them.
 */
export function tryTargets(targets: readonly Target[], all: boolean, polling: boolean): Win | undefined {
  const passable: number[] = [];
  for (let index = 0; index < targets.length; index++) {
    const target = targets[index];
    if (target === undefined) continue;
    if (target.turnstile.passable || (polling && target.kind !== 'mutex' && target.kind !== 'semaphore')) passable.push(index);
    else if (all) return undefined;
  }
  return tryKernel(targets, passable, all);
}

/** Asks the kernel, without waiting, for those of the targets that stand at `indices`. */
export function tryKernel(targets: readonly Target[], indices: readonly number[], all: boolean): Win | undefined {
  const size = kernel.maximumWaitObjects;
  for (let begin = 0; begin < indices.length; begin += size) {
    const asked = indices.slice(begin, begin + size);
    const handles = asked.map(index => targets[index]?.owned.value ?? 0);
    const status = handles.length === 1 ? kernel.wait(handles[0] ?? 0, 0) : kernel.waitMany(handles, all, 0);
    if (status === WAIT_TIMEOUT) continue;
    if (status === WAIT_FAILED) throw systemError(kernel.failure, targets[asked[0] ?? 0] ?? { kind: 'event' });
    const abandoned = status >= WAIT_ABANDONED_0;
    const at = status - (abandoned ? WAIT_ABANDONED_0 : WAIT_OBJECT_0);
    return { index: all ? 0 : asked[at] ?? 0, abandoned, by: undefined };
  }
  return undefined;
}

/** Makes the tokens for what was won. */
export function outcomeOf({ index, abandoned, by }: Win, targets: readonly Target[], all: boolean, onRelease?: () => void): Outcome {
  const locks: Lock[] = [];
  for (const target of all ? targets : targets.slice(index, index + 1)) {
    if (target.kind === 'mutex') locks.push(new MutexLock(target, abandoned, by, onRelease));
    else if (target.kind === 'semaphore') locks.push(new Permit(target, false));
  }
  return { index, abandoned, locks };
}

/** Returns what was won in excess: of two threads that each took an object for a wait on any, the later one's. */
export function giveBack({ index, by }: Win, targets: readonly Target[]): void {
  const target = targets[index];
  if (target === undefined) return;
  const { value } = target.owned;
  switch (target.kind) {
    case 'mutex':
      by?.release(target.turnstile.key, value);
      break;
    case 'semaphore':
      kernel.releaseSemaphore(value, 1);
      break;
    case 'event':
      kernel.setEvent(value);
      break;
    default: // the end of a process is not used up, and a timer's signal cannot be made again
  }
}
