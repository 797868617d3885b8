import { expiriesOf } from './expiries.js';
import { linearize, TooIntertwinedError, type Call, type Verdict } from './linearize.js';
import { Model } from './model.js';
import { isWait, waitedFor, type Operation, type Specification, type Strictness } from './operation.js';
import { scriptOf, scriptOfAnyOutcome, type ScriptOptions } from './possible-steps.js';

/** A try at an auto-reset timer fails after so long, in ns, where whoever changes a timer stands still: a little less than `STANDSTILL` in `src/kernel/linux/sleep/standstill.ts`. */
const STANDSTILL = 40e6;

/** A waiter that has been in its wait for so long may have an object reserved for it, in ns: `PATIENCE` in `src/kernel/linux/waits.ts`. */
const PATIENCE = 1e6;

/** Objects that no wait connects with others: what happens to them is checked by itself (Herlihy and Wing: linearizability is a local property). */
export interface Group {
  /** Their numbers in the history. */
  readonly objects: readonly number[];
  readonly model: Model;
}

/** Part of a window that no order explains. */
export interface Violation {
  readonly group: Group;
  /** What the objects of the group may have been before. */
  readonly states: readonly number[];
  /** What was done to them, with the objects numbered as in the group. */
  readonly operations: readonly Operation[];
  /** By whose return no possibility was left. */
  readonly failed: Operation;
}

export interface HistoryOptions {
  readonly objects: readonly Specification[];
  /** So many of the last of them are waited for together; the others are alone. */
  readonly joint: number;
  readonly contenders: number;
  readonly strictness: Strictness;
}

/**
 * Checks a history window by window. Between two windows all contenders are idle and own nothing; what the objects may be then is carried on, as the set of all states that are possible.
 */
export class Windows {
  readonly #groups: readonly { readonly group: Group; states: readonly number[] }[];
  readonly #strictness: Strictness;
  windows = 0;
  operations = 0;
  /** Parts of windows that could not be decided. After such a one everything is possible. */
  undecided = 0;

  constructor({ objects, joint, contenders, strictness }: HistoryOptions) {
    const alone = objects.slice(0, objects.length - joint).map((_, object) => [object]);
    const together = objects.slice(objects.length - joint).map((_, index) => objects.length - joint + index);
    this.#groups = [...alone, ...(joint > 0 ? [together] : [])].map(members => {
      const model = new Model(members.flatMap(object => objects[object] ?? []), contenders);
      return { group: { objects: members, model }, states: [model.initial] };
    });
    this.#strictness = strictness;
  }

  /** Checks one window; gives the first violation, after which there is no going on. */
  check(operations: readonly Operation[]): Violation | undefined {
    this.windows++;
    this.operations += operations.filter(({ verb }) => verb !== 'death').length;
    for (const entry of this.#groups) {
      const { group, states } = entry;
      const own = projectOn(group, operations);
      try {
        const { failed, states: after } = linearizeOperations(states, own, group.model, this.#strictness);
        if (failed !== undefined) return { group, states, operations: own, failed: failed.operation };
        entry.states = after;
      } catch (error) {
        if (!(error instanceof TooIntertwinedError)) throw error;
        this.undecided++;
        entry.states = group.model.statesAtRest;
      }
    }
    return undefined;
  }
}

/** With objects numbered as in the group. A death concerns every group, also that of a contender which died in an operation on another. */
function projectOn({ objects }: Group, operations: readonly Operation[]): Operation[] {
  return operations.flatMap(operation => {
    const own = operation.objects.map(object => objects.indexOf(object)).filter(index => index >= 0);
    if (own.length > 0 && own.length < operation.objects.length) throw new RangeError(`objects ${operation.objects.join(', ')} are waited for together, and are not declared so`);
    if (own.length > 0) return [{ ...operation, objects: own }];
    return operation.outcome === undefined ? [{ ...operation, verb: 'death' as const, objects: [], argument: 0 }] : [];
  });
}

/**
 * @param isOpen - Of which operations the outcome is taken as unknown.
 */
export function linearizeOperations(states: readonly number[], operations: readonly Operation[], model: Model, strictness: Strictness, isOpen?: (operation: Operation) => boolean): Verdict {
  const { spontaneous, deadlines } = expiriesOf(operations, model);
  return linearize(states, [...callsOf(operations, model, strictness, isOpen), ...deadlines], spontaneous);
}

function callsOf(operations: readonly Operation[], model: Model, strictness: Strictness, isOpen: (operation: Operation) => boolean = () => false): Call[] {
  const patient = strictness === 'stepwise' ? operations.filter(mayReserve) : [];
  return operations.map((operation, setter) => {
    const waiters = patient.filter(waiter => mayDelay(waiter, operation));
    const options: ScriptOptions = { model, strictness, isExcused: object => waiters.some(waiter => waitedFor(waiter).includes(object)) || mayHaveGivenUp(model, object, operation), setter };
    return { operation, script: (isOpen(operation) ? scriptOfAnyOutcome : scriptOf)(operation, options) };
  });
}

/** Whether it waited so long that one of its objects may have been kept for it; of a wait for all, the last that it lacked. */
function mayReserve(operation: Operation): boolean {
  return isWait(operation) && operation.argument > 0 && operation.returned - operation.called >= PATIENCE;
}

function mayDelay(waiter: Operation, { contender, called, returned }: Operation): boolean {
  return waiter.contender !== contender && waiter.called + PATIENCE <= returned && called <= waiter.returned;
}

/** A kept one is taken without the lock that another may stand still with. */
function mayHaveGivenUp(model: Model, object: number, { called, returned }: Operation): boolean {
  return model.kindOf(object) === 'timer' && !model.isKept(object) && returned - called >= STANDSTILL;
}
