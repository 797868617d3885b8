import { systemError, waitThreadEnded } from '../errors.js';
import type { Reply } from './wait-thread/protocol.js';
import type { Pursued, WaitStrategy } from './wait-strategy.js';
import { giveBack, type Win } from './try-take.js';
import type { Target } from './target.js';
import { waiterId, type Waiter, type WaitThread } from './wait-thread/client.js';
import { threadForAll, threadForAny, watchesOfOneThread } from './wait-thread/pool.js';

/**
 * Where wait threads take (see `Kernel.takenBy`): each is asked for a part of the wait, as many objects as one thread can wait for.
 *
 * Told to cancel, each thread answers with the truth, `cancelled` or `won`. If two threads have won, the second win is given back before the wait is over.
 */
export class TakenByWaitThread implements WaitStrategy {
  readonly #request: Pursued;
  #parts: readonly Part[] = [];
  #win: Win | undefined;

  constructor(request: Pursued) {
    this.#request = request;
  }

  start(): void {
    const { targets, all } = this.#request;
    const size = all ? targets.length : Math.min(targets.length, watchesOfOneThread());
    for (let offset = 0; offset < targets.length; offset += size) this.#startPart(offset, size);
  }

  #startPart(offset: number, size: number): void {
    const { targets: all } = this.#request;
    const targets = size === all.length ? all : all.slice(offset, offset + size);
    const keys = targets.map(({ objectState }) => objectState.key);
    const thread = this.#request.all ? threadForAll(keys) : threadForAny(keys);
    const part = new Part(this, thread, targets, offset);
    this.#parts = [...this.#parts, part];
    thread.wait(part);
  }

  giveUp(): void {
    for (const { thread, id } of this.#parts) thread.cancel(id);
    if (this.#parts.length === 0) this.#request.over();
  }

  won(part: Part, win: Win): void {
    if (this.#win === undefined) {
      this.#win = win;
      for (const { thread, id } of this.#parts) if (id !== part.id) thread.cancel(id);
    } else {
      giveBack(win, this.#request.targets);
    }
    this.without(part);
  }

  failed(part: Part, error: unknown): void {
    this.#request.end({ error });
    this.without(part);
  }

  /** A thread has said its last word about its part. */
  without(part: Part): void {
    this.#parts = this.#parts.filter(other => other !== part);
    if (this.#parts.length === 0) this.#request.over(this.#win);
  }
}

/** What one wait thread is asked for. */
class Part implements Waiter {
  readonly id = waiterId();
  readonly thread: WaitThread;
  readonly targets: readonly Target[];
  readonly #strategy: TakenByWaitThread;
  readonly #offset: number;

  constructor(strategy: TakenByWaitThread, thread: WaitThread, targets: readonly Target[], offset: number) {
    this.#strategy = strategy;
    this.thread = thread;
    this.targets = targets;
    this.#offset = offset;
  }

  answered(reply: Reply): void {
    switch (reply.outcome) {
      case 'won':
        this.#strategy.won(this, { index: this.#offset + reply.index, abandoned: reply.abandoned, by: this.thread });
        break;
      case 'failed': {
        const [first] = this.targets;
        this.#strategy.failed(this, first && systemError(reply.failure, first));
        break;
      }
      default:
        this.#strategy.without(this);
    }
  }

  lost(cause: Error): void {
    this.#strategy.failed(this, waitThreadEnded(cause));
  }
}
