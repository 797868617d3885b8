import type { Arena } from './scenario-context.js';
import type { FaultName } from '../report/fault-name.js';
import type { Random } from '../util/random.js';

/** Something that is done on purpose, at random instants, while contenders play. */
export interface Fault {
  readonly name: FaultName;
  readonly summary: string;
  /** Where nobody says another one. */
  readonly usualRate: number;
  /** It concerns the whole machine, so that nobody gets it who asks for all. */
  readonly byNameAlone?: true;
  /** Why it cannot be done on this machine, in words for people. */
  whyNotHere(): string | undefined;
  /** Gets ready for it, as long as a scenario lasts. */
  arm(arena: Arena): Promise<ArmedFault>;
}

export interface ArmedFault extends AsyncDisposable {
  /** Does it once, and tells the arena. What it sees besides, it checks there. */
  strike(random: Random, over: AbortSignal): Promise<void>;
}

/** One that needs nothing to get ready. */
export function atOnce(strike: (arena: Arena, random: Random, over: AbortSignal) => Promise<void>): Fault['arm'] {
  return arena => Promise.resolve({ strike: (random, over) => strike(arena, random, over), [Symbol.asyncDispose]: () => Promise.resolve() });
}
