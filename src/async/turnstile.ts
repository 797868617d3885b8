import PQueue from 'p-queue';
import type { ObjectKind } from '../kernel/kernel.js';
import { kernel } from '../kernel/select.js';
import type { OwnedHandle } from '../owned-handle.js';

/**
 * What one thread knows of one kernel object, through however many instances and handles it has it open.
 *
 * The kernel lets a thread take a mutex again that it owns, so for code of one thread to exclude each other, this has to be asked before the kernel is.
 */
export class Turnstile {
  static #keys = 0;
  /** By identity; collected with the last object that refers to it. */
  static readonly #known = new Map<unknown, WeakRef<Turnstile>>();
  static readonly #collected = new FinalizationRegistry<unknown>(identity => {
    if (Turnstile.#known.get(identity)?.deref() === undefined) Turnstile.#known.delete(identity);
  });
  /** Of handles from elsewhere: what they refer to can only be found out by comparing. */
  static #foreign: WeakRef<Turnstile>[] = [];

  /** Unique in this thread. */
  readonly key = ++Turnstile.#keys;
  readonly kind: ObjectKind;
  readonly name: string | undefined;
  /** The number of the token that owns the mutex; 0 if none does. Not the token itself: the collector would have to be told of each. */
  owner = 0;
  /** How often this thread has taken the mutex synchronously and not released it. */
  syncDepth = 0;
  /** Requests that wait for it, in the queue or in a wait thread. */
  waiting = 0;

  readonly #handles = new Set<OwnedHandle>();
  #queue: PQueue | undefined;

  private constructor(kind: ObjectKind, name: string | undefined) {
    this.kind = kind;
    this.name = name;
  }

  /** @param identity - See `Origin`. */
  static of(identity: unknown, kind: ObjectKind, owned: OwnedHandle, name: string | undefined): Turnstile {
    const turnstile = Turnstile.#find(identity, kind, owned) ?? Turnstile.#make(identity, kind, name);
    turnstile.#add(owned);
    return turnstile;
  }

  /** A new object has this identity: what is known of the one that had it before, and is gone, does not concern it. */
  static forget(identity: unknown): void {
    Turnstile.#known.delete(identity);
  }

  static #find(identity: unknown, kind: ObjectKind, owned: OwnedHandle): Turnstile | undefined {
    const known = identity === undefined ? undefined : Turnstile.#known.get(identity)?.deref();
    if (known !== undefined) return known;
    Turnstile.#foreign = Turnstile.#foreign.filter(reference => reference.deref() !== undefined);
    const candidates = identity === undefined ? [...Turnstile.#known.values(), ...Turnstile.#foreign] : Turnstile.#foreign;
    for (const reference of candidates) {
      const turnstile = reference.deref();
      if (turnstile?.kind === kind && turnstile.#isOf(owned)) return turnstile;
    }
    return undefined;
  }

  static #make(identity: unknown, kind: ObjectKind, name: string | undefined): Turnstile {
    const turnstile = new Turnstile(kind, name);
    const reference = new WeakRef(turnstile);
    if (identity === undefined) {
      Turnstile.#foreign.push(reference);
    } else {
      Turnstile.#known.set(identity, reference);
      Turnstile.#collected.register(turnstile, identity);
    }
    return turnstile;
  }

  #isOf(owned: OwnedHandle): boolean {
    const [open] = [...this.#handles].filter(handle => handle.open);
    return open !== undefined && kernel.sameObject(open.value, owned.value);
  }

  #add(owned: OwnedHandle): void {
    for (const handle of this.#handles) if (!handle.open) this.#handles.delete(handle);
    this.#handles.add(owned);
  }

  /** Whether this thread owns the mutex, or has one of its wait threads own it. */
  get ownedHere(): boolean {
    return this.owner !== 0 || this.syncDepth > 0;
  }

  /** Whether this thread may ask the kernel for it without passing by others of this thread, or taking a mutex a second time. */
  get passable(): boolean {
    return this.waiting === 0 && !this.ownedHere;
  }

  /**
   * Queues for the turn to own a mutex: first come, first served, one at a time.
   *
   * @param turn - Its turn lasts until the promise that it gives is settled.
   * @param left - Gives the place in the queue up.
   */
  enqueue(turn: () => Promise<void>, left: AbortSignal | undefined): void {
    this.#queue ??= new PQueue({ concurrency: 1 });
    if (left === undefined) void this.#queue.add(turn);
    else this.#queue.add(turn, { signal: left }).catch(() => undefined); // whoever left knows
  }
}
