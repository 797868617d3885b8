import { DeadlockError, describe, systemError } from '../errors.js';
import { kernel } from '../kernel/select.js';
import { ERROR_POSSIBLE_DEADLOCK, WAIT_ABANDONED_0, WAIT_FAILED, WAIT_OBJECT_0, WAIT_TIMEOUT } from '../kernel/status.js';
import { beginWait, endWait } from './diagnostics.js';
import { flowHolds } from './flow.js';
import { Limits, type WaitOptions } from './limits.js';
import { MutexLock, Permit, type Lock } from './locks.js';
import type { Target } from './target.js';
import type { Turnstile } from './turnstile.js';
import { WaitRequest, type Win } from './wait-request.js';

/** What an asynchronous wait has come to. */
export interface AsyncOutcome {
  /** Which target was taken; 0 for all of them, -1 on timeout. */
  readonly index: number;
  readonly abandoned: boolean;
  /** What the caller now holds, in the order of the targets. */
  readonly locks: readonly Lock[];
}

const TIMED_OUT: AsyncOutcome = Object.freeze({ index: -1, abandoned: false, locks: Object.freeze([]) });

/** Waits for any of the targets, or for all, without blocking. */
export async function waitAsync(targets: readonly Target[], all: boolean, options: WaitOptions | undefined): Promise<AsyncOutcome> {
  const limits = new Limits(options);
  limits.signal?.throwIfAborted();
  // The first try costs no other thread.
  const outcome = tryAsync(targets, all);
  if (outcome !== undefined) return outcome;
  if (limits.timeout === 0) return TIMED_OUT;
  refuseWaitForOneself(targets, all);

  const request = new WaitRequest(targets, all);
  beginWait(request, targets, all);
  const stop = limits.watch(() => request.end(undefined), reason => request.end({ error: reason }));
  const turnstile = targets.length === 1 && targets[0]?.kind === 'mutex' ? targets[0].turnstile : undefined;
  let ending: 'win' | 'timeout' | 'abandoned' | undefined;
  try {
    const won = turnstile === undefined ? await untilWon(request) : await untilWonInTurn(request, turnstile, limits);
    ending = won === undefined ? 'timeout' : won.abandoned ? 'abandoned' : 'win';
    return won ?? TIMED_OUT;
  } finally {
    stop();
    endWait(request, ending);
  }
}

async function untilWon(request: WaitRequest): Promise<AsyncOutcome | undefined> {
  request.start();
  const win = await request.outcome;
  return win && outcomeOf(win, request.targets, request.all);
}

/** The turn for a mutex lasts until the release of what was won in it. */
async function untilWonInTurn(request: WaitRequest, turnstile: Turnstile, limits: Limits): Promise<AsyncOutcome | undefined> {
  const endTurn = await turnstile.turn(limits.any ? whenOver(request) : undefined);
  try {
    if (endTurn !== undefined && !request.over) {
      const now = turnstile.ownedHere ? undefined : tryKernel(request.targets, [0], false);
      if (now === undefined) request.start();
      else request.succeed(now);
    }
    const win = await request.outcome;
    if (win !== undefined) return outcomeOf(win, request.targets, request.all, endTurn);
  } catch (error) {
    endTurn?.();
    throw error;
  }
  endTurn?.();
  return undefined;
}

function whenOver(request: WaitRequest): AbortSignal {
  const over = new AbortController();
  const abort = () => over.abort();
  request.outcome.then(abort, abort);
  return over.signal;
}

/** Takes what can be taken at once, without passing by others of this thread who wait for it. */
export function tryAsync(targets: readonly Target[], all: boolean): AsyncOutcome | undefined {
  const passable: number[] = [];
  for (let index = 0; index < targets.length; index++) {
    if (targets[index]?.turnstile.passable === true) passable.push(index);
    else if (all) return undefined;
  }
  const win = tryKernel(targets, passable, all);
  return win && outcomeOf(win, targets, all);
}

function tryKernel(targets: readonly Target[], indices: readonly number[], all: boolean): Win | undefined {
  const size = kernel.maximumWaitObjects;
  for (let begin = 0; begin < indices.length; begin += size) {
    const asked = indices.slice(begin, begin + size);
    const handles = asked.map(index => handleOf(targets, index));
    const status = handles.length === 1 ? kernel.wait(handles[0] ?? 0, 0) : kernel.waitMany(handles, all, 0);
    if (status === WAIT_TIMEOUT) continue;
    if (status === WAIT_FAILED) throw systemError(kernel.failure, targets[asked[0] ?? 0] ?? { kind: 'event' });
    const abandoned = status >= WAIT_ABANDONED_0;
    const at = status - (abandoned ? WAIT_ABANDONED_0 : WAIT_OBJECT_0);
    return { index: all ? 0 : asked[at] ?? 0, abandoned, by: undefined };
  }
  return undefined;
}

function handleOf(targets: readonly Target[], index: number): number {
  return targets[index]?.owned.value ?? 0;
}

function outcomeOf({ index, abandoned, by }: Win, targets: readonly Target[], all: boolean, onRelease?: () => void): AsyncOutcome {
  const locks: Lock[] = [];
  for (const target of all ? targets : targets.slice(index, index + 1)) {
    if (target.kind === 'mutex') locks.push(new MutexLock(target, abandoned, by, onRelease));
    else if (target.kind === 'semaphore') locks.push(new Permit(target, false));
  }
  return { index, abandoned, locks };
}

/** A flow that holds a mutex and asks for it again would wait for itself. */
function refuseWaitForOneself(targets: readonly Target[], all: boolean): void {
  const held = targets.filter(({ turnstile }) => flowHolds(turnstile));
  const [first] = held;
  if (first === undefined || (!all && held.length < targets.length)) return;
  throw new DeadlockError(`this asynchronous flow holds the ${describe(first)} already, and would wait for itself`, { errno: ERROR_POSSIBLE_DEADLOCK, objectName: first.name });
}
