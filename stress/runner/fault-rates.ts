import { FAULT_NAMES, type FaultName, type Rates } from '../report/fault-name.js';
import type { Fault } from './fault.js';
import type { Scenario } from './scenario.js';

/** No fault can strike more often, a second. */
export const HIGHEST_RATE = 1000;

/** Whether a fault may strike so often, a second. */
export function isRate(rate: number): boolean {
  return rate >= 0 && rate <= HIGHEST_RATE;
}

/** @throws RangeError where a rate makes no sense, or none of the scenarios can stand any that is asked for. */
export function checkRates(rates: Rates, scenarios: readonly Scenario[]): void {
  for (const [name, rate] of Object.entries(rates)) {
    if (!(FAULT_NAMES as readonly string[]).includes(name)) throw new RangeError(`faults must be ${FAULT_NAMES.join(', ')}; given: ${name}`);
    if (!isRate(rate)) throw new RangeError(`faults.${name} must be a number from 0 to ${HIGHEST_RATE}; given: ${rate}`);
  }
  const asked = FAULT_NAMES.filter(name => (rates[name] ?? 0) > 0);
  const stood = scenarios.flatMap(scenario => scenario.faults?.tolerates ?? []);
  if (asked.length > 0 && scenarios.length > 0 && !asked.some(name => stood.includes(name))) {
    throw new RangeError(`faults must be some that these scenarios can stand (${[...new Set(stood)].join(', ') || 'none'}); given: ${asked.join(', ')}`);
  }
}

/** What strikes one scenario, and for what was asked for and does not, why. */
export function ratesFor(faults: readonly Fault[], { faults: tolerance }: Scenario, asked: Rates): { rates: Rates; leftOut: readonly string[] } {
  const rates: Partial<Record<FaultName, number>> = {};
  const leftOut: string[] = [];
  for (const fault of faults) {
    const rate = asked[fault.name] ?? tolerance?.usual?.[fault.name] ?? 0;
    if (rate === 0) continue;
    const reason = tolerance?.tolerates.includes(fault.name) === true ? fault.whyNotHere() : tolerance?.why?.[fault.name] ?? 'its invariants do not hold under it';
    if (reason === undefined) rates[fault.name] = rate;
    else leftOut.push(`without the fault ${fault.name}: ${reason}`);
  }
  return { rates, leftOut };
}
