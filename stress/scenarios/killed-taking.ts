import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Event, TimeoutError } from 'waitable';
import type { ScenarioContext, Contender, RoleAssignment } from '../runner/scenario-context.js';
import { VICTIMS_DIE } from './tolerances.js';
import { median, quantile } from '../util/statistics.js';
import { MAXIMUM_CONTENDERS, PROGRESS } from '../peers/board.js';
import { CHURNED_NAMES, churnedKind, churnedName, makeChurned } from '../peers/roles/churn.js';
import { canStart, helperKind, Peer, PeerError, startTerminator, type PeerKind } from '../peers/peer.js';
import type { Scenario } from '../runner/scenario.js';
import { checkPrizes, sharePrizes, slotsOf } from './mixed.js';
import { PrivateSet } from './private-set.js';

/** How many victims live at once. */
const LANES = 8;
/** How long a victim plays, in ms. */
const SHORTEST_LIFE = 1;
const LONGEST_LIFE = 60;
/** Next to none, so that a kill seldom hits anything but an operation on an object. */
const SPIN = 10;
/** Between two waits of a victim of the twin: it has to be hit there, and not only in its waits. */
const TWIN_SPIN = 20_000;
/** A Node takes far longer to start than a helper. */
const ONE_NODE_IN = 10;

export const killedTaking: Scenario = {
  name: 'killed-taking',
  summary: 'processes are killed while they wait for all, wait for any, create and close: nobody finds a part of a wait for all, and nothing is stuck',
  minimumContenders: 1,
  faults: VICTIMS_DIE,
  run: context => killTakers(context, { broken: 0, spin: SPIN }),
  negativeControls: [{ defect: 'a wait for all that takes a part: victims take one object after the other', shows: /a part of what/, run: context => killTakers(context, { broken: 1, spin: TWIN_SPIN }) }],
};

interface Death {
  readonly kind: PeerKind;
  /** What was missing from its set. */
  readonly remains: string;
  /** From the kill until who waited for a mutex of the victim's had it, in ms. */
  readonly handOver: number;
  /** The same from the observed death: 0 where it was told before. */
  readonly wakeUp: number;
  /** From the observed death until its set was taken over, in ms. */
  readonly recovery: number;
}

async function killTakers(context: ScenarioContext, { broken, spin }: { broken: number; spin: number }): Promise<void> {
  const prizes = await sharePrizes(context, 1);
  // Not one of the choices that a seed brings again: two runs must not share names.
  const stem = randomInt(2 ** 31);
  const order = { role: 'sets', keys: { ...PrivateSet.keys, churn: stem, broken } };
  const lanes = Array.from({ length: Math.min(LANES, MAXIMUM_CONTENDERS - context.contenders.length) }, (_, lane) => lane);
  const deaths: Death[] = [];
  let started = 0;
  await using terminator = await startTerminator();
  await startWaiting();
  const killInTurn = async (lane: number, over: AbortSignal) => {
    using set = new PrivateSet(context, lane);
    const lives = context.random(`lives of lane ${lane}`);
    while (!over.aborted) {
      const peer = await context.startPeer(kindOfVictim(started++));
      await context.admit(peer, set.openings);
      await set.liveIn(peer);
      const playing = playUntilKilled(context, { index: context.contenders.length + lane, peer }, order, spin);
      deaths.push(await killAndInherit(context, set, peer, { life: lives.between(SHORTEST_LIFE, LONGEST_LIFE), terminator }));
      await playing;
    }
  };
  const parts = context.contenders.map(async contender => {
    context.check('every contender lives', await context.runRole(contender, { role: 'all', keys: slotsOf(prizes) }));
  });
  await context.during(parts, async over => {
    await Promise.all(lanes.map(lane => killInTurn(lane, over).catch((error: unknown) => {
      if (!(error instanceof TimeoutError)) throw error;
      context.check('nothing that a dead victim had is stuck', false, error.message);
    })));
  });
  checkPrizes(context, prizes, { permits: 1, tallied: [0, 1, 2] });
  checkChurned(context, stem);
  context.checkEnough('somebody was killed', context.kills > 0);
  remarkOn(context, deaths, lanes.reduce((sum, lane) => sum + context.board.load(PROGRESS + context.contenders.length + lane), 0));
}

/** Has this process's wait thread started, which takes far longer than a recovery. */
async function startWaiting(): Promise<void> {
  using event = Event.create();
  const waiting = event.wait();
  event.set();
  await waiting;
}

function kindOfVictim(number: number): PeerKind {
  const node = Math.floor(number / ONE_NODE_IN);
  if (number % ONE_NODE_IN === ONE_NODE_IN - 1) return node % 2 === 1 && canStart('node32') ? 'node32' : 'node';
  return helperKind(number % 2 === 0 ? 32 : 64);
}

async function playUntilKilled(context: ScenarioContext, victim: Contender, order: RoleAssignment, spin: number): Promise<void> {
  const invariant = 'every victim plays until it is killed';
  try {
    context.check(invariant, !await context.runRole(victim, order, spin));
  } catch (error) {
    if (!(error instanceof PeerError)) throw error;
    context.check(invariant, false, error.message);
  }
}

/** @throws (rejects with) TimeoutError where something is stuck. */
async function killAndInherit(context: ScenarioContext, set: PrivateSet, victim: Peer, { life, terminator }: { life: number; terminator: Peer | undefined }): Promise<Death> {
  const toldAt = set.awaitDeath();
  toldAt.catch(() => undefined); // it is awaited below
  await delay(life);
  context.check('no victim ends by itself', !victim.hasEnded);
  const killedAt = performance.now();
  await victim.kill(terminator);
  context.recordFault('kill', victim.kind);
  const diedAt = performance.now();
  const remains = await set.inherit();
  const recovery = performance.now() - diedAt;
  const told = await toldAt;
  return { kind: victim.kind, remains, handOver: told - killedAt, wakeUp: Math.max(0, told - diedAt), recovery };
}

/** Nobody has what the victims made, so their names are nobody's. */
function checkChurned(context: ScenarioContext, stem: number): void {
  for (let which = 0; which < CHURNED_NAMES; which++) {
    using left = churnedKind(which).tryOpen(churnedName(stem, which));
    context.check('a name goes with the last who had its object open', left === undefined, `${left?.kind} ${which}`);
    left?.close();
    using made = makeChurned(stem, which);
    context.check('a name that is gone can be used anew', made.createdNew, `${made.kind} ${which}`);
  }
}

function remarkOn(context: ScenarioContext, deaths: readonly Death[], turns: number): void {
  context.remark(`kills: ${listCounts(deaths.map(({ kind }) => kind))}; the victims had made ${turns.toLocaleString('en')} turns`);
  context.remark(`left missing from a set: ${listCounts(deaths.map(({ remains }) => remains))}`);
  context.remark(`from a kill until who waited had the mutex: ${summary(deaths.map(({ handOver }) => handOver))}`);
  context.remark(`the same from when the death was seen: ${summary(deaths.map(({ wakeUp }) => wakeUp))}`);
  context.remark(`from a seen death until its set was taken over: ${summary(deaths.map(({ recovery }) => recovery))}`);
}

function listCounts(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a).map(([value, count]) => `${count.toLocaleString('en')} ${value}`).join(', ');
}

function summary(milliseconds: readonly number[]): string {
  return `median ${median(milliseconds).toFixed(2)} ms, longest ${quantile(milliseconds, 1).toFixed(2)} ms`;
}
