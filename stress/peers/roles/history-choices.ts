import { ABORT, type Kind, type Request } from '../../linearizability/operation.js';
import type { Random } from '../../util/random.js';
import { MOST_OBJECTS } from '../../linearizability/record.js';

/** More than any semaphore has room for. */
const TOO_MANY = 100;
const LONGEST_TIMEOUT = 3;

/** The most objects that a contender chooses among. */
export const MOST_STAGED = 16;

/** What a contender chooses among. */
export interface Workload {
  /** Of the objects, in order. */
  readonly kinds: readonly Kind[];
  /** So many of the last of them are waited for together. */
  readonly joint: number;
  /** One of so many waits has a timeout; 0: none has. */
  readonly timeouts: number;
}

/** What a contender does next: PROTOCOL.md has the chances, and `helper/common/choice.c` makes the same choices. */
export function choose(random: Random, workload: Workload, owns: (object: number) => boolean): Request {
  const { kinds, joint } = workload;
  if (joint >= 2) {
    const chance = random.below(16);
    if (chance < 5) return chooseJointWait(random, workload);
    if (chance < 7) return chooseSignalAndWait(random, workload);
  }
  const object = random.below(kinds.length);
  const wait = (): Request => ({ verb: 'wait', objects: [object], argument: chooseTimeout(random, workload) });
  switch (kinds[object]) {
    case 'mutex': return random.below(8) < (owns(object) ? 3 : 7) ? wait() : { verb: 'release', objects: [object], argument: 0 };
    case 'semaphore': {
      const chance = random.below(8);
      return chance < 4 ? wait() : { verb: 'release', objects: [object], argument: chance < 7 ? 1 + random.below(2) : TOO_MANY };
    }
    default: {
      const chance = random.below(8);
      return chance < 3 ? wait() : { verb: chance < 6 ? 'set' : 'reset', objects: [object], argument: 0 };
    }
  }
}

/** Neighbours on a ring, in one direction or the other. */
function chooseJointWait(random: Random, workload: Workload): Request {
  const { kinds, joint } = workload;
  const verb = random.below(2) === 0 ? 'wait-any' : 'wait-all';
  const count = 2 + random.below(Math.min(joint, MOST_OBJECTS) - 1);
  const first = random.below(joint);
  const step = random.below(2) === 0 ? 1 : joint - 1;
  const base = kinds.length - joint;
  return { verb, objects: Array.from({ length: count }, (_, index) => base + ((first + index * step) % joint)), argument: chooseTimeout(random, workload) };
}

function chooseSignalAndWait(random: Random, workload: Workload): Request {
  const { kinds, joint } = workload;
  const first = random.below(joint);
  const second = (first + 1 + random.below(joint - 1)) % joint;
  const base = kinds.length - joint;
  return { verb: 'signal-and-wait', objects: [base + first, base + second], argument: chooseTimeout(random, workload) };
}

function chooseTimeout(random: Random, { timeouts }: Workload): number {
  return timeouts > 0 && random.below(timeouts) === 0 ? 1 + random.below(LONGEST_TIMEOUT) : 0;
}

/** One of so many waits is asynchronous. */
const ASYNCHRONOUS = 2;
/** One of so many releases of what asynchronous code owns is tried by the thread, which may not. */
const MISTAKEN = 8;

/**
 * What of a request is done asynchronously.
 *
 * @param locked - Whether this contender's own code owns the mutex.
 */
export function formOf(random: Random, request: Request, locked: (object: number) => boolean): Request {
  const { verb, objects: [object = 0], argument } = request;
  if (verb === 'release') return locked(object) && random.below(MISTAKEN) > 0 ? { ...request, verb: 'release-lock' } : request;
  if ((verb !== 'wait' && verb !== 'wait-any' && verb !== 'wait-all') || random.below(ASYNCHRONOUS) > 0) return request;
  // Where it has no time, it is aborted at once.
  return { ...request, verb: `${verb}-async`, argument: random.flip() ? argument : ABORT + argument };
}
