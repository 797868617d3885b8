import type { Event, Mutex, Semaphore } from 'waitable';
import type { ScenarioContext, ProtocolRoleAssignment, Shared } from '../runner/scenario-context.js';
import { NOBODY_DIES } from './tolerances.js';
import { HOLDERS, TAKEN, TALLY } from '../peers/board.js';
import { NEGATIVE_CONTROL_PATIENCE, type Scenario } from '../runner/scenario.js';
import { checkFree } from './mutex.js';
import { checkPermits } from './semaphore.js';

const PERMITS_OF_ANY = 2;
const NAMES = ['mutex', 'semaphore', 'event'] as const;

export const waitAny: Scenario = {
  name: 'wait-any',
  summary: 'waits for any of a mutex, a semaphore and an event that is passed on like a baton: exactly one is taken each time',
  minimumContenders: 2,
  faults: NOBODY_DIES,
  run: context => takeAny(context),
  negativeControls: [{ defect: 'an event that releases two: the baton is not taken from the table', shows: /over/, run: context => takeAny(context, { batonStays: true, keys: { broken: 1 } }) }],
};

export const waitAll: Scenario = {
  name: 'wait-all',
  summary: 'waits for all of a mutex, a semaphore and an event, among others that take one of them: all or none, and no deadlock',
  minimumContenders: 2,
  faults: NOBODY_DIES,
  run: context => takeAll(context),
  negativeControls: [{ defect: 'a wait for all that takes a part', shows: /over/, run: context => takeAll(context, { broken: 1, patience: NEGATIVE_CONTROL_PATIENCE }) }],
};

async function takeAny(context: ScenarioContext, { batonStays = false, keys = {} }: { batonStays?: boolean; keys?: ProtocolRoleAssignment['keys'] } = {}): Promise<void> {
  const prizes = await sharePrizes(context, PERMITS_OF_ANY, batonStays);
  await context.contend(() => ({ role: 'any', keys: { ...slotsOf(prizes), maximum: PERMITS_OF_ANY, ...keys } }));
  checkPrizes(context, prizes, { permits: PERMITS_OF_ANY, tallied: [0, 2] });
  const taken = NAMES.reduce((sum, _, entry) => sum + context.board.load(TAKEN + entry), 0);
  context.checkEqual('each wait took exactly one object', taken | 0, context.progress);
}

async function takeAll(context: ScenarioContext, fault: ProtocolRoleAssignment['keys'] = {}): Promise<void> {
  const prizes = await sharePrizes(context, 1);
  await context.contend(() => ({ role: 'all', keys: { ...slotsOf(prizes), ...fault } }));
  checkPrizes(context, prizes, { permits: 1, tallied: [0, 1, 2] });
}

/** The three that the roles `any` and `all` play for. */
export interface Prizes {
  readonly mutex: Shared<Mutex>;
  readonly semaphore: Shared<Semaphore>;
  readonly event: Shared<Event>;
}

/** @param batonStays - The fault: an event that stays set. */
export async function sharePrizes(context: ScenarioContext, permits: number, batonStays = false): Promise<Prizes> {
  return {
    mutex: await context.mutex('mutex'),
    semaphore: await context.semaphore('semaphore', permits),
    event: await context.event('event', { initialState: true, manualReset: batonStays }),
  };
}

export function slotsOf({ mutex, semaphore, event }: Prizes): Record<string, number> {
  return { mutex: mutex.slot, semaphore: semaphore.slot, event: event.slot };
}

/** @param expected - `tallied`: the entries that were counted plainly, by one holder at a time. */
export function checkPrizes(context: ScenarioContext, { mutex, semaphore, event }: Prizes, expected: { permits: number; tallied: readonly number[] }): void {
  NAMES.forEach((name, entry) => context.checkEqual(`nobody holds the ${name} in the end`, context.board.load(HOLDERS + entry), 0));
  for (const entry of expected.tallied) {
    context.checkEqual(`the count under the ${NAMES[entry]} equals how often it was taken`, context.board.load(TALLY + entry), context.board.load(TAKEN + entry));
  }
  checkFree(context, mutex.object);
  checkPermits(context, semaphore.object, expected.permits);
  const batons = [event.object.waitSync(0), event.object.waitSync(0)].filter(({ status }) => status === 'signaled').length;
  context.checkEqual('there is exactly one baton in the end', batons, 1);
}
