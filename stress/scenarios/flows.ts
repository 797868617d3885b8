import type { ScenarioContext, Contender, RoleAssignment } from '../runner/scenario-context.js';
import { CONTENDERS_DIE, MANY_DIE, NOBODY_DIES } from './tolerances.js';
import { HOLDERS, TAKEN } from '../peers/board.js';
import { SWALLOWED_ABANDONMENT, THREADS_OWNERSHIP, TIMEOUT_TAKES } from '../peers/roles/flows.js';
import { NEGATIVE_CONTROL_PATIENCE, type Scenario } from '../runner/scenario.js';
import { killAnywhere } from './kills.js';
import { checkCount, checkFree } from './mutex.js';
import { checkPermits } from './semaphore.js';

/** Asynchronous flows in all, shared out among the Node contenders. */
const FLOWS = 1000;
const PERMITS = 8;
const NO_PERMITS = -1;
const SPIN = 10;
/** A kill has to hit a contender between the two halves of an operation. */
const TWIN_SPIN = 3_000_000;

export const flows: Scenario = {
  name: 'flows',
  summary: `${FLOWS} asynchronous flows hold one mutex, and permits, across an await, against synchronous helpers`,
  minimumContenders: 1,
  faults: NOBODY_DIES,
  run: context => runFlows(context, { hurried: 0, broken: 0 }),
  negativeControls: [{ defect: 'flows that take the thread\'s ownership for theirs: two of them get in', shows: /torn/, run: context => runFlows(context, { hurried: 0, broken: THREADS_OWNERSHIP }) }],
};

export const flowsHurried: Scenario = {
  name: 'flows-hurried',
  summary: 'the same with random time-outs and aborts at every moment: no lock and no permit is lost',
  minimumContenders: 1,
  faults: { ...NOBODY_DIES, timeouts: 'any number' },
  run: context => runFlows(context, { hurried: 1, broken: 0 }),
  negativeControls: [{ defect: 'a time-out that takes a permit', shows: /permits are back/, run: context => runFlows(context, { hurried: 1, broken: TIMEOUT_TAKES }) }],
};

export const flowsKilled: Scenario = {
  name: 'flows-killed',
  summary: 'hurried flows whose processes are killed while they hold the mutex, wait for it, or own it by a wait thread',
  minimumContenders: 1,
  faults: { ...CONTENDERS_DIE, timeouts: 'any number' },
  run: context => runKilledFlows(context, 0),
  negativeControls: [{ defect: 'an abandonment that is swallowed', shows: /torn/, faults: MANY_DIE, run: context => runKilledFlows(context, SWALLOWED_ABANDONMENT) }],
};

async function runKilledFlows(context: ScenarioContext, broken: number): Promise<void> {
  const lock = await context.mutex('lock');
  // No permits: nobody gives back what a dead process held of a semaphore.
  await killAnywhere(context, lock.object, flowOrders(context, lock.slot, NO_PERMITS, { hurried: 1, broken }), broken === 0 ? SPIN : TWIN_SPIN);
}

interface Mode {
  readonly hurried: number;
  /** Which fault of the role. */
  readonly broken: number;
}

async function runFlows(context: ScenarioContext, mode: Mode): Promise<void> {
  const lock = await context.mutex('lock');
  const permits = await context.semaphore('permits', PERMITS);
  await context.contend(flowOrders(context, lock.slot, permits.slot, mode), SPIN);
  checkCount(context);
  if (mode.broken !== THREADS_OWNERSHIP) checkFree(context, lock.object);
  context.checkEqual('nobody holds a permit in the end', context.board.load(HOLDERS), 0);
  checkPermits(context, permits.object, PERMITS);
  context.remark(`${context.board.load(TAKEN).toLocaleString('en')} permits taken besides`);
}

/** Node contenders play flows; the C helpers count under the same lock. */
function flowOrders(context: ScenarioContext, lock: number, permits: number, mode: Mode): (contender: Contender) => RoleAssignment {
  const nodes = context.contenders.filter(playsFlows).length;
  const keys = { lock, semaphore: permits, maximum: PERMITS, flows: Math.ceil(FLOWS / Math.max(1, nodes)), ...mode, ...(mode.broken === 0 ? {} : { patience: NEGATIVE_CONTROL_PATIENCE }) };
  // Each has choices of its own to make, and whoever takes over from one that was killed makes others.
  const seeds = context.contenders.map(({ index }) => context.random(`flows of contender ${index}`));
  return contender => playsFlows(contender) ? { role: 'flows', keys: { ...keys, seed: seeds[contender.index]?.seed() ?? 1 } } : { role: 'count', keys: { lock, broken: Math.min(mode.broken, 1) } };
}

function playsFlows({ peer }: Contender): boolean {
  return peer.kind !== 'helper32' && peer.kind !== 'helper64';
}
