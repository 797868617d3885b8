import { checkBoolean, checkInteger, checkOptions, rangeError, typeError } from './arguments.js';
import { systemError } from './errors.js';
import { kernel } from './kernel/select.js';
import { checkObjectOptions, type ObjectOptions, type OpenOptions } from './options.js';
import { checkOptionalName, created, opened, tryOpened, Waitable } from './waitable.js';

/** Far enough (28 years) for anything but a `Date`. */
const MAXIMUM_DUE = 900_000_000_000;
const MAXIMUM_PERIOD = 0x7fffffff;

export interface TimerOptions extends ObjectOptions {
  /** `true`: once due, stays signalled until it is set anew. `false` (the default): each time it is due it releases one wait. */
  readonly manualReset?: boolean;
}

export interface TimerSetOptions {
  /** In ms, up to 2,147,483,647: due again and again. 0 (the default): once. */
  readonly period?: number;
}

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
    const { manualReset = false } = checkOptions(options);
    checkBoolean(manualReset, 'manualReset');
    return new Timer(created(kernel.createTimer(checked, manualReset, checkObjectOptions('timer', options)), 'timer', checked));
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
    const origin = tryOpened('timer', name, options);
    return origin && new Timer(origin);
  }

  /**
   * Starts the timer, or starts it anew: it is not signalled until it is due.
   *
   * @param due - In ms from now (an integer from 0), or a moment as a `Date`, which follows the system's clock when that is set; the past means at once.
   * @throws RangeError, TypeError, AccessDeniedError, ClosedError.
   * @see {@link https://learn.microsoft.com/windows/win32/api/synchapi/nf-synchapi-setwaitabletimer | SetWaitableTimer}
   */
  set(due: number | Date, options?: TimerSetOptions): void {
    const absolute = due instanceof Date;
    const { period = 0 } = checkOptions(options);
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
  if (typeof due !== 'number') throw typeError('due', `an integer from 0 to ${MAXIMUM_DUE} ms, or a Date`, due);
  return checkInteger(due, 'due', 0, MAXIMUM_DUE);
}

function checkDate(due: Date): number {
  const moment = due.getTime();
  if (Number.isNaN(moment)) throw rangeError('due', 'a valid Date', moment);
  return moment;
}
