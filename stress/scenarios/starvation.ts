import type { Mutex } from 'waitable';
import type { ScenarioContext, RoleAssignment, Shared } from '../runner/scenario-context.js';
import { NODES, type Scenario, type FaultTolerance } from '../runner/scenario.js';
import { PROGRESS, TAKEN, TALLY } from '../peers/board.js';
import { checkFree } from './mutex.js';

/** How long the hog of each lock holds it, in ms. */
const HOLDS = [1, 10, 100] as const;
/** The ways in which a `waiter` waits. */
const WAYS = 4;

/**
 * A wait may be passed by a few holds. A waiter asks for its turn when it has run once in vain, and a loaded machine may not let it run for so long, in ms: these are for that.
 */
const FEW = 40;
const NOT_RUN = 500;

const NOT_SUCCEEDED = 'the successor of a waiter does not go on with its wait';

const TOLERANCES: FaultTolerance = {
  tolerates: ['exhaust', 'full', 'clock'],
  why: {
    kill: NOT_SUCCEEDED,
    reap: NOT_SUCCEEDED,
    suspend: 'whoever stands still is passed by',
    close: 'a wait that is closed has not come to its turn',
  },
  timeouts: 'none',
  abandonments: 'none',
};

export const starvation: Scenario = {
  name: 'starvation',
  summary: `hogs hold a mutex for ${HOLDS.join(', ')} ms and take it again at once: no waiter of any kind is passed by for long`,
  minimumContenders: 2,
  kinds: NODES,
  faults: TOLERANCES,
  run: context => starve(context, {}),
  negativeControls: [{ defect: 'hogs that do not let go between their holds', shows: /starved/, run: context => starve(context, { broken: 1 }) }],
};

/** The last contenders are hogs, each of a lock of its own; the others are shared out among the locks. */
async function starve(context: ScenarioContext, fault: Readonly<Record<string, number>>): Promise<void> {
  const { contenders, board } = context;
  const holds = HOLDS.slice(0, Math.floor(contenders.length / 2));
  const waiters = contenders.length - holds.length;
  const locks: (Shared<Mutex> & { readonly hold: number })[] = [];
  for (const hold of holds) locks.push({ hold, ...await context.mutex(`held for ${hold} ms`) });
  const set = await context.event('set', { manualReset: true, initialState: true });
  const never = await context.event('never');
  await context.contend(({ index }): RoleAssignment => {
    const isWaiter = index < waiters;
    const entry = isWaiter ? index % locks.length : index - waiters;
    const { slot, hold } = locks[entry] ?? { slot: 0, hold: 0 };
    const keys = { lock: slot, never: never.slot, entry, ...fault };
    if (!isWaiter) return { role: 'hog', keys: { ...keys, hold } };
    return { role: 'waiter', keys: { ...keys, set: set.slot, way: index % WAYS, bound: FEW + Math.ceil(NOT_RUN / hold) } };
  });
  for (let waiter = 0; waiter < waiters; waiter++) {
    context.check('every waiter comes to its turn', board.load(PROGRESS + waiter) > 0, `contender ${waiter} did not`);
  }
  locks.forEach(({ hold, object }, entry) => {
    context.remark(`held for ${hold} ms: ${board.load(TAKEN + entry).toLocaleString('en')} times, at most ${board.load(TALLY + entry)} of them during one wait`);
    checkFree(context, object);
  });
}
