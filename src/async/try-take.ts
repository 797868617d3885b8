import { systemError } from '../errors.js';
import { kernel } from '../kernel/select.js';
import { WAIT_ABANDONED_0, WAIT_FAILED, WAIT_OBJECT_0, WAIT_TIMEOUT } from '../kernel/status.js';
import { markOwned, unmarkOwned } from '../unclean-ends.js';
import { MutexHold } from './hold.js';
import { MutexLock, Permit, type Lock } from './locks.js';
import type { Target } from './target.js';
import { isPassable } from './object-state.js';
import type { WaitThread } from './wait-thread/client.js';

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

const NO_LOCKS: readonly Lock[] = Object.freeze([]);
export const TIMED_OUT: Outcome = Object.freeze({ index: -1, abandoned: false, locks: NO_LOCKS });

/**
 * Takes what can be taken at once, without passing by others of this thread who wait for it.
 *
 * @param polling - Whether the caller will not wait: it then learns the state of events, timers and processes even if others wait for them.
 */
export function tryTargets(targets: readonly Target[], all: boolean, polling: boolean): Outcome | undefined {
  const [first] = targets;
  if (targets.length === 1 && first !== undefined) return tryAlone(first, polling);
  const passable: number[] = [];
  for (let index = 0; index < targets.length; index++) {
    const target = targets[index];
    if (target === undefined) continue;
    if (mayTry(target, polling)) passable.push(index);
    else if (all) return undefined;
  }
  const win = tryKernel(targets, passable, all);
  return win && outcomeOf(win, targets, all);
}

/** The same for one target. */
function tryAlone(target: Target, polling: boolean): Outcome | undefined {
  const status = pollAlone(target, polling);
  if (status === WAIT_TIMEOUT) return undefined;
  const abandoned = status === WAIT_ABANDONED_0;
  const lock = lockOn(target, abandoned);
  return { index: 0, abandoned, locks: lock === undefined ? NO_LOCKS : [lock] };
}

/** Takes a mutex if it is free, and nobody in this thread waits for it. */
export function tryTakeMutex(target: Target): MutexLock | undefined {
  if (!isPassable(target.objectState)) return undefined;
  const status = takeAlone(target);
  return status === WAIT_TIMEOUT ? undefined : new MutexLock(target.hold, status === WAIT_ABANDONED_0);
}

/** The same for a semaphore. */
export function tryTakePermit(target: Target): Permit | undefined {
  return pollAlone(target, true) === WAIT_TIMEOUT ? undefined : new Permit(target);
}

/** Gives the kernel's status. */
function pollAlone(target: Target, polling: boolean): number {
  return mayTry(target, polling) ? takeAlone(target) : WAIT_TIMEOUT;
}

function takeAlone(target: Target): number {
  const { mutex, mark } = target;
  if (mutex === undefined || mark !== undefined) return takeWithMore(target);
  const status = mutex.tryTakeForToken();
  return status === WAIT_FAILED ? askKernel(target) : status;
}

/** What is seldom needed, for the sake of the length of the other: see `Hold`. */
function takeWithMore(target: Target): number {
  const { mutex, mark } = target;
  const tried = mutex === undefined ? WAIT_FAILED : mutex.tryTakeForToken();
  const status = tried === WAIT_FAILED ? askKernel(target) : tried;
  if (mark === undefined || status === WAIT_TIMEOUT) return status;
  return markOwned(mark, target, () => giveBackOne(target, undefined)) ? WAIT_ABANDONED_0 : status;
}

function askKernel(target: Target): number {
  const status = kernel.wait(target.owned.value, 0);
  if (status === WAIT_FAILED) throw systemError(kernel.failure, target);
  return status;
}

function mayTry({ objectState, kind }: Target, polling: boolean): boolean {
  return isPassable(objectState) || (polling && kind !== 'mutex' && kind !== 'semaphore');
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
export function outcomeOf(win: Win, targets: readonly Target[], all: boolean, onRelease?: () => void): Outcome {
  const { index, by } = win;
  const abandoned = markTaken(win, targets, all) || win.abandoned;
  const locks: Lock[] = [];
  for (let at = index; at < (all ? targets.length : index + 1); at++) {
    const target = targets[at];
    if (by === undefined) target?.mutex?.belongToToken();
    const lock = target && lockOn(target, abandoned, by, onRelease);
    if (lock !== undefined) locks.push(lock);
  }
  return { index, abandoned, locks };
}

/** Whether one of the mutexes remembers an unclean end. If a mark cannot be made, all is given back. */
function markTaken({ index, by }: Win, targets: readonly Target[], all: boolean): boolean {
  const taken = all ? targets : targets.slice(index, index + 1);
  const marked: string[] = [];
  let unclean = false;
  for (const target of taken) {
    const { mark } = target;
    if (mark === undefined) continue;
    if (markOwned(mark, target, () => {
      marked.forEach(unmarkOwned);
      for (const each of taken) giveBackOne(each, by);
    })) unclean = true;
    else marked.push(mark);
  }
  return unclean;
}

/** The token for one object taken, if its kind has any. */
function lockOn(target: Target, abandoned: boolean, by?: WaitThread, onRelease?: () => void): Lock | undefined {
  switch (target.kind) {
    case 'mutex': return new MutexLock(MutexHold.for(target, by, onRelease), abandoned);
    case 'semaphore': return new Permit(target);
    default: return undefined;
  }
}

/** Returns what was won in excess: of two threads that each took an object for a wait on any, the later one's. */
export function giveBack({ index, by }: Win, targets: readonly Target[]): void {
  const target = targets[index];
  if (target !== undefined) giveBackOne(target, by);
}

/**
 * Undoes the taking of one object.
 *
 * @param by - The wait thread that took it; `undefined` if the calling thread did.
 */
export function giveBackOne({ kind, owned: { value }, mutex, objectState }: Target, by: WaitThread | undefined): void {
  switch (kind) {
    case 'mutex':
      if (by !== undefined) by.release(objectState.key, value);
      else if (mutex?.release() !== true) kernel.releaseMutex(value);
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
