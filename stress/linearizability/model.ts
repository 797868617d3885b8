import type { Specification } from './operation.js';
import { contenderOf, isThread, threadOf, type Owner } from './owner.js';

const FREE = 0;
const WAS_ABANDONED = 1;
const FIRST_OWNED = 2;
/** How often one thread may own a mutex at a time: more than a round has operations. */
const DEEPEST = 256;

/** Of a timer that is neither signalled nor set. */
const STOPPED = 0;
const SIGNALLED = 1;
/** Set before the history begins: due at any time. */
const SET_BEFORE = 2;
/** Plus the number of the operation that has set it. */
const FIRST_SET = 3;
/** More operations than one contender has in a window. */
const MOST_OPERATIONS = 256;

/**
 * The states of some objects together. A state is one number: each object has a digit of its own, in a base of its own.
 *
 * What they do is the contract (rules 5 to 8), as a sequential program would find it.
 */
export class Model {
  readonly #specifications: readonly Specification[];
  readonly #contenders: number;
  readonly #places: readonly { readonly weight: number; readonly base: number }[];

  /** @param contenders - How many there may be: who can own a mutex. */
  constructor(specifications: readonly Specification[], contenders: number) {
    this.#specifications = specifications;
    this.#contenders = contenders;
    let weight = 1;
    this.#places = specifications.map(specification => {
      const base = basesOf(specification, contenders);
      const place = { weight, base };
      weight *= base;
      return place;
    });
    if (weight > Number.MAX_SAFE_INTEGER) throw new RangeError(`${specifications.length} objects of ${contenders} contenders have too many states together`);
  }

  get initial(): number {
    return this.#combine(specification => [initialDigit(specification)])[0] ?? 0;
  }

  /** All states in which nobody owns a mutex. */
  get statesAtRest(): number[] {
    return this.#combine(specification => specification.kind === 'mutex' ? [FREE, WAS_ABANDONED] : counts(specification));
  }

  /** All states in which nobody but these owns a mutex, and none of them more often than said. */
  statesWith(depths: ReadonlyMap<Owner, number>): number[] {
    const owned = [...depths].flatMap(([owner, depth]) => Array.from({ length: depth }, (_, below) => ownedBy(owner, below + 1)));
    return this.#combine(specification => {
      if (specification.kind === 'mutex') return [FREE, WAS_ABANDONED, ...owned];
      return specification.kind === 'timer' ? [STOPPED, SIGNALLED, SET_BEFORE] : counts(specification);
    });
  }

  #combine(digits: (specification: Specification) => readonly number[]): number[] {
    return this.#specifications.reduce<number[]>((states, specification, object) => {
      const { weight } = this.#place(object);
      return states.flatMap(state => digits(specification).map(digit => state + digit * weight));
    }, [0]);
  }

  /** Whether a wait would take it for this owner. */
  isSignalled(state: number, object: number, owner: Owner): boolean {
    const digit = this.#digit(state, object);
    if (this.kindOf(object) === 'timer') return digit === SIGNALLED;
    if (this.kindOf(object) !== 'mutex') return digit > 0;
    return digit < FIRST_OWNED || (isThread(owner) && ownerOf(digit) === owner);
  }

  isOwned(state: number, object: number, owner: Owner): boolean {
    const digit = this.#digit(state, object);
    return this.kindOf(object) === 'mutex' && digit >= FIRST_OWNED && ownerOf(digit) === owner;
  }

  isAbandoned(state: number, object: number): boolean {
    return this.kindOf(object) === 'mutex' && this.#digit(state, object) === WAS_ABANDONED;
  }

  /** What it is when a wait has taken it, which must be possible. */
  take(state: number, object: number, owner: Owner): number {
    const digit = this.#digit(state, object);
    if (this.kindOf(object) === 'mutex') return this.#with(state, object, digit < FIRST_OWNED ? ownedBy(owner, 1) : digit + 1);
    return this.isKept(object) ? state : this.#with(state, object, digit - 1);
  }

  /** `undefined` if it is not owned by this one. */
  releaseMutex(state: number, object: number, owner: Owner): number | undefined {
    if (!this.isOwned(state, object, owner)) return undefined;
    const digit = this.#digit(state, object);
    return this.#with(state, object, depthOf(digit) === 1 ? FREE : digit - 1);
  }

  /** `undefined` if it would exceed the maximum. */
  releaseSemaphore(state: number, object: number, count: number): number | undefined {
    const specification = this.#specification(object);
    const sum = this.#digit(state, object) + count;
    return specification.kind === 'semaphore' && sum <= specification.maximumCount ? this.#with(state, object, sum) : undefined;
  }

  /** Whether a wait leaves it as it is: an event or a timer of manual reset. */
  isKept(object: number): boolean {
    const specification = this.#specification(object);
    return (specification.kind === 'event' || specification.kind === 'timer') && specification.manualReset;
  }

  countOf(state: number, object: number): number {
    return this.#digit(state, object);
  }

  setEvent(state: number, object: number, set: boolean): number {
    return this.#with(state, object, set ? 1 : 0);
  }

  /** @param operation - The number of the one that sets it: what its expiry is known by. */
  setTimer(state: number, object: number, operation: number): number {
    return this.#with(state, object, FIRST_SET + operation);
  }

  /** What is signalled stays so. */
  cancelTimer(state: number, object: number): number {
    return this.#digit(state, object) === SIGNALLED ? state : this.#with(state, object, STOPPED);
  }

  /** As one is left whose setter was killed: neither signalled nor set. */
  stopTimer(state: number, object: number): number {
    return this.#with(state, object, STOPPED);
  }

  /** The number of the operation that has set it, or -1 where that was before; `undefined` where it is not set, or has been due since. */
  setterOf(state: number, object: number): number | undefined {
    const digit = this.#digit(state, object);
    return this.kindOf(object) !== 'timer' || digit < SET_BEFORE ? undefined : digit - FIRST_SET;
  }

  /** A timer that is set is due. */
  expire(state: number, object: number): number {
    return this.#with(state, object, SIGNALLED);
  }

  /** The end of a contender, seen from one object. */
  abandon(state: number, object: number, contender: number): number {
    const digit = this.#digit(state, object);
    const isHis = this.kindOf(object) === 'mutex' && digit >= FIRST_OWNED && contenderOf(ownerOf(digit)) === contender;
    return isHis ? this.#with(state, object, WAS_ABANDONED) : state;
  }

  kindOf(object: number): Specification['kind'] {
    return this.#specification(object).kind;
  }

  /** Of one object, in words. */
  describe(state: number, object: number, nameOf: (contender: number) => string): string {
    const digit = this.#digit(state, object);
    const specification = this.#specification(object);
    switch (specification.kind) {
      case 'mutex':
        if (digit < FIRST_OWNED) return digit === FREE ? 'free' : 'abandoned';
        return `owned by ${isThread(ownerOf(digit)) ? '' : 'a lock of '}${nameOf(contenderOf(ownerOf(digit)))}${depthOf(digit) > 1 ? ` ${depthOf(digit)} times` : ''}`;
      case 'semaphore': return `${digit} of ${specification.maximumCount}`;
      case 'event': return digit === 1 ? 'set' : 'not set';
      case 'timer': return digit === SIGNALLED ? 'signalled' : digit === STOPPED ? 'stopped' : 'set';
    }
  }

  get contenders(): number {
    return this.#contenders;
  }

  get size(): number {
    return this.#specifications.length;
  }

  #digit(state: number, object: number): number {
    const { weight, base } = this.#place(object);
    return Math.floor(state / weight) % base;
  }

  #with(state: number, object: number, digit: number): number {
    const { weight, base } = this.#place(object);
    if (digit < 0 || digit >= base) throw new RangeError(`object ${object} cannot come into the state ${digit}, with ${this.#contenders} contenders`);
    return state + (digit - this.#digit(state, object)) * weight;
  }

  #place(object: number): { readonly weight: number; readonly base: number } {
    return this.#places[object] ?? noObject(object);
  }

  #specification(object: number): Specification {
    return this.#specifications[object] ?? noObject(object);
  }
}

function noObject(object: number): never {
  throw new RangeError(`there is no object ${object}`);
}

function basesOf(specification: Specification, contenders: number): number {
  switch (specification.kind) {
    case 'mutex': return FIRST_OWNED + threadOf(contenders) * DEEPEST;
    case 'semaphore': return specification.maximumCount + 1;
    case 'event': return 2;
    case 'timer': return FIRST_SET + contenders * MOST_OPERATIONS;
  }
}

function initialDigit(specification: Specification): number {
  switch (specification.kind) {
    case 'mutex': return FREE;
    case 'semaphore': return specification.initialCount;
    case 'event': return specification.initialState ? 1 : 0;
    case 'timer': return STOPPED;
  }
}

function counts(specification: Exclude<Specification, { kind: 'mutex' }>): number[] {
  return Array.from({ length: specification.kind === 'semaphore' ? specification.maximumCount + 1 : 2 }, (_, count) => count);
}

function ownedBy(owner: Owner, depth: number): number {
  return FIRST_OWNED + owner * DEEPEST + depth - 1;
}

function ownerOf(digit: number): Owner {
  return Math.floor((digit - FIRST_OWNED) / DEEPEST);
}

function depthOf(digit: number): number {
  return (digit - FIRST_OWNED) % DEEPEST + 1;
}
