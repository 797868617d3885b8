import { INFINITE, MAXIMUM_TIMEOUT } from './kernel/status.js';

/*
 * Checks of what callers pass. Each throws before anything is done, and its message says which argument, what was given and
 * what is allowed. Parameters are `unknown` because JavaScript callers pass anything.
 */

/** Thrown with Node's own codes, so that callers can treat these errors like Node's. */
function coded<E extends Error>(error: E, code: string): E & { code: string } {
  return Object.assign(error, { code });
}

/** @param hint - A sentence that tells what was probably meant. */
export function typeError(argument: string, allowed: string, given: unknown, hint?: string): TypeError {
  return coded(new TypeError(`${argument} must be ${allowed}; given: ${show(given)}${hint === undefined ? '' : `. ${hint}`}`), 'ERR_INVALID_ARG_TYPE');
}

export function valueError(message: string): TypeError {
  return coded(new TypeError(message), 'ERR_INVALID_ARG_VALUE');
}

export function rangeError(argument: string, allowed: string, given: unknown): RangeError {
  return coded(new RangeError(`${argument} must be ${allowed}; given: ${show(given)}`), 'ERR_OUT_OF_RANGE');
}

/** JavaScript callers may try `new` on what has no public constructor. */
export function illegalConstructor(className: string, instead: string): TypeError {
  return coded(new TypeError(`${className} has no public constructor: ${instead}`), 'ERR_ILLEGAL_CONSTRUCTOR');
}

function show(value: unknown): string {
  switch (typeof value) {
    case 'string': return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
    case 'function': return `function ${value.name}`;
    case 'object': return value === null ? 'null' : `an object (${nameOfClass(value)})`;
    case 'bigint': return `${value}n`;
    default: return String(value);
  }
}

function nameOfClass({ constructor }: { constructor?: { name: string } | undefined }): string {
  return constructor?.name ?? 'without a constructor';
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

/** A string that a system call takes as it is. Half a surrogate pair would come out of UTF-8 as another character, and so name another file or variable. */
export function checkText(text: unknown, argument: string): string {
  if (typeof text !== 'string') throw typeError(argument, 'a string', text);
  if (text.includes('\0')) throw valueError(`${argument} must not have a NUL; given: ${JSON.stringify(text)}`);
  if (LONE_SURROGATE.test(text)) throw valueError(`${argument} must not have half a surrogate pair; given: ${JSON.stringify(text)}`);
  return text;
}

export const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * A duration in ms, as a whole number. `deadline - now` is the usual way to write one: so a fraction is rounded up, for it is not to end before its time, and what is negative is 0.
 *
 * @param hint - For what is no number.
 */
export function checkMilliseconds(value: unknown, argument: string, maximum: number, allowed: string, hint?: string): number {
  if (typeof value !== 'number') throw typeError(argument, allowed, value, hint);
  const whole = value > 0 ? Math.ceil(value) : 0;
  if (Number.isNaN(value) || whole > maximum) throw rangeError(argument, allowed, value);
  return whole;
}

const TIMEOUTS = `a number of ms from 0 to ${MAXIMUM_TIMEOUT}, or Infinity`;

/** Milliseconds for the kernel: `INFINITE` for `undefined` and `Infinity`. Every timeout comes through here. */
export function checkTimeout(timeout: unknown): number {
  if (timeout === undefined || timeout === Infinity) return INFINITE;
  // The fast way through, for the hot path of a wait.
  if (typeof timeout === 'number' && (timeout | 0) === timeout && timeout >= 0) return timeout;
  return checkMilliseconds(timeout, 'timeout', MAXIMUM_TIMEOUT, TIMEOUTS, hintForTimeout(timeout));
}

/** Blocking waits take the number alone, and asynchronous ones an object: people mix them up. */
function hintForTimeout(given: unknown): string | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  if ('aborted' in given || 'signal' in given) return 'A blocking wait cannot be aborted: use the asynchronous one';
  return 'timeout' in given ? `Did you mean the number alone, ${show(given.timeout)}?` : undefined;
}
