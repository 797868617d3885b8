import { loadScenarios } from '../scenarios/load.js';
import type { CommandLine } from '../cli/options.js';
import { randomSeed } from '../util/random.js';
import type { Scenario } from './scenario.js';
import { scenarios } from '../scenarios/index.js';
import { secondsEach } from './schedule.js';

/** What the run on one kernel is to do: the command line, with what it left open decided. */
export interface RunOrder extends Pick<CommandLine, 'workers' | 'nodes' | 'helpers' | 'helpers64' | 'node32' | 'transport' | 'faults' | 'scenarios' | 'load' | 'selfTest' | 'techniques'> {
  readonly seconds: number;
  readonly seed: number;
}

/** @param kernels - How many have the same order, one after the other. */
export function orderOf({ workers, nodes, helpers, helpers64, node32, load, transport, faults, scenarios, selfTest, techniques, seconds, duration, seed = randomSeed() }: CommandLine, kernels: number): RunOrder {
  return {
    ...{ workers, nodes, helpers, helpers64, transport, faults, scenarios, selfTest, techniques, seed },
    ...(node32 === undefined ? {} : { node32 }),
    ...(load === undefined ? {} : { load }),
    seconds: duration === undefined ? seconds : secondsEach(duration, { scenarios, selfTest, techniques, kernels }),
  };
}

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
