import type { Model } from './model.js';
import { ABANDONED, ABORTED, DEADLOCK, DONE, isAsynchronous, NOT_OWNER, TIMEOUT, TOO_MANY_POSTS, type Operation, type Strictness } from './operation.js';
import { codeOf, ownerOf, type Owner } from './owner.js';

/** One instant of an operation. */
export interface Step {
  /** It never changes anything, in whatever state. */
  readonly looks: boolean;
  /** The state after it, or `undefined` where it cannot be. */
  readonly apply: (state: number) => number | undefined;
}

export interface Edge {
  readonly step: Step;
  /** The node that it leads to. */
  readonly to: number;
}

/** All that an operation may have done: a graph of steps. It begins at node 0. */
export interface Script {
  readonly nodes: readonly (readonly Edge[])[];
  readonly end: number;
}

export interface ScriptOptions {
  readonly model: Model;
  readonly strictness: Strictness;
  /** Whether an object may have counted as taken for this operation though it was signalled: it was reserved for a waiter. */
  readonly isExcused: (object: number) => boolean;
  /** Of a `set-timer`: its number in the history. */
  readonly setter?: number;
}

/** The steps that an operation with this outcome must have taken; of one that its contender died in, the steps that it may have taken. */
export function scriptOf(operation: Operation, options: ScriptOptions): Script {
  if (operation.outcome !== undefined) return chain(stepsOf(operation, operation.outcome, options));
  return beforeDeath(operation, options);
}

/** As if the outcome were not known: it took effect, in any way it could, or did not. */
export function scriptOfAnyOutcome(operation: Operation, options: ScriptOptions): Script {
  if (operation.outcome === undefined) return beforeDeath(operation, options);
  const nodes: Edge[][] = [[], []];
  nodes[0] = fork(nodes, [...effectsOf(operation, options), [nothing]], 1);
  return { nodes, end: 1 };
}

/** Edges to the first steps of several chains, which all lead to one node in the end. Nodes that are between are added. */
function fork(nodes: Edge[][], chains: readonly (readonly [Step, ...Step[]])[], to: number): Edge[] {
  return chains.map(([step, next, ...others]) => ({ step, to: next === undefined ? to : nodes.push(fork(nodes, [[next, ...others]], to)) - 1 }));
}

function chain(steps: readonly Step[]): Script {
  return { nodes: [...steps.map((step, index) => [{ step, to: index + 1 }]), []], end: steps.length };
}

const nothing = look(() => true);
const impossible = look(() => false);

function look(holds: (state: number) => boolean): Step {
  return { looks: true, apply: state => holds(state) ? state : undefined };
}

function change(apply: Step['apply']): Step {
  return { looks: false, apply };
}

function stepsOf(operation: Operation, outcome: number, options: ScriptOptions): Step[] {
  const { verb, objects } = operation;
  const { model } = options;
  const [first = 0, second = 0] = objects;
  switch (verb) {
    case 'wait': case 'wait-any':
    case 'wait-async': case 'wait-any-async': return stepsOfWait(operation, objects, outcome, options);
    case 'wait-all': case 'wait-all-async': return [stepOfWaitForAll(operation, outcome, options)];
    case 'release': case 'release-lock': {
      const refused = refusal(operation, outcome, model);
      if (refused !== undefined) return [refused];
      if (model.kindOf(first) === 'mutex') return [outcome === DONE ? signal(operation, model) : impossible];
      return [inOneStep([look(state => model.countOf(state, first) === outcome), signal(operation, model)])];
    }
    case 'set-timer': case 'cancel': return [outcome === DONE ? changeTimer(operation, options) : impossible];
    case 'set': case 'reset': return [outcome === DONE ? signal(operation, model) : impossible];
    case 'signal-and-wait': {
      const refused = refusal(operation, outcome, model);
      // Nothing was signalled, either.
      if (refused !== undefined || outcome === DEADLOCK) return [refused ?? deadlock(operation, [second], model)];
      return [signal(operation, model), ...stepsOfWait(operation, [second], outcome, options)];
    }
    case 'death': return [impossible];
  }
}

/** Of a wait for one object, or for any. */
function stepsOfWait(operation: Operation, objects: readonly number[], outcome: number, options: ScriptOptions): Step[] {
  const { model, strictness } = options;
  const owner = ownerOf(operation);
  if (outcome === DEADLOCK) return [deadlock(operation, objects, model)];
  const inVain = isInVain(operation, outcome);
  const index = inVain ? objects.length : outcome % ABANDONED;
  const taken = objects[index];
  if (!inVain && (outcome < 0 || taken === undefined)) return [impossible];
  const passed = objects.slice(0, index);
  const take = taken === undefined ? [] : [takeOne(model, taken, owner, outcome >= ABANDONED)];
  if (strictness === 'stepwise') return [...passed.map(object => look(state => looksTaken(state, object, owner, options))), ...take];
  return [inOneStep([look(state => !passed.some(object => model.isSignalled(state, object, owner))), ...take])];
}

function stepOfWaitForAll(operation: Operation, outcome: number, options: ScriptOptions): Step {
  const { objects } = operation;
  const { model, strictness } = options;
  const owner = ownerOf(operation);
  if (isInVain(operation, outcome)) return look(state => objects.some(object => strictness === 'stepwise' ? looksTaken(state, object, owner, options) : !model.isSignalled(state, object, owner)));
  // One that its own code owns is enough.
  if (outcome === DEADLOCK && !isAsynchronous(operation.verb)) return look(state => objects.some(object => model.isOwned(state, object, codeOf(operation.contender))));
  return outcome >= 0 && outcome % ABANDONED < objects.length ? takeAll(model, operation, outcome >= ABANDONED) : impossible;
}

/** Whether it has found, at some instant, that it could not succeed. An abort comes no earlier than the first try. */
function isInVain({ verb }: Operation, outcome: number): boolean {
  return outcome === TIMEOUT || (outcome === ABORTED && isAsynchronous(verb));
}

/** A thread takes a mutex again that it owns, whomever it is reserved for. */
function looksTaken(state: number, object: number, owner: Owner, { model, isExcused }: ScriptOptions): boolean {
  return !model.isSignalled(state, object, owner) || (isExcused(object) && !model.isOwned(state, object, owner));
}

/** A synchronous wait that only the own code could end, which has a lock on all of these, and cannot run. */
function deadlock({ verb, contender }: Operation, objects: readonly number[], model: Model): Step {
  return isAsynchronous(verb) ? impossible : look(state => objects.every(object => model.isOwned(state, object, codeOf(contender))));
}

function changeTimer({ verb, objects: [object = 0] }: Operation, { model, setter = 0 }: ScriptOptions): Step {
  return change(state => verb === 'cancel' ? model.cancelTimer(state, object) : model.setTimer(state, object, setter));
}

/** What it does to the first of its objects. */
function signal(operation: Operation, model: Model): Step {
  const { verb, objects: [object = 0], argument } = operation;
  const owner = ownerOf(operation);
  return change(state => {
    switch (model.kindOf(object)) {
      case 'mutex': return model.releaseMutex(state, object, owner);
      case 'semaphore': return model.releaseSemaphore(state, object, verb === 'signal-and-wait' ? 1 : argument);
      case 'event': return model.setEvent(state, object, verb !== 'reset');
      case 'timer': return undefined; // no verb that signals is for it
    }
  });
}

/** That it could not be signalled, where the outcome says that. */
function refusal(operation: Operation, outcome: number, model: Model): Step | undefined {
  const { objects: [object = 0] } = operation;
  if (outcome !== NOT_OWNER && outcome !== TOO_MANY_POSTS) return undefined;
  const { apply } = signal(operation, model);
  return model.kindOf(object) === (outcome === NOT_OWNER ? 'mutex' : 'semaphore') ? look(state => apply(state) === undefined) : impossible;
}

/** All that it may change, in one or two steps, whatever came of it. What it only looks at is left out. */
function effectsOf(operation: Operation, options: ScriptOptions): (readonly [Step, ...Step[]])[] {
  const { model, strictness } = options;
  const { verb, objects } = operation;
  const owner = ownerOf(operation);
  const takeOneOf = (all: readonly number[]) => all.map((object, index) => change(state => {
    if (!model.isSignalled(state, object, owner)) return undefined;
    const passed = strictness === 'atomic' && all.slice(0, index).some(other => model.isSignalled(state, other, owner));
    return passed ? undefined : model.take(state, object, owner);
  }));
  switch (verb) {
    case 'wait': case 'wait-any':
    case 'wait-async': case 'wait-any-async': return takeOneOf(objects).map(step => [step]);
    case 'wait-all': case 'wait-all-async': return [[takeAll(model, operation, false)], [takeAll(model, operation, true)]];
    case 'release': case 'release-lock':
    case 'set': case 'reset': return [[signal(operation, model)]];
    case 'signal-and-wait': return [[signal(operation, model)], ...takeOneOf(objects.slice(1)).map(take => [signal(operation, model), take] as const)];
    case 'cancel': return [[changeTimer(operation, options)]];
    case 'set-timer': return [[changeTimer(operation, options)], [change(state => model.stopTimer(state, operation.objects[0] ?? 0))]];
    case 'death': return [];
  }
}

function takeOne(model: Model, object: number, owner: Owner, abandoned: boolean): Step {
  const canTake = (state: number) => model.isSignalled(state, object, owner) && model.isAbandoned(state, object) === abandoned;
  return model.isKept(object) ? look(canTake) : change(state => canTake(state) ? model.take(state, object, owner) : undefined);
}

function takeAll(model: Model, operation: Operation, abandoned: boolean): Step {
  const { objects } = operation;
  const owner = ownerOf(operation);
  return change(state => {
    if (!objects.every(object => model.isSignalled(state, object, owner)) || objects.some(object => model.isAbandoned(state, object)) !== abandoned) return undefined;
    return objects.reduce((after, object) => model.take(after, object, owner), state);
  });
}

function inOneStep(steps: readonly Step[]): Step {
  return {
    looks: steps.every(({ looks }) => looks),
    apply: state => steps.reduce<number | undefined>((after, { apply }) => after === undefined ? undefined : apply(after), state),
  };
}

/**
 * The last operation of who died in it, which took effect or not, and then the death: each mutex that it owns becomes abandoned, at instants of their own and in no particular order. At node 1 + s of
 * the graph those in the set s have.
 */
function beforeDeath(operation: Operation, options: ScriptOptions): Script {
  const { model } = options;
  const mutexes = Array.from({ length: model.size }, (_, object) => object).filter(object => model.kindOf(object) === 'mutex');
  const everything = 2 ** mutexes.length - 1;
  const abandonments = Array.from({ length: everything + 1 }, (_, done) => mutexes.flatMap((object, bit) => {
    const after = done | (1 << bit);
    return after === done ? [] : [{ step: change(state => model.abandon(state, object, operation.contender)), to: 1 + after }];
  }));
  const nodes: Edge[][] = [[], ...abandonments];
  nodes[0] = fork(nodes, [...effectsOf(operation, options), [nothing]], 1);
  return { nodes, end: 1 + everything };
}
