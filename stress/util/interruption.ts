import { Event } from 'waitable';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Names an event that interrupts as well: under Wine no signal gets through to a program, and whoever launched it sets the event instead. */
const EVENT_VARIABLE = 'WAITABLE_INTERRUPTION';

/** A signal so soon after another, in ms, is the same one: a terminal gives it to every process, and those pass it on. */
const SAME = 1000;

/** While this process has one, SIGINT and SIGTERM ask it to end in order. */
export class Interruption implements Disposable {
  readonly #asked = new AbortController();
  readonly #urged = new AbortController();
  readonly #over = new AbortController();
  #askedAt = 0;

  constructor() {
    for (const signal of SIGNALS) process.on(signal, this.#interrupt);
    const name = process.env[EVENT_VARIABLE];
    if (name !== undefined) void this.#waitFor(name);
  }

  /** Aborted by the first signal. */
  get signal(): AbortSignal {
    return this.#asked.signal;
  }

  /** Aborted by another one later: somebody will not wait any longer. */
  get urgent(): AbortSignal {
    return this.#urged.signal;
  }

  readonly #interrupt = () => {
    const now = performance.now();
    if (!this.signal.aborted) this.#askedAt = now;
    else if (now - this.#askedAt > SAME) this.#urged.abort();
    this.#asked.abort();
  };

  async #waitFor(name: string): Promise<void> {
    using event = Event.tryOpen(name);
    const result = await event?.wait({ signal: this.#over.signal }).catch(() => undefined);
    if (result?.status === 'signaled') this.#interrupt();
  }

  [Symbol.dispose](): void {
    this.#over.abort();
    for (const signal of SIGNALS) process.off(signal, this.#interrupt);
  }
}
