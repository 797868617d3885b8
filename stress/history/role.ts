import { LimitExceededError, NotOwnerError, Semaphore, Event, Mutex, waitAllSync, waitAnySync, type Waitable, type WaitResult } from 'waitable';
import type { Contention } from '../peers/contention.js';
import type { Keys } from '../peers/roles.js';
import { choose, MOST_STAGED, type Stage } from './choice.js';
import { LIES, type Lie } from './lies.js';
import { ABANDONED, DONE, isWait, NOT_OWNER, TIMEOUT, TOO_MANY_POSTS, type Kind, type Request } from './operation.js';
import { Random } from '../random.js';
import { Recorder } from './record.js';

/** In a liar's `set`: one of so many is lost. */
const LOST_SET = 4;

/** The role `history` of PROTOCOL.md: one round. `helper/common/history.c` is the other implementation. */
export function history(self: Contention, keys: Keys): void {
  const player = new Player(self, keys);
  while (!self.stopping && player.hasRoom) player.perform(player.choose());
  player.letGo();
}

class Player {
  readonly #self: Contention;
  readonly #objects: readonly Waitable[];
  readonly #stage: Stage;
  readonly #lie: Lie;
  readonly #random: Random;
  readonly #recorder: Recorder;
  /** How often this contender owns each, if it is a mutex. */
  readonly #depths: number[];
  #sets = 0;

  constructor(self: Contention, keys: Keys) {
    this.#self = self;
    checked(keys.integer('objects'), 'objects', MOST_STAGED);
    this.#objects = keys.waitables('first', 'objects');
    const kinds = this.#objects.map(({ kind }) => kind as Kind); // the protocol has no verb that makes others
    this.#stage = { kinds, joint: checked(keys.integer('joint'), 'joint', kinds.length) };
    this.#lie = LIES[checked(keys.integer('lie'), 'lie', LIES.length - 1)] ?? 'none';
    this.#random = new Random(keys.integer('seed'));
    this.#recorder = new Recorder(keys.record('record'));
    this.#depths = this.#objects.map(() => 0);
  }

  /** For one more operation, and for letting go of all that is owned. */
  get hasRoom(): boolean {
    return this.#recorder.room > this.#owned + this.#stage.kinds.length;
  }

  get #owned(): number {
    return this.#depths.reduce((sum, depth) => sum + depth, 0);
  }

  choose(): Request {
    return choose(this.#random, this.#stage, object => this.#depthOf(object) > 0);
  }

  perform(request: Request): void {
    this.#self.spin();
    this.#recorder.begin(request);
    const outcome = this.#tell(request, this.#isFeigned(request) ? DONE : this.#outcomeOf(request));
    const nanoseconds = this.#recorder.end(outcome);
    this.#note(request, outcome, nanoseconds);
    this.#self.progress();
  }

  letGo(): void {
    for (const [object, depth] of this.#depths.entries()) {
      for (let left = depth; left > 0; left--) this.perform({ verb: 'release', objects: [object], argument: 0 });
    }
  }

  #note(request: Request, outcome: number, nanoseconds: number): void {
    if (request.verb === 'release' && outcome === DONE && this.#kindOf(request.objects[0]) === 'mutex') this.#deepen(request.objects[0], -1);
    if (!isWait(request) || outcome === TIMEOUT) return;
    this.#self.waited(nanoseconds);
    if (outcome >= ABANDONED) this.#self.abandoned();
    for (const object of request.verb === 'wait-all' ? request.objects : [request.objects[outcome % ABANDONED]]) {
      if (this.#kindOf(object) === 'mutex') this.#deepen(object, 1);
    }
  }

  #outcomeOf({ verb, objects, argument }: Request): number {
    const waited = objects.map(object => this.#at(object));
    const [object] = waited;
    switch (verb) {
      case 'wait': return statusOf(waitAnySync(waited, argument));
      case 'wait-any': return statusOf(waitAnySync(waited, argument));
      case 'wait-all': return this.#lie === 'part' ? takeOneByOne(waited, argument) : statusOf(waitAllSync(waited, argument));
      case 'release': return release(object, this.#lie === 'permit' ? Math.max(1, argument - 1) : argument);
      case 'set':
        if (object instanceof Event && !(this.#lie === 'set' && ++this.#sets % LOST_SET === 0)) object.set();
        return DONE;
      case 'reset':
        if (object instanceof Event) object.reset();
        return DONE;
    }
  }

  /** A lock that does not lock: of the mutexes that are never waited for together with others. */
  #isFeigned({ objects: [object = 0] }: Request): boolean {
    return this.#lie === 'lock' && this.#kindOf(object) === 'mutex' && object < this.#stage.kinds.length - this.#stage.joint;
  }

  #tell(request: Request, outcome: number): number {
    return this.#lie === 'news' && isWait(request) && outcome !== TIMEOUT ? outcome % ABANDONED : outcome;
  }

  #at(object: number): Waitable {
    const found = this.#objects[object];
    if (found === undefined) throw new RangeError(`there is no object ${object}`);
    return found;
  }

  #kindOf(object: number | undefined): Kind | undefined {
    return object === undefined ? undefined : this.#stage.kinds[object];
  }

  #depthOf(object: number): number {
    return this.#depths[object] ?? 0;
  }

  #deepen(object: number | undefined, by: number): void {
    if (object !== undefined) this.#depths[object] = this.#depthOf(object) + by;
  }
}

function checked(value: number, key: string, maximum: number): number {
  if (value < 0 || value > maximum) throw new RangeError(`${key} must be from 0 to ${maximum}; given: ${value}`);
  return value;
}

function statusOf({ status, index }: WaitResult): number {
  if (status === 'timeout') return TIMEOUT;
  return status === 'abandoned' ? ABANDONED + index : index;
}

function release(object: Waitable | undefined, count: number): number {
  try {
    if (object instanceof Semaphore) return object.release(count);
    if (object instanceof Mutex) object.release();
    return DONE;
  } catch (error) {
    if (error instanceof NotOwnerError) return NOT_OWNER;
    if (error instanceof LimitExceededError) return TOO_MANY_POSTS;
    throw error;
  }
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
