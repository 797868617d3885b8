import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { WaitResult } from 'waitable';
import { PROGRESS, STOP, type Board } from './board.js';
import { Durations } from './durations.js';

/** No wait of a stress run lasts so long unless something is lost. */
export const STUCK_AFTER = 20_000;

export type Violation = 'stuck' | 'torn' | 'over' | 'turn' | 'round';

export interface Report {
  readonly operations: number;
  readonly abandonments: number;
  readonly violations: number;
  readonly firstViolation: string | undefined;
  readonly waits: Durations;
  /** The event loop's delay while asynchronous flows ran, its 99th percentile in ns. */
  readonly loopDelay?: number;
}

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
  /** Called from time to time between operations: a role lets no timer run. */
  readonly interrupt: () => void;
}

const OPERATIONS_BETWEEN_INTERRUPTS = 1024;

/** One contender's part in a scenario: what it counts, and what every role does alike. */
export class Contention {
  readonly board: Board;
  readonly contenders: number;
  readonly broken: number;
  readonly patience: number;
  readonly #contender: number;
  readonly #spin: number;
  readonly #interrupt: () => void;
  readonly #waits = new Durations();
  #operations = 0;
  #abandonments = 0;
  #violations = 0;
  #firstViolation: Violation | undefined;

  constructor({ board, contender, contenders, spin, broken = 0, patience = STUCK_AFTER, interrupt }: Place) {
    this.board = board;
    this.broken = broken;
    this.patience = patience;
    this.contenders = contenders;
    this.#contender = contender;
    this.#spin = spin;
    this.#interrupt = interrupt;
  }

  /** Runs a role to its end. */
  run(role: (self: Contention) => void): Report {
    try {
      role(this);
    } catch (error) {
      this.#endedBy(error);
    }
    return this.#report();
  }

  /** The same for a role of asynchronous flows. */
  async runFlows(role: (self: Contention) => Promise<void>): Promise<Report> {
    const loop = monitorEventLoopDelay({ resolution: 1 });
    loop.enable();
    try {
      await role(this);
    } catch (error) {
      this.#endedBy(error);
    }
    loop.disable();
    return { ...this.#report(), loopDelay: Math.round(loop.percentile(99)) };
  }

  #endedBy(error: unknown): void {
    if (!(error instanceof Stuck)) throw error;
    this.violate('stuck');
  }

  #report(): Report {
    return {
      operations: this.#operations,
      abandonments: this.#abandonments,
      violations: this.#violations,
      firstViolation: this.#firstViolation,
      waits: this.#waits,
    };
  }

  get stopping(): boolean {
    return this.board.load(STOP) !== 0;
  }

  get operations(): number {
    return this.#operations;
  }

  /** Measures a wait, which must succeed. */
  wait(wait: (timeout: number) => WaitResult): WaitResult {
    const began = performance.now();
    const result = wait(this.patience);
    this.waited(performance.now() - began);
    if (result.status === 'timeout') throw new Stuck();
    if (result.status === 'abandoned') this.abandoned();
    return result;
  }

  /** @param milliseconds - How long a wait took. */
  waited(milliseconds: number): void {
    this.#waits.record(milliseconds);
  }

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

  violate(violation: Violation): void {
    this.#violations++;
    this.#firstViolation ??= violation;
    // A broken twin has been found out, which is all that it is run for.
    if (this.broken !== 0) this.board.store(STOP, 1);
  }

  spin(): void {
    for (let turn = 0; turn < this.#spin; turn++) blackhole = turn;
  }
}

/** Written so that no optimizer may drop the loop of `spin`. */
export let blackhole = 0;
