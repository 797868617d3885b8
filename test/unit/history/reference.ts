import { DONE, LIMIT_EXCEEDED, NOT_OWNER, type Initial } from '../../differential/actions.js';
import { ModelEvent, ModelMutex, ModelSemaphore, type ModelObject, type Owner } from '../../differential/objects.js';
import { isWait, type Operation, type Request, type Specification, type Strictness } from '../../../stress/history/operation.js';

const TIMEOUT = 258;

/** Objects of the reference model, which the differential tests compare with the kernels: it shares nothing with the checker. */
export class World {
  readonly #objects: readonly ModelObject[];
  readonly #contenders = new Map<number, Owner>();

  constructor(specifications: readonly Specification[]) {
    this.#objects = specifications.map((specification, index) => {
      switch (specification.kind) {
        case 'mutex': return new ModelMutex(String(index));
        case 'semaphore': return new ModelSemaphore(String(index), specification satisfies Initial);
        case 'event': return new ModelEvent(String(index), specification satisfies Initial);
      }
    });
  }

  /** Does it at one instant; the outcome as a record has it. */
  perform(contender: number, { verb, objects: [first = 0, ...rest], argument }: Request): number {
    const owner = this.#owner(contender);
    const objects = [first, ...rest].map(object => this.#at(object));
    switch (verb) {
      case 'wait':
      case 'wait-any': {
        const index = objects.findIndex(object => object.ready(owner));
        return index < 0 ? TIMEOUT : index + (objects[index]?.take(owner) === true ? 128 : 0);
      }
      case 'wait-all': {
        if (!objects.every(object => object.ready(owner))) return TIMEOUT;
        return objects.map(object => object.take(owner)).includes(true) ? 128 : 0;
      }
      case 'release': return numberOf(this.#at(first).signal(owner, argument));
      case 'set': return numberOf(this.#at(first).signal(owner, 1));
      case 'reset': {
        const event = this.#at(first);
        if (event instanceof ModelEvent) event.reset();
        return 0;
      }
    }
  }

  isReady(contender: number, object: number): boolean {
    return this.#at(object).ready(this.#owner(contender));
  }

  die(contender: number): void {
    for (const object of this.#objects) if (object instanceof ModelMutex) object.forget(this.#owner(contender));
  }

  #owner(contender: number): Owner {
    const owner = this.#contenders.get(contender) ?? {};
    this.#contenders.set(contender, owner);
    return owner;
  }

  #at(object: number): ModelObject {
    const found = this.#objects[object];
    if (found === undefined) throw new RangeError(`there is no object ${object}`);
    return found;
  }
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

/** The index that a wait for all gives means nothing. */
function meaningOf({ verb, objects }: Operation, outcome: number): number {
  const index = outcome % 128;
  return verb === 'wait-all' && outcome !== TIMEOUT && index >= 0 && index < objects.length ? outcome - index : outcome;
}

function instantsOf(operation: Operation, strictness: Strictness): Instant[][] {
  const { contender, verb, objects, outcome } = operation;
  const death: Instant = { operation, happens: world => (world.die(contender), true) };
  if (verb === 'death') return [[death]];
  const request = { ...operation, verb };
  if (outcome === undefined) {
    const tries = isWait(operation) && verb !== 'wait-all' && strictness === 'stepwise' ? objects.map(object => ({ ...request, verb: 'wait' as const, objects: [object] })) : [request];
    return [[death], ...tries.map(attempt => [{ operation, happens: (world: World) => (world.perform(contender, attempt), true) }, death])];
  }
  if (verb !== 'wait-any' || strictness === 'atomic') return [[{ operation, happens: world => world.perform(contender, request) === meaningOf(operation, outcome) }]];
  const index = outcome === TIMEOUT ? objects.length : outcome % 128;
  const looks = objects.slice(0, index).map(object => ({ operation, happens: (world: World) => !world.isReady(contender, object) }));
  const taken = objects[index];
  if (outcome !== TIMEOUT && taken === undefined) return []; // no wait has that outcome
  if (taken === undefined) return [looks];
  return [[...looks, { operation, happens: world => world.perform(contender, { verb: 'wait', objects: [taken], argument: 0 }) === (outcome >= 128 ? 128 : 0) }]];
}
