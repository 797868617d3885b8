import type { Semaphore } from 'waitable';
import type { Arena, RoleOrder } from '../runner/scenario-context.js';
import { NOBODY_DIES } from './tolerances.js';
import { HIGH_WATER, INSIDE } from '../peers/board.js';
import { TWINS_PATIENCE, type Scenario } from '../runner/scenario.js';

export const semaphore: Scenario = {
  name: 'semaphore',
  summary: 'a count of holders that may never exceed the maximum of the semaphore around it',
  minimumContenders: 2,
  faults: NOBODY_DIES,
  run: arena => runSemaphore(arena),
  twins: [{ fault: 'a semaphore that leaks permits', shows: /stuck|permits are back/, run: arena => runSemaphore(arena, { broken: 1, patience: TWINS_PATIENCE }) }],
};

async function runSemaphore(arena: Arena, fault: RoleOrder['keys'] = {}): Promise<void> {
  const maximum = Math.max(1, Math.floor(arena.contenders.length / 2));
  const permits = await arena.semaphore('permits', maximum);
  await arena.contend(() => ({ role: 'permits', keys: { semaphore: permits.slot, maximum, ...fault } }));
  arena.checkEqual('nobody is inside in the end', arena.board.load(INSIDE), 0);
  arena.check('the holders never exceed the maximum', arena.board.load(HIGH_WATER) <= maximum, `${arena.board.load(HIGH_WATER)} of ${maximum}`);
  checkPermits(arena, permits.object, maximum);
  arena.remark(`up to ${arena.board.load(HIGH_WATER)} of ${maximum} permits in use at once`);
}

/** In the end all permits are back, and not one more. */
export function checkPermits(arena: Arena, object: Semaphore, expected: number): void {
  let taken = 0;
  while (object.waitSync(0).status === 'signaled') taken++;
  if (taken > 0) object.release(taken);
  arena.checkEqual('all permits are back in the end', taken, expected);
}
