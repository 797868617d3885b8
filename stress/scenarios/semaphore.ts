import type { Semaphore } from 'waitable';
import type { ScenarioContext, ProtocolRoleAssignment } from '../runner/scenario-context.js';
import { NOBODY_DIES } from './tolerances.js';
import { HIGH_WATER, INSIDE } from '../peers/board.js';
import { NEGATIVE_CONTROL_PATIENCE, type Scenario } from '../runner/scenario.js';

export const semaphore: Scenario = {
  name: 'semaphore',
  summary: 'a count of holders that may never exceed the maximum of the semaphore around it',
  minimumContenders: 2,
  faults: NOBODY_DIES,
  run: context => runSemaphore(context),
  negativeControls: [{ defect: 'a semaphore that leaks permits', shows: /stuck|permits are back/, run: context => runSemaphore(context, { broken: 1, patience: NEGATIVE_CONTROL_PATIENCE }) }],
};

async function runSemaphore(context: ScenarioContext, fault: ProtocolRoleAssignment['keys'] = {}): Promise<void> {
  const maximum = Math.max(1, Math.floor(context.contenders.length / 2));
  const permits = await context.semaphore('permits', maximum);
  await context.contend(() => ({ role: 'permits', keys: { semaphore: permits.slot, maximum, ...fault } }));
  context.checkEqual('nobody is inside in the end', context.board.load(INSIDE), 0);
  context.check('the holders never exceed the maximum', context.board.load(HIGH_WATER) <= maximum, `${context.board.load(HIGH_WATER)} of ${maximum}`);
  checkPermits(context, permits.object, maximum);
  context.remark(`up to ${context.board.load(HIGH_WATER)} of ${maximum} permits in use at once`);
}

/** In the end all permits are back, and not one more. */
export function checkPermits(context: ScenarioContext, object: Semaphore, expected: number): void {
  let taken = 0;
  while (object.waitSync(0).status === 'signaled') taken++;
  if (taken > 0) object.release(taken);
  context.checkEqual('all permits are back in the end', taken, expected);
}
