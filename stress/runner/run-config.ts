import type { TransportName } from '../peers/transports/transport.js';
import type { Rates } from '../report/fault-name.js';
import { randomSeed } from '../util/random.js';
import type { Counts } from './contenders.js';
import type { Scenario } from './scenario.js';
import { secondsEach } from './schedule.js';

/** What people choose for a run. */
export interface RunChoices extends Counts {
  readonly faults: Rates;
  readonly scenarios: readonly Scenario[];
  /** Whose broken twins are run. */
  readonly selfTest: readonly Scenario[];
  /** Whether the techniques of sharing between the bitnesses are used too. */
  readonly techniques: boolean;
  /** The module that has scenarios of somebody's own. */
  readonly load?: string;
  /** How the C helpers are reached. */
  readonly transport: TransportName;
  readonly seed?: number;
}

export interface RunLength {
  /** How long each scenario lasts. */
  readonly seconds: number;
  /** Of the whole run, in seconds: goes before `seconds`. */
  readonly duration?: number;
}

/** What the run on one kernel is to do: the choices, with what they left open decided. */
export interface RunConfig extends RunChoices {
  /** How long each scenario lasts. */
  readonly seconds: number;
  readonly seed: number;
}

/** @param kernels - How many are run with it, one after the other. */
export function runConfigOf({ workers, nodes, helpers, helpers64, node32, load, transport, faults, scenarios, selfTest, techniques, seconds, duration, seed = randomSeed() }: RunChoices & RunLength, kernels: number): RunConfig {
  return {
    ...{ workers, nodes, helpers, helpers64, transport, faults, scenarios, selfTest, techniques, seed },
    ...(node32 === undefined ? {} : { node32 }),
    ...(load === undefined ? {} : { load }),
    seconds: duration === undefined ? seconds : secondsEach(duration, { scenarios, selfTest, techniques, kernels }),
  };
}
