import { types } from 'node:util';
import { checkBoolean, checkInteger, checkMilliseconds, rangeError } from './arguments.js';
import { systemError } from './errors.js';
import { kernel } from './kernel/select.js';
import { checkOptions, type OptionNames } from './options-bag.js';
import { checkObjectOptions, OBJECT_OPTIONS, type ObjectOptions, type OpenOptions } from './options.js';
import { checkOptionalName, created, opened, tryOpened, Waitable } from './waitable.js';

/** Far enough (28 years) for anything but a `Date`. */
const MAXIMUM_DUE = 900_000_000_000;
/** Windows counts 100 ns from 1601 in 63 bits, which end in the year 30828; a `Date` may be as far off as 275760. What is due then is never due, on any kernel. */
const LAST_MOMENT = Date.UTC(30_000, 0);
const MAXIMUM_PERIOD = 0x7fffffff;

export interface TimerOptions extends ObjectOptions {
  /** `true`: once due, stays signalled until it is set anew. `false` (the default): each time it is due it releases one wait. */
  readonly manualReset?: boolean | undefined;
}

const TIMER_OPTIONS: OptionNames<TimerOptions> = { ...OBJECT_OPTIONS, manualReset: true };

export interface TimerSetOptions {
  /** In ms, up to 2,147,483,647: due again and again. 0 (the default): once. */
  readonly period?: number | undefined;
}

const SET_OPTIONS: OptionNames<TimerSetOptions> = { period: true };

/**
 * A timer that becomes signalled when it is due, shared by name between processes. It runs in the kernel: its maker's event loop plays no part.
 *
 * @example
 * ```ts
 * using timer = Timer.create('my-app tick');
 * timer.set(500, { period: 1000 });
 * timer.waitSync();
 * ```
 * @see {@link https://learn.microsoft.com/windows/win32/sync/waitable-timer-objects}
 */
export class Timer extends Waitable {
  readonly kind = 'timer';

  /**
   * Creates a timer, not yet set, or opens the one that has this name already, as it stands.
   *
   * @throws InvalidNameError, KindMismatchError (the name belongs to another kind), AccessDeniedError.
   * @see {@link https://learn.microsoft.com/windows/win32/api/synchapi/nf-synchapi-createwaitabletimerexw | CreateWaitableTimerExW}
   */
  static create(name?: string, options?: TimerOptions): Timer {
    const checked = checkOptionalName(name);
    const given = checkOptions(options, TIMER_OPTIONS);
    const { manualReset = false } = given;
    checkBoolean(manualReset, 'manualReset');
    return new Timer(created(kernel.createTimer(checked, manualReset, checkObjectOptions('timer', given)), 'timer', checked));
  }

  /**
   * Opens the timer of this name.
   *
   * @throws NotFoundError (there is none), InvalidNameError, KindMismatchError, AccessDeniedError.
   * @see {@link https://learn.microsoft.com/windows/win32/api/synchapi/nf-synchapi-openwaitabletimerw | OpenWaitableTimerW}
   */
  static open(name: string, options?: OpenOptions): Timer {
    return new Timer(opened('timer', name, options));
  }

  /** As `open`, but gives `undefined` when there is none. */
  static tryOpen(name: string, options?: OpenOptions): Timer | undefined {
    const init = tryOpened('timer', name, options);
    return init && new Timer(init);
  }

  /**
   * Starts the timer, or starts it anew: it is not signalled until it is due.
   *
   * @param due - In ms from now, at most 900,000,000,000 (fractions are rounded up, negative numbers are 0), or a moment as a `Date`, which follows the system's clock when that is set; the past means at once, and
   * what is later than the year 30,000 counts as that.
   * @throws RangeError, TypeError, AccessDeniedError, ClosedError.
   * @see {@link https://learn.microsoft.com/windows/win32/api/synchapi/nf-synchapi-setwaitabletimer | SetWaitableTimer}
   */
  set(due: number | Date, options?: TimerSetOptions): void {
    // Not by `instanceof`: other realms have a `Date` of their own, and test frameworks put another in its place.
    const absolute = types.isDate(due);
    const { period = 0 } = checkOptions(options, SET_OPTIONS);
    checkInteger(period, 'period', 0, MAXIMUM_PERIOD);
    if (!kernel.setTimer(this.handle, absolute ? checkDate(due) : checkDelay(due), absolute, period)) throw systemError(kernel.failure, this);
  }

  /**
   * Stops the timer. Whether it is signalled does not change.
   *
   * @throws AccessDeniedError, ClosedError.
   * @see {@link https://learn.microsoft.com/windows/win32/api/synchapi/nf-synchapi-cancelwaitabletimer | CancelWaitableTimer}
   */
  cancel(): void {
    if (!kernel.cancelTimer(this.handle)) throw systemError(kernel.failure, this);
  }
}

function checkDelay(due: unknown): number {
  return checkMilliseconds(due, 'due', MAXIMUM_DUE, `a number of ms from 0 to ${MAXIMUM_DUE}, or a Date`);
}

function checkDate(due: Date): number {
  const moment = due.getTime();
  if (Number.isNaN(moment)) throw rangeError('due', 'a valid Date', moment);
  return Math.min(moment, LAST_MOMENT);
}
