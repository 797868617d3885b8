import { Worker } from 'node:worker_threads';
import type { Target } from './client.js';
import { endOfThread } from './thread.js';

/** What a caller's thread is told: the next command, or that there are no more. */
export type CallerCommand = string | null;

/** What it tells: a reply, or why there will be none any more. */
export type CallerMessage = { readonly reply: string } | { readonly failure: string };

/** Ends helpers that threads of this process may be calling. A thread in a call that does not come back would hold up the end of this process. */
const breakers = new Set<() => void>();
process.on('exit', () => {
  for (const breakOff of breakers) breakOff();
});

/** Calls one helper, from a thread of its own, since a call takes as long as the command does. */
export class Caller {
  /** Why there could be no more calls, if there is a reason; once the thread has ended. */
  readonly ended: Promise<string | undefined>;

  readonly #worker: Worker;
  readonly #pending: ((reply: string) => void)[] = [];
  #failure: string | undefined;

  /** @param breakOff - Ends the helper, if there is one still. */
  constructor(target: Target, breakOff: () => void) {
    this.#worker = new Worker(new URL('../../../workers/caller.js', import.meta.url), { workerData: target });
    breakers.add(breakOff);
    this.#worker.on('message', (message: CallerMessage) => {
      if ('reply' in message) {
        this.#pending.shift()?.(message.reply);
      } else {
        this.#failure = message.failure;
        // It could be alive, but nobody would ever hear of it again.
        breakOff();
      }
    });
    this.ended = endOfThread(this.#worker).then(how => {
      breakers.delete(breakOff);
      if (how === 'exit code 0') return this.#failure;
      breakOff();
      return how;
    });
  }

  /** Gives the reply. There is none, and this stays pending, when a call fails. */
  call(line: string): Promise<string> {
    const reply = new Promise<string>(resolve => this.#pending.push(resolve));
    this.#post(line);
    return reply;
  }

  /** After the calls that have been asked for. */
  end(): void {
    this.#post(null);
  }

  #post(command: CallerCommand): void {
    this.#worker.postMessage(command);
  }
}
