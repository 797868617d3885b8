import type { Model } from './model.js';
import { ABANDONED, DONE, NOT_OWNER, TIMEOUT, TOO_MANY_POSTS, type Operation, type Strictness } from './operation.js';

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

/** All that an operation may have done: a graph of steps. It begins at node 0, and has ended at the last node. */
export interface Script {
  readonly nodes: readonly (readonly Edge[])[];
  readonly end: number;
}

export interface ScriptOptions {
  readonly model: Model;
  readonly strictness: Strictness;
  /** Whether an object may have counted as taken for this operation though it was signalled: it was reserved for a waiter. */
  readonly isExcused: (object: number) => boolean;
}

/** The steps that an operation with this outcome must have taken; of one that its contender died in, the steps that it may have taken. */
export function scriptOf(operation: Operation, options: ScriptOptions): Script {
  if (operation.outcome !== undefined) return chain(stepsOf(operation, operation.outcome, options));
  return beforeDeath(operation, options);
}

/** As if the outcome were not known: it took effect, in any way it could, or did not. */
export function scriptOfAnyOutcome(operation: Operation, options: ScriptOptions): Script {
  if (operation.outcome === undefined) return beforeDeath(operation, options);
  return { nodes: [[...effectsOf(operation, options), nothing].map(step => ({ step, to: 1 })), []], end: 1 };
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

function stepsOf(operation: Operation, outcome: number, { model, strictness, isExcused }: ScriptOptions): Step[] {
  const { verb, contender, objects } = operation;
  const [first = 0] = objects;
  const signalled = (state: number, object: number) => model.isSignalled(state, object, contender);
  // Its owner takes a mutex again, whomever it is reserved for.
  const looksTaken = (state: number, object: number) => !signalled(state, object) || (isExcused(object) && !model.isOwned(state, object, contender));
  switch (verb) {
    case 'wait':
    case 'wait-any': {
      const index = outcome === TIMEOUT ? objects.length : outcome % ABANDONED;
      const taken = objects[index];
      if (outcome !== TIMEOUT && (outcome < 0 || taken === undefined)) return [impossible];
      const passed = objects.slice(0, index);
      const take = taken === undefined ? [] : [takeOne(model, taken, contender, outcome >= ABANDONED)];
      if (strictness === 'stepwise') return [...passed.map(object => look(state => looksTaken(state, object))), ...take];
      const passAll = look(state => !passed.some(object => signalled(state, object)));
      return [inOneStep([passAll, ...take])];
    }
    case 'wait-all':
      if (outcome === TIMEOUT) return [look(state => objects.some(object => strictness === 'stepwise' ? looksTaken(state, object) : !signalled(state, object)))];
      return outcome >= 0 && outcome % ABANDONED < objects.length ? [takeAll(model, operation, outcome >= ABANDONED)] : [impossible];
    case 'release':
      if (model.kindOf(first) === 'mutex') {
        if (outcome === NOT_OWNER) return [look(state => model.releaseMutex(state, first, contender) === undefined)];
        return [outcome === DONE ? change(state => model.releaseMutex(state, first, contender)) : impossible];
      }
      if (outcome === TOO_MANY_POSTS) return [look(state => model.releaseSemaphore(state, first, operation.argument) === undefined)];
      return [change(state => model.countOf(state, first) === outcome ? model.releaseSemaphore(state, first, operation.argument) : undefined)];
    case 'set':
    case 'reset':
      return [outcome === DONE ? change(state => model.setEvent(state, first, verb === 'set')) : impossible];
    case 'death': return [impossible];
  }
}

/** All that it may change, whatever came of it. What it only looks at is left out. */
function effectsOf(operation: Operation, { model, strictness }: ScriptOptions): Step[] {
  const { verb, contender, objects, argument } = operation;
  const [first = 0] = objects;
  switch (verb) {
    case 'wait':
    case 'wait-any':
      return objects.map((object, index) => change(state => {
        if (!model.isSignalled(state, object, contender)) return undefined;
        const passed = strictness === 'atomic' && objects.slice(0, index).some(other => model.isSignalled(state, other, contender));
        return passed ? undefined : model.take(state, object, contender);
      }));
    case 'wait-all': return [takeAll(model, operation, false), takeAll(model, operation, true)];
    case 'release':
      return [change(state => model.kindOf(first) === 'mutex' ? model.releaseMutex(state, first, contender) : model.releaseSemaphore(state, first, argument))];
    case 'set':
    case 'reset':
      return [change(state => model.setEvent(state, first, verb === 'set'))];
    case 'death': return [];
  }
}

function takeOne(model: Model, object: number, contender: number, abandoned: boolean): Step {
  const canTake = (state: number) => model.isSignalled(state, object, contender) && model.isAbandoned(state, object) === abandoned;
  return model.isKept(object) ? look(canTake) : change(state => canTake(state) ? model.take(state, object, contender) : undefined);
}

function takeAll(model: Model, { objects, contender }: Operation, abandoned: boolean): Step {
  return change(state => {
    if (!objects.every(object => model.isSignalled(state, object, contender)) || objects.some(object => model.isAbandoned(state, object)) !== abandoned) return undefined;
    return objects.reduce((after, object) => model.take(after, object, contender), state);
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
  return { nodes: [[...effectsOf(operation, options), nothing].map(step => ({ step, to: 1 })), ...abandonments], end: 1 + everything };
}
