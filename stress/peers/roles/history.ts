import { DeadlockError, Event, LimitExceededError, Mutex, MutexLock, NotOwnerError, Semaphore, signalAndWaitSync, waitAllSync, waitAnySync, type Waitable } from 'waitable';
import type { RoleContext } from './role-context.js';
import type { Keys } from './roles.js';
import { waitAsynchronously } from './history-async.js';
import { choose, formOf, MOST_STAGED, type Workload } from './history-choices.js';
import { DEFECTS, type Defect } from './history-defects.js';
import { ABANDONED, ABORT, ABORTED, DEADLOCK, DONE, isAsynchronous, isWait, NOT_OWNER, takenBy, TIMEOUT, TOO_MANY_POSTS, type Kind, type Request } from '../../linearizability/operation.js';
import { Random } from '../../util/random.js';
import { Recorder } from '../../linearizability/record.js';
import { statusOf } from '../../linearizability/status.js';

/** In a liar's `set`: one of so many is lost. */
const LOST_SET = 4;

/** The role `history` of PROTOCOL.md: one round. `helper/common/history.c` is the other implementation. */
export async function history(self: RoleContext, keys: Keys): Promise<void> {
  const player = new Player(self, keys);
  while (!self.stopping && player.hasRoom) await player.perform(player.choose());
  await player.letGo();
}

class Player {
  readonly #self: RoleContext;
  readonly #objects: readonly Waitable[];
  readonly #workload: Workload;
  readonly #lie: Defect;
  readonly #random: Random;
  /** Of what is asynchronous, if anything is: what is chosen otherwise does not depend on it. */
  readonly #forms: Random | undefined;
  readonly #recorder: Recorder;
  /** How often this thread owns each, if it is a mutex. */
  readonly #depths: number[];
  /** What this code owns each by instead. */
  readonly #locks = new Map<number, MutexLock>();
  #sets = 0;

  constructor(self: RoleContext, keys: Keys) {
    this.#self = self;
    checked(keys.integer('objects'), 'objects', MOST_STAGED);
    this.#objects = keys.waitables('first', 'objects');
    const kinds = this.#objects.map(({ kind }) => kind as Kind); // the protocol has no verb that makes others
    this.#workload = { kinds, joint: checked(keys.integer('joint'), 'joint', kinds.length), timeouts: checked(keys.integer('timeouts'), 'timeouts', Infinity) };
    this.#lie = DEFECTS[checked(keys.integer('lie'), 'lie', DEFECTS.length - 1)] ?? 'none';
    const seed = keys.integer('seed');
    this.#random = new Random(seed);
    this.#forms = checked(keys.integer('asynchronous'), 'asynchronous', 1) === 1 ? new Random(new Random(seed).seed()) : undefined;
    this.#recorder = new Recorder(keys.record('record'));
    this.#depths = this.#objects.map(() => 0);
  }

  /** For one more operation, and for letting go of all that is owned. */
  get hasRoom(): boolean {
    return this.#recorder.room > this.#owned + this.#workload.kinds.length;
  }

  get #owned(): number {
    return this.#depths.reduce((sum, depth) => sum + depth, this.#locks.size);
  }

  choose(): Request {
    const request = choose(this.#random, this.#workload, object => this.#depthOf(object) > 0 || this.#locks.has(object));
    return this.#forms === undefined || this.#isFeigned(request) ? request : formOf(this.#forms, request, object => this.#locks.has(object));
  }

  async perform(request: Request): Promise<void> {
    this.#self.spin();
    this.#recorder.begin(request);
    const isPending = isAsynchronous(request.verb) && isWait(request);
    const outcome = this.#tell(request, this.#isFeigned(request) ? DONE : isPending ? await this.#outcomeLater(request) : this.#outcomeOf(request));
    const nanoseconds = this.#recorder.end(outcome);
    this.#note(request, outcome, nanoseconds);
    this.#self.progress();
  }

  async letGo(): Promise<void> {
    for (const object of [...this.#locks.keys()]) await this.perform({ verb: 'release-lock', objects: [object], argument: 0 });
    for (const [object, depth] of this.#depths.entries()) {
      for (let left = depth; left > 0; left--) await this.perform({ verb: 'release', objects: [object], argument: 0 });
    }
  }

  #note(request: Request, outcome: number, nanoseconds: number): void {
    const { verb, objects: [first = 0] } = request;
    const releases = verb === 'signal-and-wait' ? outcome >= 0 : verb === 'release' && outcome === DONE;
    if (releases && this.#kindOf(first) === 'mutex') this.#deepen(first, -1);
    if (!isWait(request) || outcome === TIMEOUT || outcome < 0) return;
    this.#self.waited(nanoseconds);
    if (outcome >= ABANDONED) this.#self.abandoned();
    if (isAsynchronous(verb)) return;
    for (const object of takenBy(request, outcome)) if (this.#kindOf(object) === 'mutex') this.#deepen(object, 1);
  }

  #outcomeOf({ verb, objects, argument }: Request): number {
    const named = objects.map(object => this.#at(object));
    const [object, other] = named;
    switch (verb) {
      case 'wait':
      case 'wait-any': return orError(() => statusOf(waitAnySync(named, argument)));
      case 'wait-all': return orError(() => this.#lie === 'part' ? takeOneByOne(named, argument) : statusOf(waitAllSync(named, argument)));
      case 'release': return release(object, this.#lie === 'permit' ? Math.max(1, argument - 1) : argument);
      case 'release-lock': return this.#releaseLock(objects[0]);
      case 'set':
        if (object instanceof Event && !(this.#lie === 'set' && ++this.#sets % LOST_SET === 0)) object.set();
        return DONE;
      case 'reset':
        if (object instanceof Event) object.reset();
        return DONE;
      case 'signal-and-wait': return orError(() => statusOf(this.#lie === 'signal' && !(object instanceof Mutex) ? waitAnySync([checkedObject(other)], argument) : signalAndWait(object, other, argument)));
      default: throw new RangeError(`${verb} is asynchronous`);
    }
  }

  async #outcomeLater(request: Request): Promise<number> {
    const { outcome, locks } = await waitAsynchronously(request, request.objects.map(object => this.#at(object)));
    const mutexes = locks.filter(lock => lock instanceof MutexLock);
    if (this.#lie === 'abort' && request.argument >= ABORT && outcome !== ABORTED) {
      for (const lock of mutexes) lock.release();
      return ABORTED;
    }
    const taken = takenBy(request, outcome).filter(object => this.#kindOf(object) === 'mutex');
    for (const [index, lock] of mutexes.entries()) this.#locks.set(taken[index] ?? 0, lock); // in the order of the objects
    return outcome;
  }

  #releaseLock(object = 0): number {
    const lock = this.#locks.get(object);
    this.#locks.delete(object);
    return release(lock, 0);
  }

  /** A lock that does not lock: of the mutexes that are never waited for together with others. */
  #isFeigned({ objects: [object = 0] }: Request): boolean {
    return this.#lie === 'lock' && this.#kindOf(object) === 'mutex' && object < this.#workload.kinds.length - this.#workload.joint;
  }

  #tell(request: Request, outcome: number): number {
    return this.#lie === 'news' && isWait(request) && outcome !== TIMEOUT && outcome >= 0 ? outcome % ABANDONED : outcome;
  }

  #at(object: number): Waitable {
    return checkedObject(this.#objects[object]);
  }

  #kindOf(object: number): Kind | undefined {
    return this.#workload.kinds[object];
  }

  #depthOf(object: number): number {
    return this.#depths[object] ?? 0;
  }

  #deepen(object: number, by: number): void {
    this.#depths[object] = this.#depthOf(object) + by;
  }
}

function checkedObject(object: Waitable | undefined): Waitable {
  if (object === undefined) throw new RangeError('there is no such object');
  return object;
}

function checked(value: number, key: string, maximum: number): number {
  if (value < 0 || value > maximum) throw new RangeError(`${key} must be from 0 to ${maximum}; given: ${value}`);
  return value;
}

/** Errors that are outcomes like any other. */
function orError(act: () => number): number {
  try {
    return act();
  } catch (error) {
    if (error instanceof NotOwnerError) return NOT_OWNER;
    if (error instanceof LimitExceededError) return TOO_MANY_POSTS;
    if (error instanceof DeadlockError) return DEADLOCK;
    throw error;
  }
}

function release(object: Waitable | MutexLock | undefined, count: number): number {
  return orError(() => {
    if (object instanceof Semaphore) return object.release(count);
    if (object instanceof Mutex || object instanceof MutexLock) object.release();
    return DONE;
  });
}

function signalAndWait(toSignal: Waitable | undefined, toWaitFor: Waitable | undefined, timeout: number) {
  if (toSignal instanceof Mutex || toSignal instanceof Semaphore || toSignal instanceof Event) return signalAndWaitSync(toSignal, checkedObject(toWaitFor), timeout);
  throw new RangeError('nothing to signal');
}

/** A liar's wait for all. What it has taken when it comes to one that is not signalled, it gives back. */
function takeOneByOne(objects: readonly Waitable[], timeout: number): number {
  let told = 0;
  for (const [index, object] of objects.entries()) {
    const status = statusOf(object.waitSync(timeout));
    if (status === TIMEOUT) {
      for (const taken of objects.slice(0, index)) {
        if (taken instanceof Event) taken.set();
        else release(taken, 1);
      }
      return TIMEOUT;
    }
    told = Math.max(told, status);
  }
  return told;
}
