import type { Event, Mutex, Semaphore } from 'waitable';
import type { Arena, RoleOrder, Shared } from '../runner/scenario-context.js';
import { NOBODY_DIES } from './tolerances.js';
import { HOLDERS, TAKEN, TALLY } from '../peers/board.js';
import { TWINS_PATIENCE, type Scenario } from '../runner/scenario.js';
import { checkFree } from './mutex.js';
import { checkPermits } from './semaphore.js';

const PERMITS_OF_ANY = 2;
const NAMES = ['mutex', 'semaphore', 'event'] as const;

export const waitAny: Scenario = {
  name: 'wait-any',
  summary: 'waits for any of a mutex, a semaphore and an event that is passed on like a baton: exactly one is taken each time',
  minimumContenders: 2,
  faults: NOBODY_DIES,
  run: arena => takeAny(arena),
  twins: [{ fault: 'an event that releases two: the baton is not taken from the table', shows: /over/, run: arena => takeAny(arena, { batonStays: true, keys: { broken: 1 } }) }],
};

export const waitAll: Scenario = {
  name: 'wait-all',
  summary: 'waits for all of a mutex, a semaphore and an event, among others that take one of them: all or none, and no deadlock',
  minimumContenders: 2,
  faults: NOBODY_DIES,
  run: arena => takeAll(arena),
  twins: [{ fault: 'a wait for all that takes a part', shows: /over/, run: arena => takeAll(arena, { broken: 1, patience: TWINS_PATIENCE }) }],
};

async function takeAny(arena: Arena, { batonStays = false, keys = {} }: { batonStays?: boolean; keys?: RoleOrder['keys'] } = {}): Promise<void> {
  const prizes = await sharePrizes(arena, PERMITS_OF_ANY, batonStays);
  await arena.contend(() => ({ role: 'any', keys: { ...slotsOf(prizes), maximum: PERMITS_OF_ANY, ...keys } }));
  checkPrizes(arena, prizes, { permits: PERMITS_OF_ANY, tallied: [0, 2] });
  const taken = NAMES.reduce((sum, _, entry) => sum + arena.board.load(TAKEN + entry), 0);
  arena.checkEqual('each wait took exactly one object', taken | 0, arena.progress);
}

async function takeAll(arena: Arena, fault: RoleOrder['keys'] = {}): Promise<void> {
  const prizes = await sharePrizes(arena, 1);
  await arena.contend(() => ({ role: 'all', keys: { ...slotsOf(prizes), ...fault } }));
  checkPrizes(arena, prizes, { permits: 1, tallied: [0, 1, 2] });
}

/** The three that the roles `any` and `all` play for. */
export interface Prizes {
  readonly mutex: Shared<Mutex>;
  readonly semaphore: Shared<Semaphore>;
  readonly event: Shared<Event>;
}

/** @param batonStays - The fault: an event that stays set. */
export async function sharePrizes(arena: Arena, permits: number, batonStays = false): Promise<Prizes> {
  return {
    mutex: await arena.mutex('mutex'),
    semaphore: await arena.semaphore('semaphore', permits),
    event: await arena.event('event', { initialState: true, manualReset: batonStays }),
  };
}

export function slotsOf({ mutex, semaphore, event }: Prizes): Record<string, number> {
  return { mutex: mutex.slot, semaphore: semaphore.slot, event: event.slot };
}

/** @param expected - `tallied`: the entries that were counted plainly, by one holder at a time. */
export function checkPrizes(arena: Arena, { mutex, semaphore, event }: Prizes, expected: { permits: number; tallied: readonly number[] }): void {
  NAMES.forEach((name, entry) => arena.checkEqual(`nobody holds the ${name} in the end`, arena.board.load(HOLDERS + entry), 0));
  for (const entry of expected.tallied) {
    arena.checkEqual(`the count under the ${NAMES[entry]} equals how often it was taken`, arena.board.load(TALLY + entry), arena.board.load(TAKEN + entry));
  }
  checkFree(arena, mutex.object);
  checkPermits(arena, semaphore.object, expected.permits);
  const batons = [event.object.waitSync(0), event.object.waitSync(0)].filter(({ status }) => status === 'signaled').length;
  arena.checkEqual('there is exactly one baton in the end', batons, 1);
}
