import type { PeerKind } from './peer-kind.js';
import { peerPrograms } from './programs.js';
import { openTransport } from './transports/open.js';
import type { Transport, TransportName } from './transports/transport.js';

export { canStart, helperKind, type PeerKind } from './peer-kind.js';

/** Who prepared this machine had to put the relay between Nodes. */
const UNDER_WINE = peerPrograms.relay32 !== undefined;

/**
 * Whether a process that was ended from outside, and has ended by what its parent is told, may run on for a moment all the same. It is so under Wine; on Linux
 * a process has ended when its last thread has.
 */
const MAY_OUTLIVE_ITS_END = process.platform === 'win32';

/** A peer that ends others exactly, where a kill does not. See {@link Peer.kill}. */
export function startTerminator(): Promise<Peer | undefined> {
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

export interface PeerOptions {
  /** How it is reached; 'rpc' and 'com' are for the C helpers on Windows. */
  readonly transport?: TransportName;
}

interface Pending {
  readonly command: string;
  readonly resolve: (fields: string[]) => void;
  readonly reject: (error: Error) => void;
}

/** A thread or process that executes the commands of PROTOCOL.md. */
export class Peer implements AsyncDisposable {
  readonly kind: PeerKind;
  readonly transport: TransportName;
  readonly ended: Promise<void>;
  /** Known from its reply to `hello`. */
  bits = 0;
  processId = 0;

  readonly #transport: Transport;
  readonly #pending: Pending[] = [];
  #hasEnded = false;

  private constructor(kind: PeerKind, transport: TransportName) {
    this.kind = kind;
    this.transport = transport;
    this.#transport = openTransport(kind, transport);
    this.#transport.onReply(line => this.#settle(line));
    this.ended = this.#transport.ended.then(how => {
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

  static async start(kind: PeerKind, { transport = 'pipe' }: PeerOptions = {}): Promise<Peer> {
    try {
      return await Peer.#start(kind, transport);
    } catch (error) {
      // Under Wine a start may fail by chance: see steady-addresses.ts.
      if ((UNDER_WINE && error instanceof PeerEndedError) || isFailureByChance(error)) return Peer.#start(kind, transport);
      throw error;
    }
  }

  static async #start(kind: PeerKind, transport: TransportName): Promise<Peer> {
    const peer = new Peer(kind, transport);
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
   * @param terminator - To have a process's threads stopped before it ends. Without one it may, under Wine, run on for some milliseconds after what it held
   * has been abandoned.
   */
  async kill(terminator?: Peer): Promise<void> {
    if (this.#hasEnded) return; // its process id may be somebody else's by now
    if (terminator === undefined) this.#transport.kill(this.processId);
    else await terminator.send('execute', this.processId);
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

/** What `spawn` throws where Wine's part of a start fails. On Windows a policy that forbids the program is called so. */
function isFailureByChance(error: unknown): boolean {
  return UNDER_WINE && error instanceof Error && 'code' in error && error.code === 'UNKNOWN';
}
