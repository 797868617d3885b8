import { FAULT_NAMES, type FaultName, type Rates } from '../report/fault-name.js';
import type { Fault } from '../runner/fault.js';
import { HIGHEST_RATE, isRate } from '../runner/fault-rates.js';

/** Reads `kill=2`, `suspend`, `all`; a later word overrides an earlier one. `undefined` where one makes no sense. */
export function parseRates(words: readonly string[], faults: readonly Fault[]): Rates | undefined {
  const rates: Partial<Record<FaultName, number>> = {};
  for (const word of words) {
    const [name = '', text, ...more] = word.split('=');
    const rate = text === undefined ? undefined : Number(text);
    const named = faults.filter(fault => name === 'all' ? fault.optIn !== true : fault.name === name);
    if (named.length === 0 || more.length > 0 || text?.trim() === '' || (rate !== undefined && !isRate(rate))) return undefined;
    for (const fault of named) rates[fault.name] = rate ?? fault.usualRate;
  }
  return rates;
}

export const RATES_ALLOWED = `${FAULT_NAMES.join(', ')} or all, each with =<how often a second, from 0 to ${HIGHEST_RATE}> if you like`;
