import { systemError, waitThreadEnded } from '../errors.js';
import { kernel } from '../kernel/select.js';
import type { Reply } from './wait-thread/protocol.js';
import type { Pursued, WaitStrategy } from './wait-strategy.js';
import { tryKernel, type Win } from './try-take.js';
import type { Target } from './target.js';
import { ownedHere } from './object-state.js';
import { waiterId, WaitThread, type Waiter } from './wait-thread/client.js';
import { threadForAll } from './wait-thread/pool.js';
import { QueueEntry, WaitQueue } from './wait-queue.js';

/*
 * Where the caller takes (see `Kernel.takenBy`): wait threads only watch, and this thread tries by itself when one says `ready`. It is the only one to take, so nothing is ever won
 * in excess, and whoever gives up has taken nothing.
 *
 * The kernel lets a thread take a mutex again that it owns: what is owned here already is left out of a try, or keeps it from being made.
 */

export function takenByCaller(request: Pursued): WaitStrategy {
  return request.all ? new AllTakenByCaller(request) : new AnyTakenByCaller(request);
}

/** Stands in the line of each of the objects, and takes one of those where it is the first, the lowest index first. */
class AnyTakenByCaller implements WaitStrategy {
  readonly #request: Pursued;
  #places: readonly QueueEntry[];

  constructor(request: Pursued) {
    this.#request = request;
    this.#places = onePlaceEach(request.targets, this);
  }

  start(): void {
    WaitThread.together(() => {
      for (const place of this.#places) place.enter(WaitQueue.of(place.target.objectState));
    });
  }

  giveUp(): void {
    this.#leave();
    this.#request.over();
  }

  attempt(): boolean {
    try {
      const win = tryKernel(this.#request.targets, this.#ours(), false);
      if (win === undefined) return false;
      this.#leave();
      this.#request.over(win);
    } catch (error) {
      this.fail(error);
    }
    return true;
  }

  fail(error: unknown): void {
    this.#request.end({ error });
  }

  /** The indices of the targets that are ours to take. */
  #ours(): number[] {
    return this.#places.filter(place => place.isFirst && !isOwnedHere(place.target)).map(({ index }) => index);
  }

  #leave(): void {
    const places = this.#places;
    this.#places = [];
    WaitThread.together(() => {
      for (const place of places) place.leave();
    });
  }
}

/** A request that names one object twice waits for it once, at the lower index. */
function onePlaceEach(targets: readonly Target[], who: AnyTakenByCaller): QueueEntry[] {
  const [only] = targets;
  if (targets.length === 1 && only !== undefined) return [new QueueEntry(only, 0, who)];
  const seen = new Set<unknown>();
  const places: QueueEntry[] = [];
  targets.forEach((target, index) => {
    if (seen.has(target.objectState)) return;
    seen.add(target.objectState);
    places.push(new QueueEntry(target, index, who));
  });
  return places;
}

/** Has a wait thread of its own, and is in no line: it takes nothing before it can take all. */
class AllTakenByCaller implements WaitStrategy, Waiter {
  readonly id = waiterId();
  readonly #request: Pursued;
  /** The thread that watches. */
  #thread: WaitThread | undefined;
  #givenUp = false;

  constructor(request: Pursued) {
    this.#request = request;
  }

  get targets(): readonly Target[] {
    return this.#request.targets;
  }

  start(): void {
    const thread = threadForAll(this.targets.map(({ objectState }) => objectState.key));
    thread.wait(this);
    this.#thread = thread;
  }

  giveUp(): void {
    this.#givenUp = true;
    if (this.#thread === undefined) this.#over();
    else this.#thread.cancel(this.id);
  }

  answered(reply: Reply): void {
    this.#thread = undefined;
    try {
      if (this.#givenUp) this.#over();
      else if (reply.outcome === 'failed') this.#fail(this.targets[0] && systemError(reply.failure, this.targets[0]));
      else this.#attempt();
    } catch (error) {
      this.#fail(error);
    }
  }

  #attempt(): void {
    const { targets } = this;
    const win = targets.some(isOwnedHere) ? undefined : tryKernel(targets, [...targets.keys()], true);
    if (win === undefined) this.start();
    else this.#over(win);
  }

  /** The thread that watched may have had some of them kept for this one. */
  #over(win?: Win): void {
    for (const { owned } of this.targets) kernel.stopPreferring(owned.value);
    this.#request.over(win);
  }

  lost(cause: Error): void {
    this.#thread = undefined;
    this.#fail(waitThreadEnded(cause));
  }

  #fail(error: unknown): void {
    if (this.#givenUp) this.#over();
    // Which comes back to `giveUp`.
    else this.#request.end({ error });
  }
}

function isOwnedHere({ kind, objectState }: Target): boolean {
  return kind === 'mutex' && ownedHere(objectState);
}
