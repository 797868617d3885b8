import type { RunOrder } from '../runner/run-config.js';
import type { Scenario } from '../runner/scenario.js';
import { scenarios } from '../scenarios/index.js';
import { loadScenarios } from '../scenarios/load.js';

/** For the command line of another process. */
export function encodeOrder(order: RunOrder): string {
  const namesOf = (some: readonly Scenario[]) => some.map(({ name }) => name);
  return encodeURIComponent(JSON.stringify({ ...order, scenarios: namesOf(order.scenarios), selfTest: namesOf(order.selfTest) }));
}

export async function decodeOrder(text: string): Promise<RunOrder> {
  const order = JSON.parse(decodeURIComponent(text)) as Omit<RunOrder, 'scenarios' | 'selfTest'> & { scenarios: string[]; selfTest: string[] };
  const all = [...order.load === undefined ? [] : await loadScenarios(order.load), ...scenarios];
  const named = (names: readonly string[]) => all.filter(({ name }) => names.includes(name));
  return { ...order, scenarios: named(order.scenarios), selfTest: named(order.selfTest) };
}
