import { InvalidArgumentError } from 'commander';

/** Readers of numbers on a command line. */

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
