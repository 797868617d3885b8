import fc, { type Arbitrary } from 'fast-check';
import type { Operation, Request, Specification } from '../../../stress/linearizability/operation.js';
import { World } from './reference.js';

/** One of each kind, so that every wait for many has something to connect. */
export const SPECIFICATIONS: readonly Specification[] = [
  { kind: 'mutex' },
  { kind: 'semaphore', initialCount: 1, maximumCount: 2 },
  { kind: 'event', manualReset: false, initialState: false },
  { kind: 'event', manualReset: true, initialState: false },
];
export const CONTENDERS = 3;

const many = fc.uniqueArray(fc.nat(SPECIFICATIONS.length - 1), { minLength: 2, maxLength: 3 });
const event = fc.constantFrom([2], [3]);

const requests: Arbitrary<Request> = fc.oneof(
  fc.record({ verb: fc.constantFrom('wait' as const, 'wait-async' as const), objects: fc.nat(SPECIFICATIONS.length - 1).map(object => [object]), argument: fc.constant(0) }),
  fc.record({ verb: fc.constantFrom('wait-any' as const, 'wait-all' as const, 'wait-any-async' as const, 'wait-all-async' as const), objects: many, argument: fc.constant(0) }),
  fc.record({ verb: fc.constantFrom('release' as const, 'release-lock' as const), objects: fc.constant([0]), argument: fc.constant(0) }),
  fc.record({ verb: fc.constant('release' as const), objects: fc.constant([1]), argument: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ verb: fc.constantFrom('set' as const, 'reset' as const), objects: event, argument: fc.constant(0) }),
  fc.record({ verb: fc.constant('signal-and-wait' as const), objects: fc.uniqueArray(fc.nat(SPECIFICATIONS.length - 1), { minLength: 2, maxLength: 2 }), argument: fc.constant(0) }),
);

interface Turn {
  readonly contender: number;
  readonly request: Request;
  /** How long before and after the instant at which it happens it is called and returns. */
  readonly before: number;
  readonly after: number;
  /** The contender dies in it. */
  readonly dies: boolean;
  /** Of who dies: whether it took effect before. */
  readonly takesEffect: boolean;
}

const INSTANT = 10;

function turns(longest: number, overlap: number): Arbitrary<Turn[]> {
  return fc.array(fc.record({
    contender: fc.nat(CONTENDERS - 1),
    request: requests,
    before: fc.nat(overlap * INSTANT),
    after: fc.nat(overlap * INSTANT),
    dies: fc.integer({ min: 0, max: 9 }).map(chance => chance === 0),
    takesEffect: fc.boolean(),
  }), { minLength: 1, maxLength: longest });
}

/**
 * Histories that have an explanation: each operation happens at an instant of its own, one after the other, and lasts for a while before and after it.
 *
 * @param overlap - With how many that happen before it, or after it, an operation may overlap.
 */
export function histories(longest: number, overlap = 3): Arbitrary<Operation[]> {
  return turns(longest, overlap).map(list => {
    const world = new World(SPECIFICATIONS);
    const dead = new Set<number>();
    const free = new Map<number, number>();
    const operations: Operation[] = [];
    list.forEach(({ contender, request, before, after, dies, takesEffect }, index) => {
      if (dead.has(contender)) return;
      const instant = (index + 1) * INSTANT;
      const next = list.findIndex((turn, later) => later > index && turn.contender === contender);
      const called = Math.max(free.get(contender) ?? 0, instant - before);
      const returned = Math.min(next < 0 ? Infinity : (next + 1) * INSTANT - 1, instant + after);
      // Two contenders that return and are called again at one instant cannot be put in an order that lets all overlap.
      free.set(contender, returned + 1);
      const outcome = dies && !takesEffect ? undefined : world.perform(contender, request);
      if (dies) {
        world.die(contender);
        dead.add(contender);
      }
      operations.push({ ...request, contender, called, returned, outcome: dies ? undefined : outcome });
    });
    return operations;
  });
}

const OUTCOMES = [0, 1, 2, 128, 129, 258, -288, -298, -995, -1131];

/** The same with some outcomes replaced, for better or worse. */
export function mutated(original: Arbitrary<Operation[]>): Arbitrary<Operation[]> {
  return fc.tuple(original, fc.array(fc.record({ at: fc.nat(), outcome: fc.constantFrom(...OUTCOMES) }), { minLength: 1, maxLength: 2 })).map(([operations, changes]) => {
    const places = new Map(changes.map(({ at, outcome }) => [at % operations.length, outcome]));
    return operations.map((operation, index) => operation.outcome === undefined ? operation : { ...operation, outcome: places.get(index) ?? operation.outcome });
  });
}
