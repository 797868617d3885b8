import type { ScenarioContext } from './scenario-context.js';
import type { FaultName } from '../report/fault-name.js';
import type { Random } from '../util/random.js';

/** Something that is done on purpose, at random instants, while contenders play. */
export interface Fault {
  readonly name: FaultName;
  readonly summary: string;
  /** Where nobody says another one. */
  readonly usualRate: number;
  /** It concerns the whole machine, so that nobody gets it who asks for all. */
  readonly optIn?: true;
  /** Why it cannot be done on this machine, in words for people. */
  whyNotHere(): string | undefined;
  /** Gets ready for it, as long as a scenario lasts. */
  arm(context: ScenarioContext): Promise<ArmedFault>;
}

export interface ArmedFault extends AsyncDisposable {
  /** Does it once, and tells the context. What it sees besides, it checks there. */
  inject(random: Random, over: AbortSignal): Promise<void>;
}

/** One that needs nothing to get ready. */
export function atOnce(inject: (context: ScenarioContext, random: Random, over: AbortSignal) => Promise<void>): Fault['arm'] {
  return context => Promise.resolve({ inject: (random, over) => inject(context, random, over), [Symbol.asyncDispose]: () => Promise.resolve() });
}
