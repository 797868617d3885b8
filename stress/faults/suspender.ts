import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Peer } from '../peers/peer.js';

/** Stops processes, and lets them go on. */
export interface Suspender extends AsyncDisposable {
  /**
   * None of its threads runs any more when this has come back.
   *
   * @param milliseconds - On Linux it goes on after so long in any case. What it holds may be a lock within the library, which this thread waits for before it comes to let it go on.
   */
  suspend(peer: Peer, milliseconds: number): Promise<void>;
  resume(peer: Peer): Promise<void>;
}

export async function startSuspender(): Promise<Suspender> {
  return process.platform === 'win32' ? await suspendByHelper() : new SuspenderProcess();
}

/** Windows keeps its locks to itself: no stopped process can hold one. */
async function suspendByHelper(): Promise<Suspender> {
  const helper = await Peer.start('helper64');
  return {
    async suspend({ processId }) {
      await helper.send('suspend', processId);
    },
    async resume({ processId }) {
      await helper.send('resume', processId);
    },
    [Symbol.asyncDispose]: () => helper.exit(),
  };
}

const PROGRAM = fileURLToPath(new URL('suspender-main.js', import.meta.url));

class SuspenderProcess implements Suspender {
  readonly #child = spawn(process.execPath, [PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] });
  readonly #ended = new Promise<void>(resolve => this.#child.once('close', () => resolve()));
  readonly #awaited = new Map<string, () => void>();

  constructor() {
    this.#child.stdin.on('error', () => undefined); // `#ended` tells
    createInterface({ input: this.#child.stdout }).on('line', line => this.#awaited.get(line)?.());
  }

  suspend({ processId }: Peer, milliseconds: number): Promise<void> {
    return this.#send(`stop ${processId} ${milliseconds}`, `stopped ${processId}`);
  }

  resume({ processId }: Peer): Promise<void> {
    return this.#send(`continue ${processId}`, `continued ${processId}`);
  }

  #send(command: string, answer: string): Promise<void> {
    const answered = new Promise<void>(resolve => this.#awaited.set(answer, resolve));
    this.#child.stdin.write(`${command}\n`);
    return Promise.race([answered, this.#ended.then(() => Promise.reject(new Error(`the suspender has ended before: ${answer}`)))]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin.end();
    await this.#ended;
  }
}
