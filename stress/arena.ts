import { setTimeout as delay } from 'node:timers/promises';
import { Event, Mutex, safeName, Semaphore, type Waitable } from 'waitable';
import { SharedMemory } from 'waitable/bitness';
import type { Outcome } from './outcome.js';
import { Board, boardLayout, PROGRESS, STOP } from './peers/board.js';
import { STUCK_AFTER } from './peers/contention.js';
import { Peer, PeerEndedError, type PeerKind } from './peers/peer.js';
import { reachableBy } from './peers/transports/open.js';
import type { TransportName } from './peers/transports/transport.js';
import { Waits } from './peers/waits.js';

const BOARD_SLOT = 0;
const PROGRESS_INTERVAL = 250;
/** Beyond the limit of a wait in a role: a contender that then has not reported will not do so any more. */
const REPORT_WITHIN = STUCK_AFTER + 10_000;

/** A part in a scenario: whose PROGRESS entry, and who plays it now. */
export interface Contender {
  readonly index: number;
  peer: Peer;
}

/** What a contender is to do: a role of PROTOCOL.md and its keys. */
export interface Order {
  readonly role: string;
  readonly keys?: Readonly<Record<string, number>>;
}

/** An object that the runner has made and every contender has open, in the same slot. */
export interface Shared<Object> {
  readonly slot: number;
  readonly object: Object;
}

/** What a peer is to open, and in which slot. */
export interface Opening {
  readonly kind: string;
  readonly slot: number;
  readonly name: string;
}

export interface ArenaOptions {
  readonly scenario: string;
  readonly control: boolean;
  readonly seconds: number;
  /** How the C helpers are reached. */
  readonly transport: TransportName;
  readonly onProgress: (elapsed: number, operations: number) => void;
}

/** Where the contenders of one scenario meet: its board, its objects under names of this run alone, and what is found out. */
export class Arena implements AsyncDisposable {
  readonly contenders: readonly Contender[];
  readonly board: Board;

  readonly #options: ArenaOptions;
  readonly #prefix: string;
  readonly #memory: SharedMemory;
  readonly #objects: Waitable[] = [];
  readonly #openings: Opening[] = [];
  readonly #waits: Waits[];
  readonly #broken: string[] = [];
  readonly #remarks: string[] = [];
  #abandonments = 0;
  #kills = 0;
  #seconds = 0;
  /** The largest that a contender of asynchronous flows reported, in ns. */
  #loopDelay = 0;

  private constructor(peers: readonly Peer[], options: ArenaOptions) {
    this.#options = options;
    this.#prefix = safeName(`waitable-stress ${process.pid} ${Math.random().toString(36).slice(2)} ${options.scenario}`);
    this.contenders = peers.map((peer, index) => ({ index, peer }));
    this.#waits = peers.map(() => new Waits());
    this.#memory = SharedMemory.create(`${this.#prefix} board`, boardLayout);
    this.board = new Board(this.#memory.buffer);
  }

  static async open(peers: readonly Peer[], options: ArenaOptions): Promise<Arena> {
    const arena = new Arena(peers, options);
    await arena.#openEverywhere({ kind: 'section', slot: BOARD_SLOT, name: `${arena.#prefix} board` });
    return arena;
  }

  get seconds(): number {
    return this.#options.seconds;
  }

  /** Of an object of this run alone. */
  nameOf(label: string): string {
    return `${this.#prefix} ${label}`;
  }

  mutex(label: string): Promise<Shared<Mutex>> {
    return this.#share(label, name => Mutex.create(name));
  }

  semaphore(label: string, count: number): Promise<Shared<Semaphore>> {
    return this.#share(label, name => Semaphore.create(name, { initialCount: count, maximumCount: count }));
  }

  event(label: string, options: { manualReset?: boolean; initialState?: boolean } = {}): Promise<Shared<Event>> {
    return this.#share(label, name => Event.create(name, options));
  }

  async #share<Object extends Waitable>(label: string, create: (name: string) => Object): Promise<Shared<Object>> {
    const name = this.nameOf(label);
    const object = create(name);
    this.#objects.push(object);
    const slot = this.#objects.length; // 0 is the board's
    await this.#openEverywhere({ kind: object.kind, slot, name });
    return { slot, object };
  }

  async #openEverywhere(opening: Opening): Promise<void> {
    this.#openings.push(opening);
    await Promise.all(this.contenders.map(({ peer }) => openIn(peer, opening)));
  }

  /** One more, reached as the crew is. */
  startPeer(kind: PeerKind): Promise<Peer> {
    return Peer.start(kind, reachableBy(kind, this.#options.transport));
  }

  /** Opens in a peer all that the contenders have open, and what it has besides. */
  async admit(peer: Peer, besides: readonly Opening[] = []): Promise<void> {
    for (const opening of [...this.#openings, ...besides]) await openIn(peer, opening);
  }

  /**
   * Has a contender play its role until it ends, and takes in its report.
   *
   * @returns Whether it lived to report.
   */
  async play(contender: Contender, { role, keys = {} }: Order, spin = 100): Promise<boolean> {
    const { index, peer } = contender;
    const all = { board: BOARD_SLOT, contender: index, contenders: Math.max(index + 1, this.contenders.length), spin, ...keys };
    try {
      const fields = await peer.send('run', role, ...Object.entries(all).map(([key, value]) => `${key}=${value}`));
      const [, abandonments = '0', violations = '0', firstViolation = '-', waits = '-', loopDelay = '0'] = fields;
      this.#abandonments += Number(abandonments);
      this.#waits[index]?.add(Waits.fromField(waits));
      this.#loopDelay = Math.max(this.#loopDelay, Number(loopDelay));
      this.check(`no contender sees what must not be (${firstViolation})`, violations === '0', `${violations} times by contender ${index}, a ${peer.kind}`);
      return true;
    } catch (error) {
      if (error instanceof PeerEndedError) return false;
      throw error;
    }
  }

  /** All contenders play, for as long as the scenario lasts. */
  async contend(assign: (contender: Contender) => Order, spin?: number): Promise<void> {
    await this.during(this.contenders.map(async contender => {
      const lived = await this.play(contender, assign(contender), spin);
      this.check('every contender lives', lived, `contender ${contender.index}, a ${contender.peer.kind}, ended by itself`);
    }));
  }

  /**
   * Lets the time of the scenario pass while `parts` go on, says stop, and waits for their end.
   *
   * @param meanwhile - What else to do; ends when the signal is given.
   */
  async during(parts: readonly Promise<void>[], meanwhile?: (over: AbortSignal) => Promise<void>): Promise<void> {
    const over = new AbortController();
    const began = performance.now();
    const side = meanwhile?.(over.signal);
    side?.catch(() => undefined); // it is awaited below, after the time
    const allEnded = Promise.all(parts);
    const ended = new AbortController();
    void allEnded.catch(() => undefined).then(() => ended.abort());
    for (;;) {
      const elapsed = (performance.now() - began) / 1000;
      this.#options.onProgress(Math.min(elapsed, this.seconds), this.operations);
      if (ended.signal.aborted || elapsed >= this.seconds) break;
      await delay(Math.min(PROGRESS_INTERVAL, Math.max(1, (this.seconds - elapsed) * 1000)));
    }
    over.abort();
    await side;
    this.#seconds = (performance.now() - began) / 1000;
    this.board.store(STOP, 1);
    await this.#inTime(allEnded);
  }

  async #inTime(ending: Promise<unknown>): Promise<void> {
    const alarm = new AbortController();
    const late = delay(REPORT_WITHIN, 'late', { signal: alarm.signal }).catch(() => undefined);
    const outcome = await Promise.race([ending, late]);
    alarm.abort();
    if (outcome === 'late') throw new StuckError(`${this.#options.scenario}: a contender did not report within ${REPORT_WITHIN / 1000} s of the end`);
  }

  /** An invariant: `detail` says what was seen. */
  check(invariant: string, holds: boolean, detail = ''): void {
    if (!holds) this.#broken.push(detail === '' ? invariant : `${invariant}: ${detail}`);
  }

  checkEqual(invariant: string, actual: number, expected: number): void {
    this.check(invariant, actual === expected, `${actual} instead of ${expected}`);
  }

  remark(text: string): void {
    this.#remarks.push(text);
  }

  sawAbandonment(): void {
    this.#abandonments++;
  }

  killed(): void {
    this.#kills++;
  }

  get abandonments(): number {
    return this.#abandonments;
  }

  get kills(): number {
    return this.#kills;
  }

  /** What the contenders have entered under PROGRESS, dead ones included. */
  get operations(): number {
    return this.board.sumOfProgress(this.contenders.length);
  }

  outcome(): Outcome {
    const { scenario, control } = this.#options;
    const shares = this.contenders.map(({ index, peer }) => ({
      kind: peer.kind,
      operations: this.board.load(PROGRESS + index),
      waits: this.#waits[index] ?? new Waits(),
    }));
    const remarks = this.#loopDelay === 0 ? this.#remarks : [...this.#remarks, `event loop delay p99 at most ${(this.#loopDelay / 1e6).toFixed(1)} ms`];
    return { scenario, control, seconds: this.#seconds, shares, abandonments: this.#abandonments, kills: this.#kills, remarks, broken: this.#broken };
  }

  /** Closes everything, here and in the contenders that live. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.contenders.map(({ peer }) => this.dismiss(peer).catch(() => undefined)));
    for (const object of this.#objects) object.close();
    this.#memory.close();
  }

  async dismiss(peer: Peer): Promise<void> {
    for (const { slot } of this.#openings) await peer.send('close', slot);
  }
}

/** Something is blocked for good: the run can only be ended from outside. */
export class StuckError extends Error {}

async function openIn(peer: Peer, { kind, slot, name }: Opening): Promise<void> {
  await peer.send('open', kind, slot, encodeURIComponent(name));
}
