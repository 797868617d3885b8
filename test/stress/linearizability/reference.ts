import { DONE, LIMIT_EXCEEDED, NOT_OWNER, type Initial } from '../../differential/actions.js';
import { ModelEvent, ModelMutex, ModelSemaphore, type ModelObject, type Owner } from '../../differential/objects.js';
import { isAsynchronous, isForAll, isWait, type Operation, type Request, type Specification, type Strictness } from '../../../stress/linearizability/operation.js';

const TIMEOUT = 258;
const ABORTED = -995;
const DEADLOCK = -1131;

/** Objects of the reference model, which the differential tests compare with the kernels: it shares nothing with the checker. */
export class World {
  readonly #objects: readonly ModelObject[];
  /** Threads, and what asynchronous code of theirs owns mutexes as. */
  readonly #threads = new Map<number, Owner>();
  readonly #codes = new Map<number, Owner>();

  constructor(specifications: readonly Specification[]) {
    this.#objects = specifications.map((specification, index) => {
      switch (specification.kind) {
        case 'mutex': return new ModelMutex(String(index));
        case 'semaphore': return new ModelSemaphore(String(index), specification satisfies Initial);
        case 'event': return new ModelEvent(String(index), specification satisfies Initial);
        case 'timer': throw new RangeError('the reference knows no time');
      }
    });
  }

  /** Does it at one instant; the outcome as a record has it. */
  perform(contender: number, { verb, objects: [first = 0, ...rest], argument }: Request): number {
    const actor = isAsynchronous(verb) ? this.#code(contender) : this.#thread(contender);
    const all = [first, ...rest];
    const objects = all.map(object => this.#at(object));
    switch (verb) {
      case 'wait': case 'wait-any':
      case 'wait-async': case 'wait-any-async': {
        const index = all.findIndex(object => this.isReady({ contender, verb }, object));
        return index < 0 ? TIMEOUT : index + (objects[index]?.take(actor) === true ? 128 : 0);
      }
      case 'wait-all': case 'wait-all-async': {
        if (!all.every(object => this.isReady({ contender, verb }, object))) return TIMEOUT;
        return objects.map(object => object.take(actor)).includes(true) ? 128 : 0;
      }
      case 'release': case 'release-lock': return numberOf(this.#at(first).signal(actor, argument));
      case 'set-timer': case 'cancel': throw new RangeError('the reference knows no time');
      case 'set': return numberOf(this.#at(first).signal(actor, 1));
      case 'reset': {
        const event = this.#at(first);
        if (event instanceof ModelEvent) event.reset();
        return 0;
      }
      case 'signal-and-wait': {
        if (this.isDeadlock(contender, rest, false)) return DEADLOCK;
        const signalled = this.signal(contender, first);
        return signalled < 0 ? signalled : this.perform(contender, { verb: 'wait', objects: rest, argument });
      }
    }
  }

  /** What the first half of `signal-and-wait` does; below 0 if it may not. */
  signal(contender: number, object: number): number {
    return numberOf(this.#at(object).signal(this.#thread(contender), 1));
  }

  isReady({ contender, verb }: Pick<Operation, 'contender' | 'verb'>, object: number): boolean {
    const found = this.#at(object);
    // A lock is not recursive, and its owner nobody's thread.
    if (isAsynchronous(verb)) return found instanceof ModelMutex ? found.owner === undefined : found.ready(this.#code(contender));
    return found.ready(this.#thread(contender));
  }

  /** Whether the contender's own code owns all of these, or any, so that its thread would wait for itself. */
  isDeadlock(contender: number, objects: readonly number[], any: boolean): boolean {
    const owned = objects.filter(object => {
      const mutex = this.#at(object);
      return mutex instanceof ModelMutex && mutex.owner === this.#code(contender);
    });
    return any ? owned.length > 0 : owned.length === objects.length;
  }

  die(contender: number): void {
    for (const owner of [this.#thread(contender), this.#code(contender)]) {
      for (const object of this.#objects) if (object instanceof ModelMutex) object.forget(owner);
    }
  }

  #thread(contender: number): Owner {
    return known(this.#threads, contender);
  }

  #code(contender: number): Owner {
    return known(this.#codes, contender);
  }

  #at(object: number): ModelObject {
    const found = this.#objects[object];
    if (found === undefined) throw new RangeError(`there is no object ${object}`);
    return found;
  }
}

function known(owners: Map<number, Owner>, contender: number): Owner {
  const owner = owners.get(contender) ?? {};
  owners.set(contender, owner);
  return owner;
}

function numberOf(outcome: string): number {
  if (outcome === DONE) return 0;
  if (outcome === NOT_OWNER) return -288;
  if (outcome === LIMIT_EXCEEDED) return -298;
  return Number(/\d+$/.exec(outcome)?.[0]);
}

/** An instant of an operation; false if it cannot be. */
interface Instant {
  readonly operation: Operation;
  readonly happens: (world: World) => boolean;
}

/** Whether any order explains a history: tries all of them. */
export function isExplained(specifications: readonly Specification[], operations: readonly Operation[], strictness: Strictness): boolean {
  return variants(operations, strictness).some(instants => canGoOn(specifications, [], instants));
}

function canGoOn(specifications: readonly Specification[], done: readonly Instant[], left: readonly Instant[]): boolean {
  const world = new World(specifications);
  if (!done.every(({ happens }) => happens(world))) return false;
  if (left.length === 0) return true;
  return left.some((next, index) => {
    const others = left.filter((_, other) => other !== index);
    const mustWait = others.some(({ operation }, other) => operation.returned < next.operation.called || (operation.contender === next.operation.contender && other < index));
    return !mustWait && canGoOn(specifications, [...done, next], others);
  });
}

/** All instants in the order of calls; more than one list where it is not known whether an operation took effect. */
function variants(operations: readonly Operation[], strictness: Strictness): Instant[][] {
  return [...operations].sort((a, b) => a.called - b.called).reduce<Instant[][]>(
    (lists, operation) => lists.flatMap(list => instantsOf(operation, strictness).map(instants => [...list, ...instants])),
    [[]],
  );
}

/** The index that a wait for all gives means nothing, and to have been aborted is to have come to nothing. */
function meaningOf({ verb, objects }: Operation, outcome: number): number {
  if (outcome === ABORTED) return isAsynchronous(verb) && verb !== 'release-lock' ? TIMEOUT : NaN;
  const index = outcome % 128;
  return isForAll(verb) && outcome !== TIMEOUT && index >= 0 && index < objects.length ? outcome - index : outcome;
}

function instantsOf(operation: Operation, strictness: Strictness): Instant[][] {
  const { contender, verb, objects, outcome } = operation;
  const [first = 0, ...rest] = objects;
  const death: Instant = { operation, happens: world => (world.die(contender), true) };
  if (verb === 'death') return [[death]];
  const request = { ...operation, verb };
  const attempted = (attempt: Request): Instant => ({ operation, happens: world => (world.perform(contender, attempt), true) });
  const signal: Instant = { operation, happens: world => world.signal(contender, first) >= 0 };
  if (outcome === undefined) {
    if (verb === 'signal-and-wait') return [[death], [signal, death], [signal, attempted({ verb: 'wait', objects: rest, argument: 0 }), death]];
    const tries = isWait(operation) && !isForAll(verb) && strictness === 'stepwise' ? objects.map(object => ({ ...request, verb: oneOf(verb), objects: [object] })) : [request];
    return [[death], ...tries.map(attempt => [attempted(attempt), death])];
  }
  if (outcome === DEADLOCK && isWait(operation)) {
    return isAsynchronous(verb) ? [] : [[{ operation, happens: world => world.isDeadlock(contender, verb === 'signal-and-wait' ? rest : objects, isForAll(verb)) }]];
  }
  if (verb === 'signal-and-wait' && outcome >= 0) return [[signal, { operation, happens: world => world.perform(contender, { verb: 'wait', objects: rest, argument: 0 }) === outcome }]];
  // A refusal is one of the signal, though the wait would be a deadlock.
  if (verb === 'signal-and-wait') return [[{ operation, happens: world => world.signal(contender, first) === outcome }]];
  if ((verb !== 'wait-any' && verb !== 'wait-any-async') || strictness === 'atomic') return [[{ operation, happens: world => world.perform(contender, request) === meaningOf(operation, outcome) }]];
  const meaning = meaningOf(operation, outcome);
  const index = meaning === TIMEOUT ? objects.length : meaning % 128;
  const looks = objects.slice(0, index).map(object => ({ operation, happens: (world: World) => !world.isReady(operation, object) }));
  const taken = objects[index];
  if (meaning !== TIMEOUT && taken === undefined) return []; // no wait has that outcome
  if (taken === undefined) return [looks];
  return [[...looks, { operation, happens: world => world.perform(contender, { verb: oneOf(verb), objects: [taken], argument: 0 }) === (meaning >= 128 ? 128 : 0) }]];
}

function oneOf(verb: Operation['verb']): 'wait' | 'wait-async' {
  return isAsynchronous(verb) ? 'wait-async' : 'wait';
}
