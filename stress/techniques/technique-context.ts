import { safeName } from 'waitable';
import type { Bitness } from 'waitable/bitness';
import { canStart, Peer } from '../peers/peer.js';
import { peerPrograms } from '../peers/programs.js';
import { whyOutOfReach } from '../peers/transports/open.js';
import type { TransportName } from '../peers/transports/transport.js';
import type { BrokenInvariant } from '../report/scenario-report.js';
import type { Direction, TechniqueReport } from '../report/technique-report.js';

/** No step of a technique takes so long unless something is lost, in ms. */
export const PATIENCE = 30_000;

const OWN_BITNESS: Bitness = process.arch === 'ia32' ? 32 : 64;
const OTHER_BITNESS: Bitness = OWN_BITNESS === 32 ? 64 : 32;

/** From this Node to peers of the other bitness. */
export const ownDirection: Direction = `${OWN_BITNESS}→${OTHER_BITNESS}` as Direction;
export const otherDirection: Direction = `${OTHER_BITNESS}→${OWN_BITNESS}` as Direction;

/** It cannot be run here; the message says why. */
export class NotHereError extends Error {}

/** What is found out while a technique is used. */
export type TechniqueResults = Pick<TechniqueReport, 'seconds' | 'operations' | 'remarks' | 'broken'>;

/** Where one technique is used, between this process and C helpers of the other bitness, and what is found out. */
export class TechniqueContext implements AsyncDisposable {
  readonly bitness = OWN_BITNESS;
  readonly otherBitness = OTHER_BITNESS;
  readonly #prefix: string;
  readonly #began = performance.now();
  readonly #limit: number;
  readonly #signal: AbortSignal | undefined;
  readonly #peers: Peer[] = [];
  readonly #broken: BrokenInvariant[] = [];
  readonly #remarks: string[] = [];
  #operations = 0;

  constructor(technique: string, seconds: number, signal?: AbortSignal) {
    this.#prefix = safeName(`waitable-stress ${process.pid} ${Math.random().toString(36).slice(2)} ${technique}`);
    this.#limit = seconds;
    this.#signal = signal;
  }

  /** Of an object of this run alone. */
  nameOf(label: string): string {
    return `${this.#prefix} ${label}`;
  }

  /** What lasts as long as the technique has ended by then, in whole ms from its beginning, unless something is lost. */
  get patience(): number {
    return Math.ceil(this.#limit * 1000) + PATIENCE;
  }

  get seconds(): number {
    return (performance.now() - this.#began) / 1000;
  }

  /** Whether the time of the technique has passed, or the run is to end. */
  get isOver(): boolean {
    return this.seconds >= this.#limit || this.#signal?.aborted === true;
  }

  /** Does it at least once, and again until the time has passed. */
  async repeat(step: (round: number) => void | Promise<void>): Promise<void> {
    let round = 0;
    do await step(round++); while (!this.isOver && this.#broken.length === 0);
  }

  /** The C helper of the other bitness, as a program to launch. */
  get program(): string {
    this.#requireHelper();
    return peerPrograms[this.#helper];
  }

  /** The same as a peer, which ends with this context. */
  async startPeer(transport: TransportName = 'pipe'): Promise<Peer> {
    const outOfReach = whyOutOfReach(this.#helper, transport);
    if (outOfReach !== undefined) throw new NotHereError(outOfReach);
    this.#requireHelper();
    const peer = await Peer.start(this.#helper, { transport });
    this.#peers.push(peer);
    this.checkEqual('the peer is of the other bitness', peer.bits, this.otherBitness);
    return peer;
  }

  get #helper(): 'helper32' | 'helper64' {
    return `helper${this.otherBitness}`;
  }

  #requireHelper(): void {
    if (!canStart(this.#helper)) throw new NotHereError(`there is no ${this.otherBitness}-bit C helper, for want of a C compiler`);
  }

  /** Ends them from outside: what they have been asked for fails. */
  async killPeers(): Promise<void> {
    await Promise.all(this.#peers.map(peer => peer.kill()));
  }

  did(operations: number): void {
    this.#operations += operations;
  }

  check(invariant: string, holds: boolean, seen = ''): void {
    if (!holds) this.#broken.push({ invariant, seen, at: Math.round(this.seconds * 1000) });
  }

  checkEqual(invariant: string, actual: unknown, expected: unknown): void {
    this.check(invariant, Object.is(actual, expected), `${String(actual)} instead of ${String(expected)}`);
  }

  remark(text: string): void {
    this.#remarks.push(text);
  }

  get results(): TechniqueResults {
    return { seconds: this.seconds, operations: this.#operations, remarks: this.#remarks, broken: this.#broken };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#peers.map(peer => peer.exit()));
  }
}
