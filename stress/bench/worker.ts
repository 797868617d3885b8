import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

export type LockKind = 'waitable' | 'flock' | 'pthread';

/** Takes a lock over and over, until the board says stop. A worker has one lock and one board. */
export interface Racing {
  readonly do: 'race';
  readonly lock: LockKind;
  /** Its name, or its file. */
  readonly where: string;
  /** The name of the board. */
  readonly board: string;
  readonly contender: number;
  /** Whether to measure the waits, which takes longer than some locks do. */
  readonly clock: boolean;
}

export interface Raced {
  /** In ns; 0 where nothing measured it. */
  readonly longestWait: number;
}

/** So many times: waits for any of some events, and sets another. By names. Gives the ns that it took. */
export interface Answering {
  readonly do: 'answer' | 'answer-async';
  readonly iterations: number;
  readonly mine: readonly string[];
  readonly theirs: string;
}

export type Request = Racing | Answering;

/**
 * A Node process that runs against others in a measurement. It does what the peers of the stress run do, without their checks and clocks, and with locks of other origin too.
 */
export class BenchWorker implements AsyncDisposable {
  readonly #process: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#process = child;
  }

  static start(): BenchWorker {
    return new BenchWorker(fork(new URL('worker-main.js', import.meta.url)));
  }

  get processId(): number {
    if (this.#process.pid === undefined) throw new Error('a process that was to be measured did not start');
    return this.#process.pid;
  }

  race(racing: Omit<Racing, 'do'>): Promise<Raced> {
    return this.#request({ do: 'race', ...racing }) as Promise<Raced>;
  }

  answer(answering: Omit<Answering, 'do'>): Promise<number> {
    return this.#request({ do: 'answer', ...answering }) as Promise<number>;
  }

  answerAwaiting(answering: Omit<Answering, 'do'>): Promise<number> {
    return this.#request({ do: 'answer-async', ...answering }) as Promise<number>;
  }

  async #request(request: Request): Promise<unknown> {
    const over = new AbortController();
    const died = once(this.#process, 'exit', { signal: over.signal }).then(([code, signal]: unknown[]) => {
      throw new Error(`a process that was measured ended: ${String(signal ?? code)}`);
    });
    died.catch(() => undefined);
    const reply = once(this.#process, 'message', { signal: over.signal });
    reply.catch(() => undefined);
    this.#process.send(request);
    try {
      const [value] = await Promise.race([reply, died]) as [unknown];
      return value;
    } finally {
      over.abort();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.disconnect();
    await ended;
  }
}
