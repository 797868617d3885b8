import type { FaultTolerance } from '../runner/scenario.js';
import type { FaultName, Rates } from '../report/fault-name.js';

/** What hurts nobody who loses nothing by standing still. */
const HARMLESS: readonly FaultName[] = ['suspend', 'exhaust', 'interrupt', 'full', 'clock'];

const NOBODY_GIVES_BACK = 'what a dead contender had, or its turn, nobody gives back';
const OWN_PACE = 'it kills victims of its own, at its own pace';

/** Where a death would take with it what nobody gives back, or whose turn it is. */
export const NOBODY_DIES: FaultTolerance = {
  tolerates: [...HARMLESS, 'close'],
  why: { kill: NOBODY_GIVES_BACK, reap: NOBODY_GIVES_BACK },
  timeouts: 'none',
  abandonments: 'none',
};

/** A wait that wins while its object is closed may have inherited: nobody would be told. */
const CLOSE_MAY_INHERIT = 'a wait that is closed as it wins may have taken over from a dead owner, and nobody would hear of it';

/** Where contenders may be killed. */
export const CONTENDERS_DIE: FaultTolerance = {
  tolerates: [...HARMLESS, 'kill', 'reap'],
  why: { close: CLOSE_MAY_INHERIT },
  usual: { kill: 4 },
  timeouts: 'none',
  abandonments: 'at most one for each kill',
};

/** For their twins: few kills hit an owner between the two halves of what it does. */
export const MANY_DIE: Rates = { kill: 20 };

/** Where victims are killed, at a pace of the scenario's own, and contenders live. */
export const VICTIMS_DIE: FaultTolerance = {
  tolerates: HARMLESS,
  why: { kill: OWN_PACE, reap: OWN_PACE, close: CLOSE_MAY_INHERIT },
  timeouts: 'none',
  abandonments: 'at most one for each kill',
};
