import type { Mutex } from 'waitable';
import type { ScenarioContext } from '../runner/scenario-context.js';
import { NOBODY_DIES } from './tolerances.js';
import { COUNTER } from '../peers/board.js';
import type { Scenario } from '../runner/scenario.js';

/** Widens the critical section of the twin far enough that two unlocked contenders meet in it all the time. */
const TWIN_SPIN = 2000;
const NO_LOCK = -1;

export const mutex: Scenario = {
  name: 'mutex',
  summary: 'a plain counter in shared memory under one mutex: not one increment may be lost',
  minimumContenders: 2,
  faults: NOBODY_DIES,
  async run(context) {
    const lock = await context.mutex('lock');
    await context.contend(() => ({ role: 'count', keys: { lock: lock.slot } }));
    checkCount(context);
    checkFree(context, lock.object);
  },
  negativeControls: [{
    defect: 'a lock that does not lock',
    shows: /torn|the counter/,
    async run(context) {
      await context.contend(() => ({ role: 'count', keys: { lock: NO_LOCK, broken: 1 } }), TWIN_SPIN);
      checkCount(context);
    },
  }],
};

/** The counter and the contenders' own counts, both written under the lock, agree. */
export function checkCount(context: ScenarioContext): void {
  context.checkEqual('the counter equals the operations done', context.board.load(COUNTER), context.progress);
}

/** In the end nobody owns the mutex, and nobody died with it. */
export function checkFree(context: ScenarioContext, lock: Mutex): void {
  const { status } = lock.waitSync(0);
  context.check('the mutex is free in the end', status === 'signaled', status);
  if (status !== 'timeout') lock.release();
}
