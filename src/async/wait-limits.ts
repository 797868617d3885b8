import { checkTimeout, typeError } from '../arguments.js';
import type { WaitOptions } from '../contract.js';
import { milliseconds, startTimer, stopTimer } from '../kernel/runtime.js';
import { INFINITE } from '../kernel/status.js';
import { checkOptions, type OptionNames } from '../options-bag.js';
import { onAbort, reasonOf } from './aborts.js';

const WAIT_OPTIONS: OptionNames<WaitOptions> = { timeout: true, signal: true };

/** `setTimeout` takes no longer time, in ms: about 24.8 days. */
const LONGEST_TIMER = 0x7fffffff;

/** As `checkOptions` would find out, in a fraction of the time: the usual ones, of a literal. */
function isUsual(options: unknown): options is WaitOptions {
  if (typeof options !== 'object' || options === null || Object.getPrototypeOf(options) !== Object.prototype) return false;
  for (const key in options) if (key !== 'timeout' && key !== 'signal') return false;
  return true;
}

/** By what it does, as Node's own functions see it: test frameworks, polyfills and other realms have classes of their own. */
function isSignal(signal: unknown): signal is AbortSignal {
  if (typeof signal !== 'object' || signal === null || !('aborted' in signal)) return false;
  const { addEventListener, removeEventListener } = signal as Partial<AbortSignal>;
  return typeof addEventListener === 'function' && typeof removeEventListener === 'function';
}

/** What may end a wait from outside. */
export class Limits {
  /** In ms, or `INFINITE`. */
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;

  constructor(options: WaitOptions | undefined) {
    const { timeout, signal }: WaitOptions = isUsual(options) ? options : checkOptions(options, WAIT_OPTIONS);
    if (signal !== undefined && !isSignal(signal)) throw typeError('signal', 'an AbortSignal', signal);
    this.timeout = checkTimeout(timeout);
    this.signal = signal;
  }

  get any(): boolean {
    return this.timeout !== INFINITE || this.signal !== undefined;
  }

  /** Calls one of the two when its time has come; the result stops that. */
  watch(onTimeout: () => void, abort: (reason: unknown) => void): () => void {
    const { signal } = this;
    const stopWatching = signal && onAbort(signal, () => abort(reasonOf(signal)));
    let timer: NodeJS.Timeout | undefined;
    const arm = (left: number) => {
      timer = startTimer(look, Math.min(Math.ceil(left), LONGEST_TIMER));
    };
    const deadline = this.timeout === INFINITE ? Infinity : milliseconds() + this.timeout;
    // Node counts whole milliseconds, so that its timers come up to one too early.
    const look = () => {
      const left = deadline - milliseconds();
      if (left > 0) arm(left);
      else onTimeout();
    };
    // A signal that has aborted since it was looked at tells nobody any more.
    if (signal?.aborted === true) abort(reasonOf(signal));
    if (this.timeout !== INFINITE) arm(this.timeout);
    return () => {
      stopTimer(timer);
      stopWatching?.();
    };
  }
}

export const UNLIMITED = new Limits(undefined);
