import { waitAllSync, waitAnySync, type Event, type Mutex, type Semaphore, type Waitable } from 'waitable';
import { ARRIVED, COUNTER, HIGH_WATER, HOLDERS, INSIDE, LAST_ROUND, PROGRESS, ROUND, STOP, TAKEN, TALLY } from '../board.js';
import { churn } from './churn.js';
import type { RoleContext } from './role-context.js';

/** The value of a role's key, as PROTOCOL.md lists them. */
export interface Keys {
  integer(key: string): number;
  mutex(key: string): Mutex;
  semaphore(key: string): Semaphore;
  event(key: string): Event;
  /** What is in the slots from the value of one key on, as many as that of another says. */
  waitables(first: string, count: string): Waitable[];
  /** The memory of a section for the record of a history. */
  record(key: string): ArrayBuffer;
}

export type Role = (self: RoleContext, keys: Keys) => void;

/** The roles of PROTOCOL.md that are not asynchronous, by name; `helper/common/roles.c` is their other implementation. */
export const ROLES: Readonly<Record<string, Role>> = { count, permits, ping, gate, source, any, all, sets, hog };

/** The entry on the board of the lock that `count` and `flows` contend for. */
export const LOCK = 0;

function count(self: RoleContext, keys: Keys): void {
  const { board } = self;
  const lock = keys.integer('lock') < 0 ? undefined : keys.mutex('lock');
  while (!self.stopping) {
    const abandoned = lock !== undefined && self.wait(timeout => lock.waitSync(timeout)).status === 'abandoned' && !swallow(self);
    if (lock !== undefined && !abandoned) self.tookOver(LOCK);
    const before = checkedCount(self, abandoned);
    self.spin();
    board.write(COUNTER, before + 1);
    self.spin();
    self.progress();
    if (lock === undefined) continue;
    self.letsGo(LOCK);
    lock.release();
  }
}

/** The fault of `count`: that the last owner died is not heard of. */
export function swallow(self: RoleContext): boolean {
  if (self.broken === 0) return false;
  self.unsayAbandoned();
  return true;
}

/**
 * Reads the counter, which only its lock's owner may do. A death between the two writes of `count` leaves counter and progress apart; whoever inherits the lock mends
 * that, and nobody else may ever see it.
 */
export function checkedCount(self: RoleContext, abandoned: boolean): number {
  const { board } = self;
  const sum = board.sumOfProgress(self.contenders);
  if (abandoned) board.write(COUNTER, sum);
  else if (board.read(COUNTER) !== sum) self.violate('torn');
  return board.read(COUNTER);
}

function permits(self: RoleContext, keys: Keys): void {
  const { board } = self;
  const semaphore = keys.semaphore('semaphore');
  const maximum = keys.integer('maximum');
  while (!self.stopping) {
    self.wait(timeout => semaphore.waitSync(timeout));
    const inside = board.add(INSIDE, 1);
    if (inside > maximum) self.violate('over');
    board.raise(HIGH_WATER, inside);
    self.spin();
    board.add(INSIDE, -1);
    self.progress();
    if (self.broken !== 0 && self.operations === 1) continue;
    self.letsGo();
    semaphore.release();
  }
}

function ping(self: RoleContext, keys: Keys): void {
  const { board } = self;
  const mine = keys.event('mine');
  const theirs = keys.event('theirs');
  const entry = keys.integer('ball');
  const ball = TALLY + entry;
  const parity = keys.integer('parity');
  // STOP is read while the ball is still here. Read after it was sent on, it could show 1 to this player when the other one, with the ball
  // back already, has seen 0 and waits for a hit that never comes.
  for (let last = false; !last;) {
    self.wait(timeout => mine.waitSync(timeout));
    self.tookOver(entry);
    const hits = board.read(ball);
    if ((hits & 1) !== parity) self.violate('turn');
    board.write(ball, hits + 1);
    self.progress();
    last = self.stopping;
    self.letsGo(entry);
    theirs.set();
    if (self.broken !== 0) mine.set();
  }
}

function gate(self: RoleContext, keys: Keys): void {
  const { board } = self;
  const gates = [keys.event('gate0'), keys.event('gate1')] as const;
  const everybody = keys.event('all');
  let last = false;
  for (let round = 0; !last; round++) {
    const open = gates[round & 1 ? 1 : 0];
    self.wait(timeout => open.waitSync(timeout));
    if (board.load(ROUND) !== round) self.violate('round');
    self.progress();
    last = board.load(LAST_ROUND) !== 0;
    if (board.add(ARRIVED, 1) === self.contenders - 1) everybody.set();
  }
}

function source(self: RoleContext, keys: Keys): void {
  const { board } = self;
  const gates = [keys.event('gate0'), keys.event('gate1')] as const;
  const everybody = keys.event('all');
  const waiters = self.contenders - 1;
  let last = false;
  for (let round = 0; !last; round++) {
    const even = (round & 1) === 0;
    board.store(ARRIVED, 0);
    // All have passed the other gate: they arrived in the round before, which is how this one came to begin.
    gates[even ? 1 : 0].reset();
    board.store(ROUND, round);
    last = board.load(STOP) !== 0;
    board.store(LAST_ROUND, last ? 1 : 0);
    gates[even ? 0 : 1].set();
    if (self.broken !== 0) gates[even ? 0 : 1].reset();
    self.wait(timeout => everybody.waitSync(timeout));
    if (board.load(ARRIVED) !== waiters) self.violate('round');
    for (let waiter = 0; waiter < waiters; waiter++) {
      if (board.load(PROGRESS + waiter) !== round + 1) self.violate('round');
    }
    self.progress();
  }
}

/** One of the three mixed objects of `any`, `all` and `sets`, with its entry on the board. */
interface Prize {
  readonly entry: number;
  readonly object: Waitable;
  readonly holders: number;
  /** Whether TALLY may be written plainly by whoever holds it. */
  readonly exclusive: boolean;
  giveBack(): void;
}

function any(self: RoleContext, keys: Keys): void {
  const prizes = prizesOf(keys, keys.integer('maximum'));
  while (!self.stopping) {
    const turned = turn(prizes, self.operations % 3);
    const { object } = self.wait(timeout => waitAnySync(turned.map(prize => prize.object), timeout));
    hold(self, prizes.filter(prize => prize.object === object));
  }
}

function all(self: RoleContext, keys: Keys): void {
  const prizes = prizesOf(keys, 1);
  while (!self.stopping) {
    const turned = turn(prizes, self.operations % 3);
    if (self.operations % 4 === 3) {
      const alone = turned.slice(0, 1);
      self.wait(timeout => waitAnySync(alone.map(prize => prize.object), timeout));
      hold(self, alone);
    } else {
      // The fault of `all` takes a part, and goes on as though it had the event too.
      const taken = self.broken === 0 ? turned : prizes.slice(0, 2);
      self.wait(timeout => waitAllSync(taken.map(prize => prize.object), timeout));
      hold(self, turned);
    }
  }
}

function sets(self: RoleContext, keys: Keys): void {
  const prizes = prizesOf(keys, 1);
  // The mutex last: as long as anything of the set is missing, a death shows by the mutex as well.
  const backwards = [...prizes].reverse();
  const stem = keys.integer('churn');
  const takeSet = self.broken === 0 ? takeTogether : takeOneByOne;
  while (!self.stopping) {
    const turned = turn(prizes, self.operations % 3);
    if (self.operations % 4 === 3) churn(stem, Math.floor(self.operations / 4));
    if (self.operations % 2 === 0) {
      takeSet(self, turned);
      self.spin();
      self.letsGo();
      for (const prize of backwards) prize.giveBack();
    } else {
      const { object } = self.wait(timeout => waitAnySync(turned.map(prize => prize.object), timeout));
      self.spin();
      self.letsGo();
      prizes.find(prize => prize.object === object)?.giveBack();
    }
    self.progress();
  }
}

function takeTogether(self: RoleContext, prizes: readonly Prize[]): void {
  self.wait(timeout => waitAllSync(prizes.map(prize => prize.object), timeout));
}

/** The fault of `sets`, in the order in which a part can be told from what may be missing. */
function takeOneByOne(self: RoleContext, prizes: readonly Prize[]): void {
  for (const { object } of prizes.toSorted((one, other) => other.entry - one.entry)) {
    self.wait(timeout => object.waitSync(timeout));
    self.spin();
  }
}

function prizesOf(keys: Keys, permits: number): Prize[] {
  const mutex = keys.mutex('mutex');
  const semaphore = keys.semaphore('semaphore');
  const event = keys.event('event');
  return [
    { entry: 0, object: mutex, holders: 1, exclusive: true, giveBack: () => mutex.release() },
    { entry: 1, object: semaphore, holders: permits, exclusive: permits === 1, giveBack: () => semaphore.release() },
    { entry: 2, object: event, holders: 1, exclusive: true, giveBack: () => event.set() },
  ];
}

function hog(self: RoleContext, keys: Keys): void {
  const lock = keys.mutex('lock');
  const never = keys.event('never');
  const hold = keys.integer('hold');
  const taken = TAKEN + keys.integer('entry');
  for (let last = false; !last;) {
    if (self.broken === 0 || self.operations === 0) self.wait(timeout => lock.waitSync(timeout));
    self.board.add(taken, 1);
    never.waitSync(hold);
    self.progress();
    last = self.stopping;
    // The fault of `hog`: it lets go at the end alone.
    if (self.broken !== 0 && !last) continue;
    self.letsGo();
    lock.release();
  }
}

function turn(prizes: readonly Prize[], by: number): Prize[] {
  return [...prizes.slice(by), ...prizes.slice(0, by)];
}

/** What is done with prizes that were won, before they are given back. */
function hold(self: RoleContext, won: readonly Prize[]): void {
  const { board } = self;
  for (const { entry, holders } of won) {
    if (board.add(HOLDERS + entry, 1) > holders) self.violate('over');
    board.add(TAKEN + entry, 1);
  }
  const tallies = won.filter(prize => prize.exclusive).map(({ entry }) => ({ entry: TALLY + entry, before: board.read(TALLY + entry) }));
  self.spin();
  for (const { entry, before } of tallies) board.write(entry, before + 1);
  for (const { entry } of won) board.add(HOLDERS + entry, -1);
  self.progress();
  self.letsGo();
  for (const prize of won) prize.giveBack();
}
