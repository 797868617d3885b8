import { setTimeout as delay } from 'node:timers/promises';
import type { ScenarioContext } from './scenario-context.js';
import type { Rates } from '../report/fault-name.js';
import type { Fault } from './fault.js';

/** From one to the next, in ms, at a rate of one a second. */
const SHORTEST = 250;
const LONGEST = 1750;

/** Has faults strike at random instants, each at its rate, until the signal is given. They are over when this has come back. */
export async function injectFaults(faults: readonly Fault[], context: ScenarioContext, rates: Rates, over: AbortSignal): Promise<void> {
  await Promise.all(faults.map(async fault => {
    const rate = rates[fault.name] ?? 0;
    if (rate > 0) await injectRepeatedly(fault, rate, context, over);
  }));
}

async function injectRepeatedly(fault: Fault, rate: number, context: ScenarioContext, over: AbortSignal): Promise<void> {
  const random = context.random(`fault ${fault.name}`);
  await using armed = await fault.arm(context);
  for (;;) {
    await delay(random.between(SHORTEST, LONGEST) / rate, undefined, { signal: over }).catch(() => undefined);
    if (over.aborted) return;
    await armed.inject(random, over);
  }
}
