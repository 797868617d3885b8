import { TooIntertwinedError } from './linearize.js';
import type { Operation, Strictness } from './operation.js';
import { codeOf, threadOf, type Owner } from './owner.js';
import { linearizeOperations, type Group, type Violation } from './check-windows.js';

/** More possible states before a part than this are too many to begin with. */
const MOST_STATES = 5000;

/** In ms: what has not been cut off by then stays. */
const LONGEST = 5000;

/** The shortest part of a history that shows the violation. */
export interface Part {
  readonly group: Group;
  /** What the objects may have been before; `undefined`: anything, it fails all the same. */
  readonly states: readonly number[] | undefined;
  /** These cannot all have had the outcomes that they had, whatever came of all others. */
  readonly operations: readonly Operation[];
  /** What else was done meanwhile to the same objects. It may have taken effect or not: no way explains the outcomes of `operations`. */
  readonly others: readonly Operation[];
}

/**
 * Cuts off what came before, as long as it fails whatever the objects were; then takes the outcomes of as many operations as possible for unknown. Both only ever allow more, so that what is left is
 * a violation by itself. (An operation that is left out altogether could be the one that explains another.)
 */
export function shortestPart({ group, states, operations, failed }: Violation, strictness: Strictness): Part {
  const trial = new Trial(group, strictness, failed.returned);
  const begun = operations.filter(({ called }) => called <= failed.returned).sort((a, b) => a.returned - b.returned);
  const cut = cutOff(trial, begun) ?? { states: undefined, operations: begun, open: new Set<Operation>() };
  const before = cut.states ?? states;
  const candidates = cut.operations.filter(operation => operation.outcome !== undefined && !cut.open.has(operation));
  const open = widen(cut.open, candidates, more => trial.fails(before, cut.operations, more));
  const strict = cut.operations.filter(operation => !open.has(operation));
  const players = new Set(strict.filter(({ outcome }) => outcome !== undefined).map(({ contender }) => contender));
  // A death has no outcome to be taken for unknown; those of others do not matter.
  const essential = strict.filter(({ outcome, contender }) => outcome !== undefined || players.has(contender));
  const since = Math.min(...essential.map(({ called }) => called));
  const concerned = new Set(essential.flatMap(({ objects }) => objects));
  const touches = ({ objects, verb }: Operation) => verb === 'death' || objects.some(object => concerned.has(object));
  return {
    group,
    states: cut.states === undefined ? states : undefined,
    operations: [...essential].sort((a, b) => a.called - b.called),
    others: begun.filter(operation => !essential.includes(operation) && operation.returned >= since && touches(operation)).sort((a, b) => a.called - b.called),
  };
}

interface Cut {
  /** All that are possible. */
  readonly states: readonly number[] | undefined;
  readonly operations: readonly Operation[];
  /** Those whose outcomes are not counted. */
  readonly open: ReadonlySet<Operation>;
}

class Trial {
  readonly #group: Group;
  readonly #strictness: Strictness;
  readonly #end: number;
  readonly #until = performance.now() + LONGEST;

  constructor(group: Group, strictness: Strictness, end: number) {
    this.#group = group;
    this.#strictness = strictness;
    this.#end = end;
  }

  get group(): Group {
    return this.#group;
  }

  /** Whether it is seen to fail by the time at which the whole did. */
  fails(states: readonly number[], operations: readonly Operation[], open: ReadonlySet<Operation>): boolean {
    if (performance.now() > this.#until) return false;
    try {
      const { failed } = linearizeOperations(states, operations, this.#group.model, this.#strictness, operation => open.has(operation));
      return failed !== undefined && failed.operation.returned <= this.#end;
    } catch (error) {
      if (error instanceof TooIntertwinedError) return false;
      throw error;
    }
  }
}

/** The fewest last operations that fail whatever the objects were before; `undefined` if even all of them do not. */
function cutOff(trial: Trial, operations: readonly Operation[]): Cut | undefined {
  const last = (count: number): Cut | undefined => {
    const kept = operations.slice(-count);
    const begin = operations.at(-count - 1)?.returned ?? -Infinity;
    // What had begun before may have taken effect before.
    const open = new Set(kept.filter(({ called }) => called < begin));
    const { model } = trial.group;
    const states = model.statesWith(depthsIn(kept, model.contenders));
    return states.length <= MOST_STATES && trial.fails(states, kept, open) ? { states, operations: kept, open } : undefined;
  };
  let tooFew = 0;
  let enough = 1;
  let found = last(enough);
  while (found === undefined && enough < operations.length) {
    tooFew = enough;
    enough = Math.min(2 * enough, operations.length);
    found = last(enough);
  }
  while (found !== undefined && enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    const shorter = last(middle);
    if (shorter === undefined) tooFew = middle;
    else [enough, found] = [middle, shorter];
  }
  return found;
}

/**
 * How often each can have owned a mutex before, as far as these operations can tell: once more than they release is as good as any number. Who does nothing meanwhile may own one too, and all
 * of those are alike.
 */
function depthsIn(operations: readonly Operation[], contenders: number): Map<Owner, number> {
  const depths = new Map<Owner, number>();
  for (const { contender, verb } of operations) {
    const thread = threadOf(contender);
    depths.set(thread, (depths.get(thread) ?? 1) + (verb === 'release' || verb === 'signal-and-wait' ? 1 : 0));
    depths.set(codeOf(contender), 1);
  }
  const bystander = Array.from({ length: contenders }, (_, contender) => threadOf(contender)).find(thread => !depths.has(thread));
  return bystander === undefined ? depths : depths.set(bystander, 1);
}

/** Adds as many as possible to a set, chunk by chunk and then one by one, as long as it holds. */
function widen<Item>(set: ReadonlySet<Item>, candidates: readonly Item[], holds: (set: ReadonlySet<Item>) => boolean): ReadonlySet<Item> {
  let accepted = set;
  let left = candidates;
  for (let size = Math.ceil(candidates.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < left.length;) {
      const chunk = left.slice(from, from + size);
      const more = new Set([...accepted, ...chunk]);
      if (holds(more)) {
        accepted = more;
        left = left.filter(item => !more.has(item));
      } else {
        from += size;
      }
    }
  }
  return accepted;
}
