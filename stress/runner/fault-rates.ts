import type { Scenario } from './scenario.js';
import { FAULT_NAMES, type FaultName, type Rates } from './fault.js';
import { faults } from '../faults/index.js';

/** No fault can strike more often, a second. */
const HIGHEST = 1000;

/** Reads `kill=2`, `suspend`, `all`; a later word overrides an earlier one. `undefined` where one makes no sense. */
export function parseRates(words: readonly string[]): Rates | undefined {
  const rates: Partial<Record<FaultName, number>> = {};
  for (const word of words) {
    const [name = '', text, ...more] = word.split('=');
    const rate = text === undefined ? undefined : Number(text);
    const named = faults.filter(fault => name === 'all' ? fault.byNameAlone !== true : fault.name === name);
    if (named.length === 0 || more.length > 0 || text?.trim() === '' || (rate !== undefined && !isRate(rate))) return undefined;
    for (const fault of named) rates[fault.name] = rate ?? fault.usualRate;
  }
  return rates;
}

export const RATES_ALLOWED = `${FAULT_NAMES.join(', ')} or all, each with =<how often a second, from 0 to ${HIGHEST}> if you like`;

function isRate(rate: number): boolean {
  return rate >= 0 && rate <= HIGHEST;
}

/** @throws RangeError where a rate makes no sense, or none of the scenarios can stand any that is asked for. */
export function checkRates(rates: Rates, scenarios: readonly Scenario[]): void {
  for (const [name, rate] of Object.entries(rates)) {
    if (!(FAULT_NAMES as readonly string[]).includes(name)) throw new RangeError(`faults must be ${FAULT_NAMES.join(', ')}; given: ${name}`);
    if (!isRate(rate)) throw new RangeError(`faults.${name} must be a number from 0 to ${HIGHEST}; given: ${rate}`);
  }
  const asked = FAULT_NAMES.filter(name => (rates[name] ?? 0) > 0);
  const stood = scenarios.flatMap(scenario => scenario.faults?.stands ?? []);
  if (asked.length > 0 && scenarios.length > 0 && !asked.some(name => stood.includes(name))) {
    throw new RangeError(`faults must be some that these scenarios can stand (${[...new Set(stood)].join(', ') || 'none'}); given: ${asked.join(', ')}`);
  }
}

/** What strikes one scenario, and for what was asked for and does not, why. */
export function ratesFor({ faults: standing }: Scenario, asked: Rates): { rates: Rates; leftOut: readonly string[] } {
  const rates: Partial<Record<FaultName, number>> = {};
  const leftOut: string[] = [];
  for (const fault of faults) {
    const rate = asked[fault.name] ?? standing?.usual?.[fault.name] ?? 0;
    if (rate === 0) continue;
    const reason = standing?.stands.includes(fault.name) === true ? fault.whyNotHere() : standing?.why?.[fault.name] ?? 'its invariants do not hold under it';
    if (reason === undefined) rates[fault.name] = rate;
    else leftOut.push(`without the fault ${fault.name}: ${reason}`);
  }
  return { rates, leftOut };
}
