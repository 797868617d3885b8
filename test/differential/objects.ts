import { DONE, LIMIT_EXCEEDED, NOT_OWNER, previousCount, type Initial, type Kind, type Outcome } from './actions.js';

/** Somebody who can own a mutex: one thread, for one life. */
export type Owner = object;

/** What the contract says of one object, whoever has it open. */
export abstract class ModelObject {
  abstract readonly kind: Kind;
  readonly name: string;
  /** Rule 3: it lives while this is above 0. */
  handles = 0;

  constructor(name: string) {
    this.name = name;
  }

  /** Whether a wait of this actor would succeed now. */
  abstract ready(actor: Owner): boolean;

  /** What such a wait does to it; whether it was abandoned. */
  abstract take(actor: Owner): boolean;

  abstract signal(actor: Owner, count: number): Outcome;
}

/** Rule 5. */
export class ModelMutex extends ModelObject {
  readonly kind = 'mutex';
  owner: Owner | undefined;
  protected abandoned = false;
  #depth = 0;

  ready(actor: Owner): boolean {
    return this.owner === undefined || this.owner === actor;
  }

  /** Recursive; the news of an abandonment goes to one waiter, once. */
  take(actor: Owner): boolean {
    const { abandoned } = this;
    this.abandoned = false;
    this.owner = actor;
    this.#depth++;
    return abandoned;
  }

  /** Released as often as taken, only by its owner. */
  signal(actor: Owner): Outcome {
    if (this.owner !== actor) return NOT_OWNER;
    if (--this.#depth === 0) this.owner = undefined;
    return DONE;
  }

  /** The end of a thread: if it is the owner's, by whatever cause, the mutex is abandoned. */
  forget(actor: Owner): void {
    if (this.owner !== actor) return;
    this.owner = undefined;
    this.#depth = 0;
    this.abandoned = true;
  }
}

/** Rule 6. */
export class ModelSemaphore extends ModelObject {
  readonly kind = 'semaphore';
  #count: number;
  protected maximum: number;

  constructor(name: string, { initialCount, maximumCount }: Initial & { kind: 'semaphore' }) {
    super(name);
    this.#count = initialCount;
    this.maximum = maximumCount;
  }

  ready(): boolean {
    return this.#count > 0;
  }

  take(): boolean {
    this.#count--;
    return false;
  }

  /** Never above its maximum: then nothing changes. Else the previous count. */
  signal(_actor: Owner, count: number): Outcome {
    if (this.#count + count > this.maximum) return LIMIT_EXCEEDED;
    this.#count += count;
    return previousCount(this.#count - count);
  }
}

/** Rule 7. */
export class ModelEvent extends ModelObject {
  readonly kind = 'event';
  readonly #manualReset: boolean;
  #set: boolean;

  constructor(name: string, { manualReset, initialState }: Initial & { kind: 'event' }) {
    super(name);
    this.#manualReset = manualReset;
    this.#set = initialState;
  }

  ready(): boolean {
    return this.#set;
  }

  /** Auto-reset: exactly one wait. Manual-reset: all, until it is reset. */
  take(): boolean {
    if (!this.#manualReset) this.#set = false;
    return false;
  }

  signal(): Outcome {
    this.#set = true;
    return DONE;
  }

  reset(): Outcome {
    this.#set = false;
    return DONE;
  }
}

/** Which model stands for each kind: a negative control puts a wrong one in. */
export interface Kinds {
  readonly mutex: new (name: string) => ModelMutex;
  readonly semaphore: new (name: string, initial: Initial & { kind: 'semaphore' }) => ModelSemaphore;
  readonly event: new (name: string, initial: Initial & { kind: 'event' }) => ModelEvent;
}

export const SPECIFIED: Kinds = { mutex: ModelMutex, semaphore: ModelSemaphore, event: ModelEvent };
