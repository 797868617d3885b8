import { Timer, waitAnySync } from 'waitable';
import type { RoleContext } from './role-context.js';
import type { Keys } from './roles.js';
import { waitAsynchronously } from './history-async.js';
import { TIMER_DEFECTS, type TimerDefect } from './history-timers-defects.js';
import { DONE, isAsynchronous, isWait, takenBy, TIMEOUT, type Request } from '../../linearizability/operation.js';
import { Recorder } from '../../linearizability/record.js';
import { statusOf } from '../../linearizability/status.js';
import { Random } from '../../util/random.js';

/** In ms: longer than any clock is early. Only of such a one is it certain that it has not been due. */
const LONG_DUE = 40;
/** In ms. */
const SHORT_DUES = 4;
const LONGEST_TIMEOUT = 5;
/** In ms: long after the run. */
const NEVER = 1e8;

/** The role `history-timers` of PROTOCOL.md: one round. */
export async function historyTimers(self: RoleContext, keys: Keys): Promise<void> {
  const player = new TimerPlayer(self, keys);
  if (keys.integer('last') === 1) await player.setEach();
  else while (!self.stopping && player.hasRoom) await player.perform(player.choose());
}

class TimerPlayer {
  readonly #self: RoleContext;
  readonly #timers: readonly Timer[];
  readonly #defect: TimerDefect;
  readonly #random: Random;
  readonly #recorder: Recorder;

  constructor(self: RoleContext, keys: Keys) {
    this.#self = self;
    this.#timers = keys.waitables('first', 'objects').map(checkedTimer);
    this.#defect = TIMER_DEFECTS[keys.integer('lie')] ?? 'none';
    this.#random = new Random(keys.integer('seed'));
    this.#recorder = new Recorder(keys.record('record'));
  }

  get hasRoom(): boolean {
    return this.#recorder.room > 0;
  }

  choose(): Request {
    const random = this.#random;
    const timer = random.below(this.#timers.length);
    const chance = random.below(8);
    if (chance < 3) return this.#form({ verb: 'wait', objects: [timer], argument: this.#chooseTimeout() });
    if (chance < 5) return this.#form({ verb: 'wait-any', objects: [timer, (timer + 1) % this.#timers.length], argument: this.#chooseTimeout() });
    return chance < 7 ? this.#chooseSet(timer) : { verb: 'cancel', objects: [timer], argument: 0 };
  }

  #chooseTimeout(): number {
    return this.#random.flip() ? 0 : 1 + this.#random.below(LONGEST_TIMEOUT);
  }

  #form(request: Request & { readonly verb: 'wait' | 'wait-any' }): Request {
    return this.#random.flip() ? request : { ...request, verb: `${request.verb}-async` };
  }

  #chooseSet(timer: number): Request {
    return { verb: 'set-timer', objects: [timer], argument: this.#random.below(4) === 0 ? LONG_DUE : this.#random.below(SHORT_DUES) };
  }

  async perform(request: Request): Promise<void> {
    this.#self.spin();
    this.#recorder.begin(request);
    const outcome = isWait(request) ? await this.#wait(request) : this.#change(request);
    const nanoseconds = this.#recorder.end(outcome);
    if (isWait(request) && outcome !== TIMEOUT) this.#self.waited(nanoseconds);
    this.#self.progress();
  }

  /** What the runner then waits for. */
  async setEach(): Promise<void> {
    for (const timer of this.#timers.keys()) await this.perform({ verb: 'set-timer', objects: [timer], argument: this.#random.below(SHORT_DUES) });
  }

  async #wait(request: Request): Promise<number> {
    const timers = request.objects.map(timer => this.#at(timer));
    const outcome = isAsynchronous(request.verb) ? (await waitAsynchronously(request, timers)).outcome : statusOf(waitAnySync(timers, request.argument));
    if (this.#defect === 'twice') for (const taken of takenBy(request, outcome)) this.#at(taken).set(0);
    return outcome;
  }

  #change({ verb, objects: [first = 0], argument }: Request): number {
    const timer = this.#at(first);
    if (verb === 'cancel' && this.#defect !== 'cancel') timer.cancel();
    if (verb === 'set-timer') timer.set(this.#dueOf(argument));
    return DONE;
  }

  #dueOf(told: number): number {
    if (this.#defect === 'early') return 0;
    return this.#defect === 'lost' ? NEVER : told;
  }

  #at(timer: number): Timer {
    return checkedTimer(this.#timers[timer]);
  }
}

function checkedTimer(object: unknown): Timer {
  if (!(object instanceof Timer)) throw new RangeError('there is no such timer');
  return object;
}
