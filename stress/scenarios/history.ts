import { setTimeout as delay } from 'node:timers/promises';
import { SharedMemory } from 'waitable/bitness';
import type { ScenarioContext, Contender, RoleAssignment, Shared } from '../runner/scenario-context.js';
import { describe } from '../linearizability/describe.js';
import { DEFECTS, type Defect } from '../peers/roles/history-defects.js';
import { TIMER_DEFECTS, type TimerDefect } from '../peers/roles/history-timers-defects.js';
import type { Operation, Specification, Strictness } from '../linearizability/operation.js';
import { emptyRecord, readRecord, RecordError, recordLayout, type RecordMemory } from '../linearizability/record.js';
import { shortestPart } from '../linearizability/minimize.js';
import { Windows } from '../linearizability/check-windows.js';
import { STOP } from '../peers/board.js';
import { isHelper } from '../peers/peer-kind.js';
import { startTerminator, type Peer } from '../peers/peer.js';
import type { Random } from '../util/random.js';
import type { Scenario, NegativeControl } from '../runner/scenario.js';
import { FIRST_TIMER, TIMER_NAMES, TimerRounds } from './history-timers.js';

/** A slot that the context's own objects leave free. */
const RECORD = 64;
/** Longer than an operation takes: a round that is over before the next contender has begun shows nothing. */
const SPIN = 300;
/** One of so many waits has a timeout. */
const TIMEOUTS = 4;
/** One of so many rounds is about all objects, with timeouts. In the others all are at the same few, without any: only so do they often meet within the nanoseconds in which an update could be lost. */
const ROUNDS_AT_LEISURE = 8;
/** One of so many rounds is about timers. It lasts much longer than others: timers are due after milliseconds. */
const ROUNDS_PER_TIMERS = 32;
/** Under Wine, an auto-reset timer that is signalled stays so when it is set anew, against the contract. */
const CHECKS_TIMERS = process.platform !== 'win32';
const PERMITS = 2;
/** How long after the begin of a round somebody is killed in it, in ms. */
const LONGEST_LIFE = 20;
/** Some rounds go on to their end, for the sake of what only goes wrong later. */
const ROUNDS_PER_KILL = 3;

/** How atomic the operations of the kernel are that the contenders use. */
const STRICTNESS: Strictness = process.platform === 'win32' ? 'atomic' : 'stepwise';

/** Contenders that lie about what they did: none of it is in the kernel. */
function liar(lie: Exclude<Defect, 'none'>, defect: string): NegativeControl {
  return { defect, shows: /is linearizable/, run: context => new HistoryRun(context, { kills: lie === 'news', lie }).run() };
}

/** The same about timers: all of its rounds are. */
function timerLiar(timerDefect: Exclude<TimerDefect, 'none'>, defect: string): NegativeControl {
  return { defect, shows: /is linearizable/, run: context => new HistoryRun(context, { kills: false, lie: 'none', timerDefect }).run() };
}

export const history: Scenario = {
  name: 'history',
  summary: 'contenders do operations by chance on mutexes, semaphores, events and timers, with waits for any and for all, with and without blocking: some order of all explains every outcome',
  minimumContenders: 2,
  run: context => new HistoryRun(context, { kills: false, lie: 'none' }).run(),
  negativeControls: [
    liar('lock', 'a lock that is said to be taken, and is not'),
    liar('permit', 'permits that are lost as they are released'),
    liar('set', 'sets of events that are lost'),
    liar('part', 'a wait for all that takes one object after the other'),
    liar('signal', 'a signal that is lost where it is given with a wait'),
    liar('abort', 'aborted waits that take what they wait for'),
    ...(CHECKS_TIMERS ? [
      timerLiar('early', 'timers that are due early'),
      timerLiar('twice', 'an expiry that two take'),
      timerLiar('cancel', 'cancelled timers that are due all the same'),
      timerLiar('lost', 'timers that are never due'),
    ] : []),
  ],
};

export const historyKilled: Scenario = {
  name: 'history-killed',
  summary: 'the same while processes are killed: what they were about to do has taken effect or not, and what they owned is abandoned',
  minimumContenders: 2,
  run: context => new HistoryRun(context, { kills: true, lie: 'none' }).run(),
  negativeControls: [liar('news', 'an abandonment that is swallowed')],
};

/** What the contenders of one round have before them. */
interface Part {
  /** Among the objects of the scenario. */
  readonly first: number;
  readonly objects: number;
  readonly joint: number;
  readonly timeouts: number;
}

/** One run of such a scenario: round after round, with everybody idle between two of them, when the round is checked. */
class HistoryRun {
  readonly #context: ScenarioContext;
  readonly #kills: boolean;
  readonly #lie: Defect;
  readonly #timerDefect: TimerDefect;
  readonly #random: Random;
  readonly #epoch = process.hrtime.bigint();
  readonly #began = performance.now();
  readonly #names: string[] = [];
  readonly #specifications: Specification[] = [];
  #first = 0;
  #joint = 0;
  #checking = 0;

  constructor(context: ScenarioContext, { kills, lie, timerDefect = 'none' }: { kills: boolean; lie: Defect; timerDefect?: TimerDefect }) {
    this.#context = context;
    this.#random = context.random('history');
    this.#kills = kills;
    this.#lie = lie;
    this.#timerDefect = timerDefect;
  }

  async run(): Promise<void> {
    const context = this.#context;
    await this.#share('');
    this.#joint = await this.#share('joint ');
    const windows = new Windows({ objects: this.#specifications, joint: this.#joint, contenders: context.contenders.length, strictness: STRICTNESS });
    using timers = new TimerRounds(context, this.#epoch, STRICTNESS);
    await using terminator = this.#kills ? await startTerminator() : undefined;
    const records = context.contenders.map(contender => SharedMemory.create(recordName(context, contender), recordLayout));
    try {
      await Promise.all(context.contenders.map(contender => openRecord(context, contender)));
      await Promise.all(context.contenders.map(({ peer }) => timers.openIn(peer)));
      await context.during([this.#rounds(windows, timers, records, terminator)]);
    } finally {
      await Promise.all(context.contenders.filter(({ peer }) => !peer.hasEnded).map(async ({ peer }) => {
        await peer.send('close', RECORD);
        await timers.closeIn(peer);
      }));
      for (const record of records) record.close();
    }
    context.checkEnough('there was something to check', windows.operations + timers.windows.operations > 0);
    if (this.#kills) context.checkEnough('somebody was killed', context.kills > 0);
    context.remark(`${windows.operations.toLocaleString('en')} operations in ${windows.windows.toLocaleString('en')} windows checked, in ${(this.#checking / 1000).toFixed(1)} s`);
    context.remark(`${timers.windows.operations.toLocaleString('en')} operations on timers in ${timers.windows.windows.toLocaleString('en')} windows more`);
    const undecided = windows.undecided + timers.windows.undecided;
    if (undecided > 0) context.remark(`${undecided} parts of windows had too many possible orders to be decided`);
  }

  get #everything(): Part {
    return { first: 0, objects: this.#specifications.length, joint: this.#joint, timeouts: TIMEOUTS };
  }

  /** Each object that is alone, and those together that are waited for together. */
  get #hot(): Part[] {
    const alone = this.#specifications.length - this.#joint;
    return [...Array.from({ length: alone }, (_, first) => ({ first, objects: 1, joint: 0, timeouts: 0 })), { first: alone, objects: this.#joint, joint: this.#joint, timeouts: 0 }];
  }

  /** Makes one object of each kind; gives how many. */
  async #share(prefix: string): Promise<number> {
    const context = this.#context;
    const add = (name: string, { slot }: Shared<unknown>, specification: Specification) => {
      if (this.#specifications.length === 0) this.#first = slot;
      this.#names.push(name);
      this.#specifications.push(specification);
    };
    const name = (label: string) => `${prefix}${label}`;
    const before = this.#specifications.length;
    add(name('mutex'), await context.mutex(name('mutex')), { kind: 'mutex' });
    add(name('semaphore'), await context.semaphore(name('semaphore'), PERMITS), { kind: 'semaphore', initialCount: PERMITS, maximumCount: PERMITS });
    for (const manualReset of [false, true]) {
      const label = name(manualReset ? 'manual event' : 'auto event');
      add(label, await context.event(label, { manualReset }), { kind: 'event', manualReset, initialState: false });
    }
    return this.#specifications.length - before;
  }

  async #rounds(windows: Windows, timers: TimerRounds, records: readonly RecordMemory[], terminator: Peer | undefined): Promise<void> {
    const { board, contenders } = this.#context;
    for (let round = 0; board.load(STOP) === 0; round++) {
      for (const record of records) emptyRecord(record);
      if (this.#isAboutTimers(round, timers)) {
        if (!await this.#timerRound(timers, records, terminator)) return;
        continue;
      }
      if (this.#timerDefect !== 'none') return; // there is nobody that has it
      const isDeadly = this.#kills && (this.#lie !== 'none' || round % ROUNDS_PER_KILL === 0);
      const part = isDeadly || round % ROUNDS_AT_LEISURE === 0 ? this.#everything : this.#random.pick(this.#hot) ?? this.#everything;
      const deaths = await this.#runRoles(contenders, this.#assigner(part), terminator, isDeadly);
      const operations = this.#read(records, part, deaths);
      if (operations === undefined || !this.#check(windows, operations, this.#names)) return;
      for (const contender of contenders) if (contender.peer.hasEnded) await this.#replace(contender, timers);
    }
  }

  /** Those of a control are all about what it gets wrong. */
  #isAboutTimers(round: number, timers: TimerRounds): boolean {
    if (!CHECKS_TIMERS || timers.contenders.length === 0 || this.#lie !== 'none') return false;
    return this.#timerDefect !== 'none' || round % ROUNDS_PER_TIMERS === 1;
  }

  /** By all that have timers; then one of them sets each once more, and the runner waits for it. False where the round shows that something is wrong. */
  async #timerRound(timers: TimerRounds, records: readonly RecordMemory[], terminator: Peer | undefined): Promise<boolean> {
    const { contenders } = timers;
    const play = async (players: readonly Contender[], isLast: boolean, isDeadly: boolean): Promise<Operation[] | undefined> => {
      for (const record of records) emptyRecord(record);
      const deaths = await this.#runRoles(players, () => ({
        role: 'history-timers',
        keys: { record: RECORD, first: FIRST_TIMER, objects: timers.size, seed: this.#random.seed(), lie: TIMER_DEFECTS.indexOf(this.#timerDefect), last: isLast ? 1 : 0 },
      }), terminator, isDeadly);
      return this.#read(records, { first: 0, objects: timers.size }, deaths);
    };
    const operations = await play(contenders, false, this.#kills && this.#random.flip());
    const last = this.#random.pick(contenders.filter(({ peer }) => !peer.hasEnded));
    const lastOperations = last === undefined ? [] : await play([last], true, false);
    if (operations === undefined || lastOperations === undefined) return false;
    const taken = lastOperations.length > 0 ? await timers.takeEach() : [];
    const everything = [...operations, ...lastOperations, ...taken, ...timers.cancelEach()];
    for (const contender of contenders) if (contender.peer.hasEnded) await this.#replace(contender, timers);
    return this.#check(timers.windows, everything, TIMER_NAMES);
  }

  /** Has a round played; gives when contenders were known to be dead. */
  async #runRoles(players: readonly Contender[], assign: (contender: Contender) => RoleAssignment, terminator: Peer | undefined, isDeadly: boolean): Promise<ReadonlyMap<Contender, bigint>> {
    const context = this.#context;
    const deaths = new Map<Contender, bigint>();
    const over = new AbortController();
    const killing = isDeadly ? this.#kill(this.#doomedAmong(players), terminator, over.signal) : undefined;
    await Promise.all(players.map(async contender => {
      if (await context.runRole(contender, assign(contender), SPIN)) return;
      deaths.set(contender, process.hrtime.bigint());
      context.check('no contender ends by itself', this.#kills, `contender ${contender.index}, a ${contender.peer.kind}`);
    }));
    over.abort();
    const victim = await killing;
    // One that was idle by then.
    if (victim !== undefined && !deaths.has(victim)) deaths.set(victim, process.hrtime.bigint());
    return deaths;
  }

  #assigner({ first, objects, joint, timeouts }: Part): (contender: Contender) => RoleAssignment {
    const isSynchronous = this.#random.flip();
    return contender => ({
      role: 'history',
      keys: {
        record: RECORD, first: this.#first + first, objects, joint, timeouts, seed: this.#random.seed(),
        lie: this.#lies(contender) ? DEFECTS.indexOf(this.#lie) : 0, asynchronous: isHelper(contender.peer.kind) || (timeouts === 0 && isSynchronous) ? 0 : 1,
      },
    });
  }

  /** One liar is enough; but who comes to an abandoned mutex first is left to chance, and some lies are not for all. */
  #lies({ index }: Contender): boolean {
    return index === 0 || this.#lie === 'news' || this.#lie === 'abort';
  }

  async #kill(doomed: readonly Contender[], terminator: Peer | undefined, over: AbortSignal): Promise<Contender | undefined> {
    const context = this.#context;
    const victim = doomed[this.#random.below(doomed.length)];
    if (victim === undefined) return undefined;
    await delay(this.#random.below(LONGEST_LIFE), undefined, { signal: over }).catch(() => undefined);
    await victim.peer.kill(terminator);
    await victim.peer.ended;
    context.recordFault('kill', victim.peer.kind);
    return victim;
  }

  /** Threads only where there is nothing else; of a control, which has to show something soon, those that are replaced fastest. */
  #doomedAmong(contenders: readonly Contender[]): readonly Contender[] {
    const processes = contenders.filter(({ peer }) => peer.kind !== 'thread');
    const helpers = this.#lie === 'none' ? [] : processes.filter(({ peer }) => peer.kind.startsWith('helper'));
    return [helpers, processes, contenders].find(kind => kind.length > 0) ?? [];
  }

  async #replace(contender: Contender, timers: TimerRounds): Promise<void> {
    const context = this.#context;
    const successor = await context.startPeer(contender.peer.kind);
    await context.admit(successor);
    contender.peer = successor;
    await openRecord(context, contender);
    await timers.openIn(successor);
  }

  /** False where the round shows that something is wrong. */
  #check(windows: Windows, operations: readonly Operation[], objects: readonly string[]): boolean {
    const context = this.#context;
    const began = performance.now();
    try {
      const violation = windows.check(operations);
      if (violation === undefined) return true;
      const names = { objects, contenders: context.contenders.map(({ index, peer }) => `contender ${index}, a ${peer.kind}`) };
      const after = ((performance.now() - this.#began) / 1000).toFixed(2);
      context.check(`the history of window ${windows.windows}, after ${after} s, is linearizable`, false, describe(shortestPart(violation, STRICTNESS), names));
    } finally {
      this.#checking += performance.now() - began;
    }
    return false;
  }

  /** `undefined` where a record makes no sense. */
  #read(records: readonly RecordMemory[], { first, objects }: Pick<Part, 'first' | 'objects'>, deaths: ReadonlyMap<Contender, bigint>): Operation[] | undefined {
    try {
      return this.#context.contenders.flatMap(contender => {
        const record = records[contender.index];
        if (record === undefined) throw new RangeError(`contender ${contender.index} has no record`);
        return readRecord(record, { contender: contender.index, first, objects, epoch: this.#epoch, died: deaths.get(contender) });
      });
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
      this.#context.check('records make sense', false, error.message);
      return undefined;
    }
  }
}

function recordName(context: ScenarioContext, { index }: Contender): string {
  return context.nameOf(`record of contender ${index}`);
}

async function openRecord(context: ScenarioContext, contender: Contender): Promise<void> {
  await contender.peer.send('open', 'section', RECORD, encodeURIComponent(recordName(context, contender)));
}
