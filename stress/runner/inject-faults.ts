import { setTimeout as delay } from 'node:timers/promises';
import type { Arena } from './scenario-context.js';
import type { Rates } from '../report/fault-name.js';
import type { Fault } from './fault.js';

/** From one to the next, in ms, at a rate of one a second. */
const SHORTEST = 250;
const LONGEST = 1750;

/** Has faults strike at random instants, each at its rate, until the signal is given. They are over when this has come back. */
export async function injectFaults(faults: readonly Fault[], arena: Arena, rates: Rates, over: AbortSignal): Promise<void> {
  await Promise.all(faults.map(async fault => {
    const rate = rates[fault.name] ?? 0;
    if (rate > 0) await strikeOverAndOver(fault, rate, arena, over);
  }));
}

async function strikeOverAndOver(fault: Fault, rate: number, arena: Arena, over: AbortSignal): Promise<void> {
  const random = arena.random(`fault ${fault.name}`);
  await using armed = await fault.arm(arena);
  for (;;) {
    await delay(random.between(SHORTEST, LONGEST) / rate, undefined, { signal: over }).catch(() => undefined);
    if (over.aborted) return;
    await armed.strike(random, over);
  }
}
