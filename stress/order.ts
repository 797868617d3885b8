import type { CommandLine } from './options.js';
import { randomSeed } from './random.js';
import { scenarios } from './scenarios/index.js';
import { secondsEach } from './schedule.js';

/** What the run on one kernel is to do: the command line, with what it left open decided. */
export interface RunOrder extends Pick<CommandLine, 'workers' | 'nodes' | 'helpers' | 'helpers64' | 'node32' | 'transport' | 'scenarios' | 'techniques'> {
  readonly seconds: number;
  readonly seed: number;
}

/** @param kernels - How many have the same order, one after the other. */
export function orderOf({ workers, nodes, helpers, helpers64, node32, transport, scenarios, techniques, seconds, duration, seed = randomSeed() }: CommandLine, kernels: number): RunOrder {
  return {
    ...{ workers, nodes, helpers, helpers64, transport, scenarios, techniques, seed },
    ...(node32 === undefined ? {} : { node32 }),
    seconds: duration === undefined ? seconds : secondsEach(duration, { scenarios: scenarios.length, techniques, kernels }),
  };
}

/** For the command line of another process. */
export function encodeOrder(order: RunOrder): string {
  return encodeURIComponent(JSON.stringify({ ...order, scenarios: order.scenarios.map(({ name }) => name) }));
}

export function decodeOrder(text: string): RunOrder {
  const order = JSON.parse(decodeURIComponent(text)) as Omit<RunOrder, 'scenarios'> & { scenarios: string[] };
  return { ...order, scenarios: scenarios.filter(({ name }) => order.scenarios.includes(name)) };
}
