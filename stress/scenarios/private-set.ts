import { Event, Mutex, Semaphore } from 'waitable';
import type { ScenarioContext, ObjectOpening } from '../runner/scenario-context.js';
import { STUCK_AFTER } from '../peers/roles/role-context.js';
import type { Peer } from '../peers/peer.js';

/** Slots that the context's own objects leave free. */
const LIFE = 64;
const MUTEX = 65;
const SEMAPHORE = 66;
const EVENT = 67;

/**
 * What may be missing from a set when its player has died. It takes all three together, or one alone, and gives back the event, the semaphore and the mutex, in that order. To be
 * abandoned is how the mutex is missing.
 */
const LEGAL_REMAINS: ReadonlySet<string> = new Set(['nothing', 'mutex', 'semaphore', 'event', 'mutex + semaphore', 'mutex + semaphore + event']);

/** The set that one victim after the other plays the role `sets` with, nobody else, and a mutex that each of them holds as long as it lives. */
export class PrivateSet implements Disposable {
  /** The keys of the role. */
  static readonly keys = { mutex: MUTEX, semaphore: SEMAPHORE, event: EVENT } as const;

  readonly openings: readonly ObjectOpening[];
  readonly #context: ScenarioContext;
  readonly #life: Mutex;
  readonly #mutex: Mutex;
  readonly #semaphore: Semaphore;
  readonly #event: Event;

  constructor(context: ScenarioContext, number: number) {
    const nameOf = (label: string) => context.nameOf(`${label} of set ${number}`);
    this.#context = context;
    this.#life = Mutex.create(nameOf('life'));
    this.#mutex = Mutex.create(nameOf('mutex'));
    this.#semaphore = Semaphore.create(nameOf('semaphore'), { initialCount: 1, maximumCount: 1 });
    this.#event = Event.create(nameOf('event'), { initialState: true });
    this.openings = [
      { kind: 'mutex', slot: LIFE, name: nameOf('life') },
      { kind: 'mutex', slot: MUTEX, name: nameOf('mutex') },
      { kind: 'semaphore', slot: SEMAPHORE, name: nameOf('semaphore') },
      { kind: 'event', slot: EVENT, name: nameOf('event') },
    ];
  }

  /** Gives a peer its life. */
  async liveIn(peer: Peer): Promise<void> {
    const [status] = await peer.send('wait', STUCK_AFTER, LIFE);
    this.#context.check('a victim begins with what was given back', status === '0', `status ${status}`);
  }

  /**
   * Waits, without blocking, for the death of who lives, and gives the instant at which it was told.
   *
   * @throws (rejects with) TimeoutError.
   */
  async awaitDeath(): Promise<number> {
    using lock = await this.#life.acquire({ timeout: STUCK_AFTER });
    const instant = performance.now();
    this.#context.check('whoever waits for a mutex is told that its owner died', lock.abandoned);
    return instant;
  }

  /**
   * Takes stock of what a dead player has left, and restores it.
   *
   * @returns What was missing.
   * @throws (rejects with) TimeoutError.
   */
  async inherit(): Promise<string> {
    const lock = await this.#mutex.acquire({ timeout: STUCK_AFTER });
    const isMissing = { mutex: lock.abandoned, semaphore: !isThere(this.#semaphore), event: !isThere(this.#event) };
    this.#event.set();
    this.#semaphore.release();
    lock.release();
    if (lock.abandoned) this.#context.sawAbandonment();
    const { status } = this.#mutex.waitSync(0);
    this.#context.check('a mutex is abandoned once', status === 'signaled', status);
    if (status !== 'timeout') this.#mutex.release();
    const missing = Object.entries(isMissing).filter(([, is]) => is).map(([name]) => name);
    const remains = missing.length === 0 ? 'nothing' : missing.join(' + ');
    this.#context.check('nobody finds a part of what a wait for all took', LEGAL_REMAINS.has(remains), `missing: ${remains}`);
    return remains;
  }

  [Symbol.dispose](): void {
    for (const object of [this.#life, this.#mutex, this.#semaphore, this.#event]) object.close();
  }
}

function isThere(object: Semaphore | Event): boolean {
  return object.waitSync(0).status === 'signaled';
}
