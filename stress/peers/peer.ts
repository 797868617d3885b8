import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { hasProgram, peerPrograms } from './programs.js';

/** Who contends: a worker thread of this process, a Node process of either bitness, or the C helper of either bitness. */
export type PeerKind = 'thread' | 'node' | 'node32' | 'helper32' | 'helper64';

/** Whether this machine has such peers. */
export function canStart(kind: PeerKind): boolean {
  return kind === 'thread' || kind === 'node' || hasProgram(kind);
}

/** The C helper of that bitness or, where there is none, a Node process, which can do nearly as much. */
export function helperKind(bits: 32 | 64): PeerKind {
  const helper = `helper${bits}` as const;
  return canStart(helper) ? helper : 'node';
}

/**
 * Whether a process that was ended from outside, and has ended by what its parent is told, may run on for a moment all the same. It is so under Wine; on Linux
 * a process has ended when its last thread has.
 */
const MAY_OUTLIVE_ITS_END = process.platform === 'win32';

/** A peer that ends others exactly, where a kill does not. See {@link Peer.kill}. */
export function startExecutioner(): Promise<Peer | undefined> {
  return MAY_OUTLIVE_ITS_END ? Peer.start('helper64') : Promise.resolve(undefined);
}

/** A peer refused or failed a command. */
export class PeerError extends Error {
  /** The Win32 error number, if a system call failed. */
  readonly errno: number | undefined;

  constructor(message: string, errno?: number) {
    super(message);
    this.name = 'PeerError';
    this.errno = errno;
  }
}

/** The peer has ended before it replied. */
export class PeerEndedError extends Error {
  override readonly name = 'PeerEndedError';
}

/** How lines go to a peer and its replies come back. */
interface Transport {
  send(line: string): void;
  onReply(listener: (line: string) => void): void;
  /** How the peer ended, once it has, by whatever cause. */
  readonly ended: Promise<string>;
  /** Ends the peer from outside. */
  kill(processId: number): void;
}

interface Pending {
  readonly command: string;
  readonly resolve: (fields: string[]) => void;
  readonly reject: (error: Error) => void;
}

/** A thread or process that executes the commands of PROTOCOL.md. */
export class Peer implements AsyncDisposable {
  readonly kind: PeerKind;
  readonly ended: Promise<void>;
  /** Known from its reply to `hello`. */
  bits = 0;
  processId = 0;

  readonly #transport: Transport;
  readonly #pending: Pending[] = [];
  #hasEnded = false;

  private constructor(kind: PeerKind, transport: Transport) {
    this.kind = kind;
    this.#transport = transport;
    transport.onReply(line => this.#settle(line));
    this.ended = transport.ended.then(how => {
      this.#hasEnded = true;
      for (const { command, reject } of this.#pending.splice(0)) reject(new PeerEndedError(`the ${kind} ended (${how}) before it replied to: ${command}`));
    });
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** It has not replied to all that it was sent. */
  get isBusy(): boolean {
    return this.#pending.length > 0;
  }

  static async start(kind: PeerKind): Promise<Peer> {
    try {
      return await Peer.#start(kind);
    } catch (error) {
      // Under Wine one start in some hundreds fails for no reason of ours.
      if (error instanceof PeerEndedError) return Peer.#start(kind);
      throw error;
    }
  }

  static async #start(kind: PeerKind): Promise<Peer> {
    const peer = new Peer(kind, kind === 'thread' ? threadTransport() : processTransport(kind));
    const [bits, processId] = await peer.send('hello', process.pid);
    peer.bits = Number(bits);
    peer.processId = Number(processId);
    return peer;
  }

  /**
   * Executes a command.
   *
   * @returns The fields after `ok`.
   * @throws PeerError, PeerEndedError.
   */
  send(verb: string, ...fields: (string | number)[]): Promise<string[]> {
    const command = [verb, ...fields].join(' ');
    if (this.#hasEnded) return Promise.reject(new PeerEndedError(`the ${this.kind} has ended; it cannot do: ${command}`));
    const reply = new Promise<string[]>((resolve, reject) => this.#pending.push({ command, resolve, reject }));
    this.#transport.send(command);
    return reply;
  }

  /**
   * Ends it from outside, at whatever it does: a process by TerminateProcess or, on Linux, SIGKILL.
   *
   * @param executioner - To have a process's threads stopped before it ends. Without one it may, under Wine, run on for some milliseconds after what it held
   * has been abandoned.
   */
  async kill(executioner?: Peer): Promise<void> {
    if (this.#hasEnded) return; // its process id may be somebody else's by now
    if (executioner === undefined) this.#transport.kill(this.processId);
    else await executioner.send('execute', this.processId);
    await this.ended;
  }

  /** Ends it from inside, at once, letting go of nothing. */
  async die(): Promise<void> {
    this.send('die', 1).catch(() => undefined); // the command has no reply
    await this.ended;
  }

  /** Ends it in order. */
  async exit(): Promise<void> {
    if (this.#hasEnded) return;
    this.send('exit').catch(() => undefined);
    await this.ended;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.exit();
  }

  #settle(line: string): void {
    const pending = this.#pending.shift();
    if (pending === undefined) throw new Error(`the ${this.kind} replied unasked: ${line}`);
    const [outcome, ...fields] = line.split(' ');
    switch (outcome) {
      case 'ok':
        pending.resolve(fields);
        break;
      case 'error':
        pending.reject(new PeerError(`${pending.command}: ${fields[1]} failed with error ${fields[0]}`, Number(fields[0])));
        break;
      default:
        pending.reject(new PeerError(`${pending.command}: ${line}`));
    }
  }
}

function threadTransport(): Transport {
  const worker = new Worker(new URL('../../workers/contender.js', import.meta.url));
  return {
    send: line => worker.postMessage(line),
    onReply: listener => worker.on('message', listener),
    ended: endOfThread(worker),
    kill: () => void worker.terminate(),
  };
}

function processTransport(kind: Exclude<PeerKind, 'thread'>): Transport {
  const [command, ...args] = commandLine(kind);
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], windowsHide: true });
  // A peer that was killed leaves a broken pipe behind; `ended` tells of it.
  child.stdin.on('error', () => undefined);
  const lines = createInterface({ input: child.stdout, crlfDelay: Infinity });
  return {
    send: line => child.stdin.write(`${line}\n`),
    onReply: listener => lines.on('line', listener),
    ended: endOfProcess(child),
    kill: processId => process.kill(processId === 0 ? (child.pid ?? 0) : processId, 'SIGKILL'),
  };
}

function endOfThread(worker: Worker): Promise<string> {
  return new Promise(resolve => {
    let how = '';
    worker.once('error', error => how = `${error.stack ?? error.message}; `);
    worker.once('exit', code => resolve(`${how}exit code ${code}`));
  });
}

function endOfProcess(child: ChildProcess): Promise<string> {
  return new Promise(resolve => {
    child.once('error', error => resolve(`it did not start: ${error.message}`));
    child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
}

const PROCESS_MAIN = 'dist/stress/peers/process-main.js';

function commandLine(kind: Exclude<PeerKind, 'thread'>): [string, ...string[]] {
  switch (kind) {
    case 'node': return [process.execPath, fileURLToPath(new URL('process-main.js', import.meta.url))];
    case 'node32': {
      const { node32, root32, relay32 } = peerPrograms;
      const node: [string, string] = [node32, `${root32}/${PROCESS_MAIN}`];
      return relay32 === undefined ? node : [relay32, ...node];
    }
    case 'helper32': return [peerPrograms.helper32];
    case 'helper64': return [peerPrograms.helper64];
  }
}
