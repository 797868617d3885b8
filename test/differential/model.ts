import {
  BLOCKED, CAST, DONE, DUPLICATE, ENDED, KIND_MISMATCH, MAIN, NOT_FOUND, opened, TIMEOUT, won,
  type Action, type Initial, type Kind, type Name, type Outcome,
} from './actions.js';
import { ModelEvent, ModelMutex, SPECIFIED, type Kinds, type ModelObject } from './objects.js';

/** One life of a thread: its handles, and the wait that it is blocked in. */
export class ModelActor {
  readonly slots = new Map<number, ModelObject>();
  blockedIn: ModelWait | undefined;
}

export interface ModelWait {
  readonly objects: readonly ModelObject[];
  readonly all: boolean;
}

/**
 * The contract as a plain sequential program: a space of names, and actors that do one thing after the other. It knows nothing of memory, system
 * calls or time. What it says is to come true on every kernel.
 */
export class Model {
  readonly actors: ModelActor[] = CAST.map(() => new ModelActor());
  readonly #kinds: Kinds;
  readonly #names = new Map<string, ModelObject>();

  constructor(kinds = SPECIFIED) {
    this.#kinds = kinds;
  }

  actor(index: number): ModelActor {
    const actor = this.actors[index];
    if (actor === undefined) throw new Error(`there is no actor ${index}`);
    return actor;
  }

  perform(index: number, action: Action): Outcome {
    const actor = this.actor(index);
    switch (action.verb) {
      case 'create': return this.#create(actor, action.slot, action.name, action.initial);
      case 'open': return this.#open(actor, action.slot, action.name, action.kind);
      case 'close': return this.#close(actor, action.slot);
      case 'wait':
      case 'waitAny':
      case 'waitAll': {
        const wait = { objects: action.slots.map(slot => objectIn(actor, slot)), all: action.verb === 'waitAll' };
        return action.blocking ? block(actor, wait) : attempt(actor, wait);
      }
      case 'signal': return objectIn(actor, action.slot).signal(actor, action.count);
      case 'reset': return reset(objectIn(actor, action.slot));
      case 'signalAndWait': return signalAndWait(actor, objectIn(actor, action.slot), objectIn(actor, action.awaited));
      case 'end': return this.#end(index);
    }
  }

  /** Ends the waits that have become possible, and says how. At most one actor may be blocked for each object: whom a signal goes to is not in the contract. */
  unblock(): ReadonlyMap<number, Outcome> {
    const outcomes = new Map<number, Outcome>();
    this.actors.forEach((actor, index) => {
      if (actor.blockedIn === undefined) return;
      const outcome = attempt(actor, actor.blockedIn);
      if (outcome === TIMEOUT) return;
      actor.blockedIn = undefined;
      outcomes.set(index, outcome);
    });
    return outcomes;
  }

  /** Rules 1 and 2: what exists is opened, with its own state and limits, if it is of the same kind. */
  #create(actor: ModelActor, slot: number, name: Name, initial: Initial): Outcome {
    const existing = this.#names.get(canonical(name));
    if (existing !== undefined) return this.#enter(actor, slot, existing, initial.kind);
    const object = this.#make(canonical(name), initial);
    this.#names.set(object.name, object);
    this.#enter(actor, slot, object, initial.kind);
    if (initial.kind === 'mutex' && initial.initiallyOwned) object.take(actor);
    return opened(true);
  }

  #open(actor: ModelActor, slot: number, name: Name, kind: Kind): Outcome {
    const existing = this.#names.get(canonical(name));
    return existing === undefined ? NOT_FOUND : this.#enter(actor, slot, existing, kind);
  }

  #enter(actor: ModelActor, slot: number, object: ModelObject, kind: Kind): Outcome {
    if (object.kind !== kind) return KIND_MISMATCH;
    object.handles++;
    actor.slots.set(slot, object);
    return opened(false);
  }

  /** Rule 3: the name goes with the last handle. A mutex that is closed stays owned. */
  #close(actor: ModelActor, slot: number): Outcome {
    const object = objectIn(actor, slot);
    actor.slots.delete(slot);
    if (--object.handles === 0) this.#names.delete(object.name);
    return DONE;
  }

  /** Rules 3 and 5, of a death by whatever cause: what the actor owned is abandoned, and its handles are closed. A fresh actor takes its place. */
  #end(index: number): Outcome {
    if (index === MAIN) throw new Error('the tests themselves do not end');
    const actor = this.actor(index);
    for (const object of this.#names.values()) {
      if (object instanceof ModelMutex) object.forget(actor);
    }
    for (const slot of [...actor.slots.keys()]) this.#close(actor, slot);
    this.actors[index] = new ModelActor();
    return ENDED;
  }

  #make(name: string, initial: Initial): ModelObject {
    switch (initial.kind) {
      case 'mutex': return new this.#kinds.mutex(name);
      case 'semaphore': return new this.#kinds.semaphore(name, initial);
      case 'event': return new this.#kinds.event(name, initial);
    }
  }
}

/** Rule 4: no prefix means `Local\`, and case counts. */
function canonical(name: Name): string {
  return name.replace(/^Local\\/, '');
}

function objectIn(actor: ModelActor, slot: number): ModelObject {
  const object = actor.slots.get(slot);
  if (object === undefined) throw new Error(`slot ${slot} is empty`);
  return object;
}

/** Rules 8 to 10: one object, the lowest that is ready; or all of them; or, in time 0, nothing at all. */
function attempt(actor: ModelActor, { objects, all }: ModelWait): Outcome {
  if (!all) {
    const index = objects.findIndex(object => object.ready(actor));
    const object = objects[index];
    return object === undefined ? TIMEOUT : won(object.take(actor) ? 'abandoned' : 'signaled', index);
  }
  if (new Set(objects).size < objects.length) return DUPLICATE;
  if (!objects.every(object => object.ready(actor))) return TIMEOUT;
  const abandoned = objects.map(object => object.take(actor)).includes(true);
  return won(abandoned ? 'abandoned' : 'signaled', 0);
}

function block(actor: ModelActor, wait: ModelWait): Outcome {
  const outcome = attempt(actor, wait);
  if (outcome !== TIMEOUT) return outcome;
  actor.blockedIn = wait;
  return BLOCKED;
}

/** Signals first, whatever becomes of the wait; a signal that is refused waits for nothing. */
function signalAndWait(actor: ModelActor, signalled: ModelObject, awaited: ModelObject): Outcome {
  const refusal = signalled.signal(actor, 1);
  return refusal.includes('Error') ? refusal : attempt(actor, { objects: [awaited], all: false });
}

function reset(object: ModelObject): Outcome {
  if (!(object instanceof ModelEvent)) throw new Error(`a ${object.kind} is not reset`);
  return object.reset();
}
