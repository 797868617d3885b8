import { INFINITE, MAXIMUM_TIMEOUT } from './kernel/status.js';

/*
 * Checks of what callers pass. Each throws before anything is done, and its message says which argument, what was given and
 * what is allowed. Parameters are `unknown` because JavaScript callers pass anything.
 */

/** Thrown with Node's own codes, so that callers can treat these errors like Node's. */
function coded<E extends Error>(error: E, code: string): E & { code: string } {
  return Object.assign(error, { code });
}

export function typeError(argument: string, allowed: string, given: unknown): TypeError {
  return coded(new TypeError(`${argument} must be ${allowed}; given: ${show(given)}`), 'ERR_INVALID_ARG_TYPE');
}

export function valueError(message: string): TypeError {
  return coded(new TypeError(message), 'ERR_INVALID_ARG_VALUE');
}

export function rangeError(argument: string, allowed: string, given: unknown): RangeError {
  return coded(new RangeError(`${argument} must be ${allowed}; given: ${show(given)}`), 'ERR_OUT_OF_RANGE');
}

function show(value: unknown): string {
  switch (typeof value) {
    case 'string': return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
    case 'function': return `function ${value.name}`;
    case 'object': return value === null ? 'null' : `an object (${(value.constructor as { name: string } | undefined)?.name ?? 'without a constructor'})`;
    case 'bigint': return `${value}n`;
    default: return String(value);
  }
}

export function checkInteger(value: unknown, argument: string, minimum: number, maximum: number): number {
  const allowed = `an integer from ${minimum} to ${maximum}`;
  if (typeof value !== 'number') throw typeError(argument, allowed, value);
  if (!Number.isInteger(value) || value < minimum || value > maximum) throw rangeError(argument, allowed, value);
  return value;
}

export function checkBoolean(value: unknown, argument: string): boolean {
  if (typeof value !== 'boolean') throw typeError(argument, 'true or false', value);
  return value;
}

/** An options bag: absent, or an object. */
export function checkOptions<Options extends object>(options: Options | undefined, argument = 'options'): Partial<Options> {
  if (options === undefined) return {};
  if (typeof options !== 'object' || (options as unknown) === null) throw typeError(argument, 'an object', options);
  return options;
}

/** Milliseconds for the kernel: `INFINITE` for `undefined` and `Infinity`. */
export function checkTimeout(timeout: unknown): number {
  if (timeout === undefined || timeout === Infinity) return INFINITE;
  // The fast way through, for the hot path of a wait.
  if (typeof timeout === 'number' && (timeout | 0) === timeout && timeout >= 0) return timeout;
  const allowed = `an integer from 0 to ${MAXIMUM_TIMEOUT} ms, or Infinity`;
  if (typeof timeout !== 'number') throw typeError('timeout', allowed, timeout);
  if (!Number.isInteger(timeout) || timeout < 0 || timeout > MAXIMUM_TIMEOUT) throw rangeError('timeout', allowed, timeout);
  return timeout;
}
