import { Timer, waitAny, type Waitable } from 'waitable';
import type { Contender, ScenarioContext } from '../runner/scenario-context.js';
import { Windows } from '../linearizability/check-windows.js';
import { LATE } from '../linearizability/expiries.js';
import { DONE, TIMEOUT, type Operation, type Specification, type Strictness } from '../linearizability/operation.js';
import { statusOf } from '../linearizability/status.js';
import { isHelper } from '../peers/peer-kind.js';
import type { Peer } from '../peers/peer.js';

/** Slots that the context's own objects leave free, and the record's. */
export const FIRST_TIMER = 65;

const SPECIFICATIONS: readonly Specification[] = [
  { kind: 'timer', manualReset: false },
  { kind: 'timer', manualReset: true },
];
export const TIMER_NAMES: readonly string[] = ['auto timer', 'manual timer'];

/** For a timer that is long due, in ms: past the latest instant at which it may be. */
const PATIENCE = 2 * LATE / 1e6;
/** A try may fail by itself where somebody stands still in the midst of a change, but hardly as often as this. */
const TRIES = 3;

/** The timers of the rounds about them, which the runner takes part in: it sees to it that none is set between two rounds. */
export class TimerRounds implements Disposable {
  readonly windows: Windows;
  readonly #context: ScenarioContext;
  readonly #epoch: bigint;
  readonly #timers: readonly Timer[];

  constructor(context: ScenarioContext, epoch: bigint, strictness: Strictness) {
    this.#context = context;
    this.#epoch = epoch;
    this.windows = new Windows({ objects: SPECIFICATIONS, joint: SPECIFICATIONS.length, contenders: context.contenders.length + 1, strictness });
    this.#timers = TIMER_NAMES.map((name, index) => Timer.create(context.nameOf(name), { manualReset: index === 1 }));
  }

  get size(): number {
    return this.#timers.length;
  }

  /** Helpers have no timers. */
  get contenders(): readonly Contender[] {
    return this.#context.contenders.filter(({ peer }) => !isHelper(peer.kind));
  }

  async openIn(peer: Peer): Promise<void> {
    if (isHelper(peer.kind)) return;
    for (const [index, name] of TIMER_NAMES.entries()) await peer.send('open', 'timer', FIRST_TIMER + index, encodeURIComponent(this.#context.nameOf(name)));
  }

  async closeIn(peer: Peer): Promise<void> {
    if (isHelper(peer.kind)) return;
    for (let index = 0; index < this.size; index++) await peer.send('close', FIRST_TIMER + index);
  }

  /** Waits for each timer after a round at whose end somebody has set it, when nobody else does anything. What comes late is told from what never comes by a second try. */
  async takeEach(): Promise<Operation[]> {
    const operations: Operation[] = [];
    for (const [index, timer] of this.#timers.entries()) {
      operations.push(await this.#wait(index, timer, PATIENCE));
      for (let tries = 0; tries < TRIES && operations.at(-1)?.outcome === TIMEOUT; tries++) operations.push(await this.#wait(index, timer, 0));
    }
    return operations;
  }

  /** After this, no timer is set. */
  cancelEach(): Operation[] {
    return this.#timers.map((timer, index) => {
      const called = this.#now;
      timer.cancel();
      return { contender: this.#runner, verb: 'cancel', objects: [index], argument: 0, called, returned: this.#now, outcome: DONE };
    });
  }

  async #wait(index: number, object: Waitable, timeout: number): Promise<Operation> {
    const called = this.#now;
    const outcome = statusOf(await waitAny([object], { timeout }));
    // Whether it blocks makes no difference to a timer.
    return { contender: this.#runner, verb: 'wait-any', objects: [index], argument: timeout, called, returned: this.#now, outcome };
  }

  get #runner(): number {
    return this.#context.contenders.length;
  }

  get #now(): number {
    return Number(process.hrtime.bigint() - this.#epoch);
  }

  [Symbol.dispose](): void {
    for (const timer of this.#timers) timer.close();
  }
}
