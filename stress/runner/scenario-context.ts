import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Event, Mutex, safeName, Semaphore } from 'waitable';
import { SharedMemory } from 'waitable/bitness';
import { isDeadly, type FaultName, type Rates } from '../report/fault-name.js';
import { ScenarioResults, sumOf } from './scenario-results.js';
import { LoopDelay } from './event-loop-delay.js';
import { Board, boardLayout, STOP } from '../peers/board.js';
import { Durations } from '../measure/durations.js';
import { isHelper } from '../peers/peer-kind.js';
import { moduleForNode32 } from '../peers/programs.js';
import { PeerEndedError, type Peer, type PeerKind } from '../peers/peer.js';
import { Random, seedFor } from '../util/random.js';
import { jainsIndex, reportOf } from '../report/figures.js';
import type { ScenarioReport } from '../report/scenario-report.js';
import { Timeline } from './timeline.js';

const BOARD_SLOT = 0;
const SAMPLE_INTERVAL = 250;

/** A part in a scenario: whose PROGRESS entry, and who plays it now. */
export interface Contender {
  readonly index: number;
  peer: Peer;
}

/** What a contender is to do: a role of PROTOCOL.md with its keys, or one of your own. */
export type RoleAssignment = ProtocolRoleAssignment | ModuleRoleAssignment;

export interface ProtocolRoleAssignment {
  readonly role: string;
  readonly keys?: Readonly<Record<string, number>>;
}

export interface ModuleRoleAssignment {
  /** Where the role is: see {@link ModuleRole}. Nodes of both bitnesses have to find it, and what it imports. */
  readonly module: URL;
  /** For the role, as JSON has it. */
  readonly data?: unknown;
}

/** An object that the runner has made and every contender has open, in the same slot. */
export interface Shared<Object> {
  readonly slot: number;
  readonly object: Object;
}

/** An object that the contenders have open, as faults see it. */
export interface SharedObject {
  readonly name: string;
  readonly object: Mutex | Semaphore | Event;
  /** A manual-reset event: a wait takes nothing of it. */
  readonly staysSet: boolean;
}

/** What a peer is to open, and in which slot. */
export interface ObjectOpening {
  readonly kind: string;
  readonly slot: number;
  readonly name: string;
}

export interface ScenarioContextOptions {
  readonly scenario: string;
  readonly control: boolean;
  readonly seconds: number;
  /** How long a contender may take to report after these. */
  readonly reportWithin: number;
  /** Of this scenario's random choices. */
  readonly seed: number;
  /** How often faults strike, a second. */
  readonly faults: Rates;
  /** What goes on beside the contenders, as faults do; it ends when the signal is given. */
  readonly background: (context: ScenarioContext, over: AbortSignal) => Promise<void>;
  /** Ends it before its time. */
  readonly signal: AbortSignal;
  /** Starts one more peer, as the contenders were started. */
  readonly startPeer: (kind: PeerKind) => Promise<Peer>;
  readonly onProgress: (elapsed: number, operations: number) => void;
}

/** Where the contenders of one scenario meet: its board, its objects under names of this run alone, and what is found out. */
export class ScenarioContext implements AsyncDisposable {
  readonly contenders: readonly Contender[];
  readonly board: Board;

  readonly #options: ScenarioContextOptions;
  readonly #prefix: string;
  readonly #memory: SharedMemory;
  readonly #objects: SharedObject[] = [];
  readonly #openings: ObjectOpening[] = [];
  readonly #timeline: Timeline;
  readonly #results: ScenarioResults;
  readonly #loop = new LoopDelay();
  #seconds = 0;
  #interrupted = false;
  /** For a negative control, which ends when it has broken. */
  readonly #caught = new AbortController();

  private constructor(peers: readonly Peer[], options: ScenarioContextOptions) {
    this.#options = options;
    this.#prefix = safeName(`waitable-stress ${process.pid} ${randomBytes(6).toString('hex')} ${options.scenario}`);
    this.contenders = peers.map((peer, index) => ({ index, peer }));
    this.#memory = SharedMemory.create(`${this.#prefix} board`, boardLayout);
    this.board = new Board(this.#memory.buffer);
    this.#timeline = new Timeline(this.board, peers.length);
    this.#results = new ScenarioResults(this.#timeline, peers.length);
  }

  static async open(peers: readonly Peer[], options: ScenarioContextOptions): Promise<ScenarioContext> {
    const context = new ScenarioContext(peers, options);
    await context.#openEverywhere({ kind: 'section', slot: BOARD_SLOT, name: `${context.#prefix} board` });
    return context;
  }

  get seconds(): number {
    return this.#options.seconds;
  }

  /** It is to be caught, and need not go on any further. */
  get isControl(): boolean {
    return this.#options.control;
  }

  get objects(): readonly SharedObject[] {
    return this.#objects;
  }

  /** For the choices of one purpose: a generator of its own, so that concurrent ones do not depend on each other. The run's seed brings the same choices again. */
  random(purpose: string): Random {
    return new Random(seedFor(purpose, this.#options.seed));
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
    return this.#share(label, name => Event.create(name, options), options.manualReset);
  }

  async #share<Object extends SharedObject['object']>(label: string, create: (name: string) => Object, staysSet = false): Promise<Shared<Object>> {
    const name = this.nameOf(label);
    const object = create(name);
    this.#objects.push({ name, object, staysSet });
    const slot = this.#objects.length; // 0 is the board's
    await this.#openEverywhere({ kind: object.kind, slot, name });
    return { slot, object };
  }

  async #openEverywhere(opening: ObjectOpening): Promise<void> {
    this.#openings.push(opening);
    await Promise.all(this.contenders.map(({ peer }) => openIn(peer, opening)));
  }

  /** One more, reached as the contenders are. */
  startPeer(kind: PeerKind): Promise<Peer> {
    return this.#options.startPeer(kind);
  }

  /** Opens in a peer all that the contenders have open, and what it has besides. */
  async admit(peer: Peer, besides: readonly ObjectOpening[] = []): Promise<void> {
    for (const opening of [...this.#openings, ...besides]) await openIn(peer, opening);
  }

  /**
   * Has a contender play its role until it ends, and takes in its report.
   *
   * @returns Whether it lived to report.
   */
  async runRole(contender: Contender, order: RoleAssignment, spin = 100): Promise<boolean> {
    const { index, peer } = contender;
    const all = { board: BOARD_SLOT, contender: index, contenders: Math.max(index + 1, this.contenders.length), spin, ...('role' in order ? order.keys : {}) };
    try {
      const fields = await peer.send(...verbOf(order, peer), ...Object.entries(all).map(([key, value]) => `${key}=${value}`));
      const [, abandonments = '0', violations = '0', firstViolation = '-', waits = '-', holds = '-', from32 = '-', from64 = '-', loopDelay = '0'] = fields;
      this.#results.abandonments += Number(abandonments);
      this.#results.waits[index]?.add(Durations.fromField(waits));
      this.#results.holds[index]?.add(Durations.fromField(holds));
      for (const [bits, handOvers] of [[32, from32], [64, from64]] as const) this.#results.handOvers.add(bits, peer.bits, Durations.fromField(handOvers));
      this.#results.loopDelay = Math.max(this.#results.loopDelay, Number(loopDelay));
      this.check(`no contender sees what must not be (${decodeURIComponent(firstViolation)})`, violations === '0', `${violations} times by contender ${index}, a ${peer.kind}`);
      return true;
    } catch (error) {
      if (error instanceof PeerEndedError) return false;
      throw error;
    }
  }

  /** All contenders play, for as long as the scenario lasts. Where processes are killed by the faults `kill` and `reap`, another one goes on in the place of each. */
  async contend(assign: (contender: Contender) => RoleAssignment, spin?: number): Promise<void> {
    await this.during(this.contenders.map(async contender => {
      while (!await this.runRole(contender, assign(contender), spin)) {
        const { kill = 0, reap = 0 } = this.#options.faults;
        const mayBeKilled = kill + reap > 0 && contender.peer.kind !== 'thread';
        this.check('every contender lives', mayBeKilled, `contender ${contender.index}, a ${contender.peer.kind}, ended by itself`);
        if (!mayBeKilled) break;
        await this.#replace(contender);
      }
    }));
  }

  async #replace(contender: Contender): Promise<void> {
    const successor = await this.startPeer(contender.peer.kind);
    await this.admit(successor);
    contender.peer = successor;
  }

  /**
   * Lets the time of the scenario pass while `parts` go on and faults strike, says stop, and waits for their end. The time is up early when the run is interrupted, and for a negative control when it has broken an invariant.
   *
   * @param meanwhile - What else to do; ends when the signal is given.
   */
  async during(parts: readonly Promise<void>[], meanwhile?: (over: AbortSignal) => Promise<void>): Promise<void> {
    const over = new AbortController();
    const signal = AbortSignal.any([this.#options.signal, this.#caught.signal]);
    const began = performance.now();
    const side = Promise.all([meanwhile?.(over.signal), this.#options.background(this, over.signal)]);
    side.catch(() => undefined); // it is awaited below, after the time
    const allEnded = Promise.all(parts);
    const ended = new AbortController();
    void allEnded.catch(() => undefined).then(() => ended.abort());
    for (;;) {
      const elapsed = (performance.now() - began) / 1000;
      this.#timeline.sample();
      this.#options.onProgress(Math.min(elapsed, this.seconds), this.operations);
      if (ended.signal.aborted || signal.aborted || elapsed >= this.seconds) break;
      await delay(Math.min(SAMPLE_INTERVAL, Math.max(1, (this.seconds - elapsed) * 1000)), undefined, { signal }).catch(() => undefined);
    }
    this.#interrupted ||= this.#options.signal.aborted;
    over.abort();
    await side;
    this.#seconds = (performance.now() - began) / 1000;
    this.board.store(STOP, 1);
    await this.#inTime(allEnded);
    this.#timeline.sample();
  }

  async #inTime(ending: Promise<unknown>): Promise<void> {
    const alarm = new AbortController();
    const late = delay(this.#options.reportWithin * 1000, 'late', { signal: alarm.signal }).catch(() => undefined);
    const outcome = await Promise.race([ending, late]);
    alarm.abort();
    if (outcome === 'late') throw new StuckError(this.#options.reportWithin);
  }

  /** An invariant: `seen` says what was seen instead. */
  check(invariant: string, holds: boolean, seen = ''): void {
    this.#results.check(invariant, holds, seen);
    if (!holds && this.#options.control) this.#caught.abort();
  }

  /** That the scenario has put to the test what it is there for. An interrupted one need not have; a negative control that has not proves nothing. */
  checkEnough(what: string, holds: boolean, seen = ''): void {
    if (!holds && this.#options.control) this.#results.isEnough = false;
    else this.check(what, holds || this.#interrupted, seen);
  }

  checkEqual(invariant: string, actual: number, expected: number): void {
    this.check(invariant, actual === expected, `${actual} instead of ${expected}`);
  }

  remark(text: string): void {
    this.#results.remarks.push(text);
  }

  sawAbandonment(): void {
    this.#results.abandonments++;
  }

  /** A fault has struck, this moment; a contender or a victim of that kind, if any. */
  recordFault(fault: FaultName, kind?: PeerKind): void {
    this.#results.recordFault(fault, kind);
  }

  get abandonments(): number {
    return this.#results.abandonments;
  }

  get kills(): number {
    return this.#results.faults.filter(({ fault }) => isDeadly(fault)).length;
  }

  /** What the contenders have done, dead ones included. */
  get operations(): number {
    return this.#timeline.totals().reduce((sum, each) => sum + each, 0);
  }

  /** The same as the board has it: the sum of the contenders' entries at PROGRESS, which wraps as COUNTER does. */
  get progress(): number {
    return this.board.sumOfProgress(this.contenders.length);
  }

  report(): Omit<ScenarioReport, 'resourceUsage' | 'processes'> {
    const { scenario, control, seed } = this.#options;
    const { waits, holds, handOvers, remarks, faults, broken, abandonments, loopDelay } = this.#results;
    const totals = this.#timeline.totals();
    const operations = this.operations;
    const ofContender = (all: readonly Durations[], index: number) => reportOf(sumOf(all.slice(index, index + 1)));
    const allWaits = reportOf(sumOf(waits));
    return {
      scenario,
      control,
      verdict: this.#results.verdict(control, this.#interrupted),
      interrupted: this.#interrupted,
      seed,
      seconds: this.#seconds,
      operations,
      waits: allWaits,
      holds: reportOf(sumOf(holds)),
      handOvers: handOvers.toReport(),
      fairness: { jain: jainsIndex(totals), longestWait: allWaits.max },
      contenders: this.contenders.map(({ index, peer }) => {
        const own = totals[index] ?? 0;
        return { kind: peer.kind, bits: peer.bits, operations: own, share: operations === 0 ? 0 : own / operations, waits: ofContender(waits, index), holds: ofContender(holds, index) };
      }),
      timeline: this.#timeline.toReport(),
      faults,
      abandonments,
      ...(loopDelay === 0 ? {} : { eventLoopDelay: loopDelay }),
      loop: this.#loop.toReport(),
      remarks,
      broken,
    };
  }

  /** Closes everything, here and in the contenders that live and would hear of it. */
  async [Symbol.asyncDispose](): Promise<void> {
    const heedful = this.contenders.filter(({ peer }) => !peer.isBusy);
    await Promise.all(heedful.map(({ peer }) => this.dismiss(peer).catch(() => undefined)));
    for (const { object } of this.#objects) object.close();
    this.#memory.close();
    this.#loop[Symbol.dispose]();
  }

  async dismiss(peer: Peer): Promise<void> {
    for (const { slot } of this.#openings) await peer.send('close', slot);
  }
}

/** Something is blocked for good: the run can only be ended from outside. */
export class StuckError extends Error {
  readonly invariant: string;

  constructor(reportWithin: number) {
    super();
    this.invariant = `every contender reports within ${reportWithin} s of the end`;
  }
}

/** @throws RangeError where that peer cannot play it. */
function verbOf(order: RoleAssignment, { kind }: Peer): [string, ...string[]] {
  if ('role' in order) return ['run', order.role];
  if (isHelper(kind)) throw new RangeError(`a role from a module is for Nodes, and ${kind} is none: the scenario has to say who takes part, by "kinds"`);
  return ['run-module', encodeURIComponent((kind === 'node32' ? moduleForNode32(order.module) : order.module).href), encodeURIComponent(JSON.stringify(order.data ?? null))];
}

async function openIn(peer: Peer, { kind, slot, name }: ObjectOpening): Promise<void> {
  await peer.send('open', kind, slot, encodeURIComponent(name));
}
