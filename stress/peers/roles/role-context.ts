import { monitorEventLoopDelay } from 'node:perf_hooks';
import { TimeoutError, type Lock, type WaitResult } from 'waitable';
import { PROGRESS, STOP, type Board } from '../board.js';
import { now } from '../../measure/clock.js';
import { DurationRecorder } from '../../measure/duration-recorder.js';
import type { Durations } from '../../measure/durations.js';

/** No wait of a stress run lasts so long unless something is lost. */
export const STUCK_AFTER = 20_000;

/** Those of the roles of PROTOCOL.md; a role of somebody's own has others. */
export type Violation = 'stuck' | 'torn' | 'over' | 'turn' | 'round' | (string & {});

export interface Report {
  readonly operations: number;
  readonly abandonments: number;
  readonly violations: number;
  readonly firstViolation: string | undefined;
  readonly waits: Durations;
  /** How long it owned what it had waited for. */
  readonly holds: Durations;
  /** From the release by another contender, of 32 and of 64 bits, to the end of the wait for it. */
  readonly handOvers: Readonly<Record<Bits, Durations>>;
  /** The event loop's delay while asynchronous flows ran, its 99th percentile in ns. */
  readonly loopDelay?: number;
}

export type Bits = 32 | 64;

const OWN_BITS: Bits = process.arch === 'ia32' ? 32 : 64;

/** Thrown out of a role that got stuck. */
class Stuck extends Error {}

export interface Place {
  readonly board: Board;
  readonly contender: number;
  /** How many entries at PROGRESS are in use. */
  readonly contenders: number;
  /** Turns of an empty loop that widen the critical section. */
  readonly spin: number;
  /** Which fault of its role it plays with on purpose; 0, the default, for none. */
  readonly broken?: number;
  /** How long a wait may last, in ms. Default: {@link STUCK_AFTER}. */
  readonly patience?: number;
  /** Whether it is noted how long waits, holds and hand-overs take. Default: yes. */
  readonly clock?: boolean;
  /** Called from time to time between operations: a role lets no timer run. */
  readonly interrupt: () => void;
}

const OPERATIONS_BETWEEN_INTERRUPTS = 1024;

/** One contender's part in a scenario: what it counts, and what every role does alike. See {@link ModuleRole} for an example. */
export class RoleContext {
  readonly board: Board;
  readonly contenders: number;
  readonly broken: number;
  readonly patience: number;
  readonly #contender: number;
  readonly #spin: number;
  readonly #clock: boolean;
  readonly #interrupt: () => void;
  readonly #waits = new DurationRecorder();
  readonly #holds = new DurationRecorder();
  readonly #handOvers = { 32: new DurationRecorder(), 64: new DurationRecorder() };
  /** Of the last wait. */
  #began = 0;
  #ended = 0;
  #operations = 0;
  #abandonments = 0;
  #violations = 0;
  #firstViolation: Violation | undefined;

  constructor({ board, contender, contenders, spin, broken = 0, patience = STUCK_AFTER, clock = true, interrupt }: Place) {
    this.board = board;
    this.broken = broken;
    this.patience = patience;
    this.contenders = contenders;
    this.#contender = contender;
    this.#spin = spin;
    this.#clock = clock;
    this.#interrupt = interrupt;
  }

  /** Runs a role to its end. */
  run(role: (self: RoleContext) => void): Report {
    try {
      role(this);
    } catch (error) {
      this.#endedBy(error);
    }
    return this.#report();
  }

  /** The same for a role that lets the event loop run. */
  async runAsync(role: (self: RoleContext) => void | Promise<void>): Promise<Report> {
    const loop = monitorEventLoopDelay({ resolution: 1 });
    loop.enable();
    const report = await this.runHalfAsync(role);
    loop.disable();
    return { ...report, loopDelay: Math.round(loop.percentile(99)) };
  }

  /** The same for a role that blocks now and then: its event loop's delay would tell of nothing else. */
  async runHalfAsync(role: (self: RoleContext) => void | Promise<void>): Promise<Report> {
    try {
      await role(this);
    } catch (error) {
      this.#endedBy(error);
    }
    return this.#report();
  }

  isStuck(error: unknown): boolean {
    return error instanceof Stuck;
  }

  #endedBy(error: unknown): void {
    if (!this.isStuck(error)) throw error;
    this.violate('stuck');
  }

  #report(): Report {
    return {
      operations: this.#operations,
      abandonments: this.#abandonments,
      violations: this.#violations,
      firstViolation: this.#firstViolation,
      waits: this.#waits.durations(),
      holds: this.#holds.durations(),
      handOvers: { 32: this.#handOvers[32].durations(), 64: this.#handOvers[64].durations() },
    };
  }

  /** Whether the time is up: a role then ends. */
  get stopping(): boolean {
    return this.board.load(STOP) !== 0;
  }

  /** How many it has done. */
  get operations(): number {
    return this.#operations;
  }

  /** Now, where what follows is measured; else 0, since reading the clock takes as long as a lock. */
  now(): number {
    return this.#clock ? now() : 0;
  }

  /** Measures a wait, which must succeed. */
  wait(wait: (timeout: number) => WaitResult): WaitResult {
    this.#began = this.now();
    const result = wait(this.patience);
    this.#ended = this.now();
    this.waited(this.#ended - this.#began);
    if (result.status === 'timeout') throw new Stuck();
    if (result.status === 'abandoned') this.abandoned();
    return result;
  }

  /** The same for a wait that does not block, and gives a result, a lock or a permit. One at a time. */
  async waitAsync<Result extends WaitResult | Lock>(wait: (timeout: number) => Promise<Result>): Promise<Result> {
    this.#began = this.now();
    const result = await wait(this.patience).catch(stuckIfLate);
    this.#ended = this.now();
    this.waited(this.#ended - this.#began);
    if ('status' in result && result.status === 'timeout') throw new Stuck();
    if ('status' in result ? result.status === 'abandoned' : result.abandoned) this.abandoned();
    return result;
  }

  /** @param nanoseconds - How long a wait took. */
  waited(nanoseconds: number): void {
    if (!this.#clock) return;
    this.#waits.record(nanoseconds);
  }

  /**
   * After a wait for what one alone can own: if another contender has let go of it since the wait began, this one has waited for that.
   *
   * @param entry - Of the object, on the board.
   */
  tookOver(entry: number, began = this.#began, ended = this.#ended): void {
    if (!this.#clock) return;
    const { at, contender, bits } = this.board.readRelease(entry);
    if (at > began && contender !== this.#contender) this.#handOvers[bits === 32 ? 32 : 64].record(ended - at);
  }

  /** The last thing before a release. `entry`: of an object that one alone can own. */
  letsGo(entry?: number, since = this.#ended): void {
    if (!this.#clock) return;
    const at = now();
    this.#holds.record(at - since);
    if (entry !== undefined) this.board.writeRelease(entry, { at, contender: this.#contender, bits: OWN_BITS });
  }

  /** It has taken over from a dead owner. A wait's result that says so counts by itself. */
  abandoned(): void {
    this.#abandonments++;
  }

  /** The last one is not to be told of. */
  unsayAbandoned(): void {
    this.#abandonments--;
  }

  /** An operation is done. Called inside the critical section, where the role has one. */
  progress(): void {
    this.#operations++;
    if (this.#operations % OPERATIONS_BETWEEN_INTERRUPTS === 0) this.#interrupt();
    const entry = PROGRESS + this.#contender;
    this.board.write(entry, this.board.read(entry) + 1);
  }

  /** What must not be has been seen: the scenario is broken. */
  violate(violation: Violation): void {
    this.#violations++;
    this.#firstViolation ??= violation;
    // A broken twin has been found out, which is all that it is run for.
    if (this.broken !== 0) this.board.store(STOP, 1);
  }

  /** Some work, as long as the scenario says. */
  spin(): void {
    for (let turn = 0; turn < this.#spin; turn++) blackhole = turn;
  }
}

function stuckIfLate(error: unknown): never {
  throw error instanceof TimeoutError ? new Stuck() : error;
}

/** Written so that no optimizer may drop the loop of `spin`. */
export let blackhole = 0;
