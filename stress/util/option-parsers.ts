import { InvalidArgumentError, Option } from './libraries/commander.js';
import { ms, type StringValue } from './libraries/ms.js';

/** What several command lines have in common: readers of numbers and times, and options. */

export function wholeNumber(minimum: number, maximum: number): (text: string) => number {
  return text => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < minimum || value > maximum) throw new InvalidArgumentError(`It must be a whole number from ${minimum} to ${maximum}.`);
    return value;
  };
}

export function positiveNumber(maximum: number): (text: string) => number {
  return text => {
    const value = Number(text);
    if (text.trim() === '' || !(value > 0 && value <= maximum)) throw new InvalidArgumentError(`It must be a number above 0, up to ${maximum}.`);
    return value;
  };
}

/** A time with its unit, in seconds. */
export function duration(maximum: number): (text: string) => number {
  return text => {
    const seconds = /[a-z]/i.test(text) ? ms(text as StringValue) / 1000 : NaN; // without a unit it would be taken for milliseconds
    if (!(seconds > 0 && seconds <= maximum)) throw new InvalidArgumentError(`It must be a time above 0, up to ${ms(maximum * 1000)}, such as 90s, 10m or 1.5h.`);
    return seconds;
  };
}

/** For the commands that prepare machines, and for what they launch, which is told the one that it has. */
export function kernelOption(): Option {
  return new Option('--kernel <kernel>', 'this one alone (default: all that this system can run)').choices(['linux', 'win32']);
}
