import { setImmediate } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { FAULT_NAMES, runStress, scenarios, type FaultName, type Scenario, type ScenarioReport, type StressOptions } from 'waitable/stress';
import { Mutex } from 'waitable';
import { SharedMemory } from 'waitable/bitness';
import { close } from '../../../stress/faults/close.js';
import { exhaust } from '../../../stress/faults/exhaust.js';
import type { Fault } from '../../../stress/runner/fault.js';
import { full } from '../../../stress/faults/full.js';
import { interrupt } from '../../../stress/faults/interrupt.js';
import { kill } from '../../../stress/faults/kill.js';
import { reap } from '../../../stress/faults/reap.js';
import { suspend } from '../../../stress/faults/suspend.js';
import { startSuspender } from '../../../stress/faults/suspender.js';
import { Board, boardLayout, COUNTER, PROGRESS, STOP } from '../../../stress/peers/board.js';
import { PeerError } from '../../../stress/peers/peer.js';
import { HELPER32, HELPER64, PEER_KINDS, startActor } from '../../support/actor.js';
import { uniqueName } from '../../support/names.js';
import { PATIENCE } from '../../support/patience.js';

const STANDS_ALL = { tolerates: FAULT_NAMES, timeouts: 'none', abandonments: 'at most one for each kill' } as const;

function scenario(run: Scenario['run'], faults?: Scenario['faults']): Scenario {
  return { name: 'one', summary: 'one', minimumContenders: 1, run, ...(faults === undefined ? {} : { faults }) };
}

async function runOne(one: Scenario, options: StressOptions = {}): Promise<ScenarioReport> {
  const { scenarios: [report] } = await runStress({ contenders: { thread: 1 }, seconds: 0.5, ...options, scenarios: [one] });
  if (report === undefined) throw new Error('it was not run');
  return report;
}

/** A scenario in whose course a fault strikes once, while contenders count under a lock. */
function struckOnceBy(fault: Fault): Scenario {
  return scenario(async context => {
    const lock = await context.mutex('lock');
    await using armed = await fault.arm(context);
    const parts = context.contenders.map(async contender => {
      await context.runRole(contender, { role: 'count', keys: { lock: lock.slot } });
    });
    const strike = async () => {
      while (context.operations === 0) await setImmediate();
      await armed.inject(context.random('fault'), new AbortController().signal);
    };
    await context.during([...parts, strike()]);
    const { status } = lock.object.waitSync(0);
    if (status !== 'timeout') lock.object.release();
    context.check('the contenders have gone on, and let go', context.operations > 0 && status !== 'timeout');
  });
}

describe('a fault that strikes once', () => {
  test.each([kill, suspend, close, exhaust])('does so, and is reported: $name', async fault => {
    const report = await runOne(struckOnceBy(fault), { contenders: { [HELPER32]: 1 } });
    expect(report.broken).toEqual([]);
    expect(report.faults.map(each => each.fault)).toEqual([fault.name]);
  });

  test.runIf(full.whyNotHere() === undefined)('fills a table of objects, which refuses one more, and goes on', async () => {
    const report = await runOne(struckOnceBy(full));
    expect(report).toMatchObject({ broken: [], faults: [{ fault: 'full' }] });
  });

  test.runIf(interrupt.whyNotHere() === undefined)('ends execution within the library, and nobody hangs by it', async () => {
    const report = await runOne(struckOnceBy(interrupt));
    expect(report).toMatchObject({ broken: [], faults: [{ fault: 'interrupt' }] });
  });

  test.runIf(reap.whyNotHere() === undefined).each(PEER_KINDS.filter(kind => kind !== 'thread'))('takes the memory of a %s away, and others inherit what it had', async kind => {
    const report = await runOne(struckOnceBy(reap), { contenders: { [kind]: 2 } });
    expect(report.broken).toEqual([]);
    expect(report.faults).toEqual([expect.objectContaining({ fault: 'reap', kind })]);
  });

  test('spares threads: nobody is killed where there are no processes', async () => {
    expect((await runOne(struckOnceBy(kill))).faults).toEqual([]);
  });
});

test.each(PEER_KINDS.filter(kind => kind !== 'thread'))('a suspended holder, a %s, stands still with what it holds, and goes on', async kind => {
  const [boardName, lockName] = [uniqueName('board'), uniqueName('lock')];
  using memory = SharedMemory.create(boardName, boardLayout);
  const board = new Board(memory.buffer);
  const { peer } = await startActor(kind);
  await peer.send('open', 'section', 0, encodeURIComponent(boardName));
  await peer.send('create', 'mutex', 1, encodeURIComponent(lockName), 0);
  const playing = peer.send('run', 'count', 'board=0', 'contender=0', 'contenders=1', 'spin=100', 'lock=1');
  const progressBeyond = async (seen: number) => {
    while (board.load(PROGRESS) === seen) await setImmediate();
  };
  await progressBeyond(0);

  await using suspender = await startSuspender();
  await suspender.suspend(peer, 600_000);
  onTestFinished(() => peer.kill()); // what is suspended does not end by itself
  const seen = board.load(PROGRESS);
  await (await startActor(HELPER64)).send('create', 'event', 0, encodeURIComponent(uniqueName()), 0, 0); // longer than any operation
  expect(board.load(PROGRESS)).toBe(seen);
  await suspender.resume(peer);
  await progressBeyond(seen);

  board.store(STOP, 1);
  const [operations] = await playing;
  expect(Number(operations)).toBe(board.load(COUNTER));
});

describe('faults that strike at a rate', () => {
  test('leave what a scenario checks as it is, and its contenders as many as they were', async () => {
    const counts = scenarios.filter(({ name }) => name === 'killed-anywhere');
    const { passed, options, scenarios: [report] } = await runStress({ scenarios: counts, contenders: { thread: 1, [HELPER32]: 2 }, seconds: 2, faults: { kill: 10, suspend: 10, exhaust: 2 } });
    expect(passed).toBe(true);
    expect(options.faults).toEqual({ kill: 10, suspend: 10, exhaust: 2 });
    expect(report?.contenders).toHaveLength(3);
    expect(new Set(report?.faults.map(({ fault }) => fault))).toContain('kill');
    expect(report?.faults.filter(({ fault }) => fault === 'kill').length).toBeGreaterThanOrEqual(report?.abandonments ?? Infinity);
  });

  test.runIf(reap.whyNotHere() === undefined)('leave it so where the kernel marks no death', async () => {
    const counts = scenarios.filter(({ name }) => name === 'killed-anywhere');
    const { passed, scenarios: [report] } = await runStress({ scenarios: counts, contenders: { thread: 1, [HELPER32]: 1, [HELPER64]: 1 }, seconds: 3, faults: { kill: 0, reap: 3 } });
    expect(passed).toBe(true);
    expect(new Set(report?.faults.map(({ fault }) => fault))).toEqual(new Set(['reap']));
    expect(report?.faults.length).toBeGreaterThanOrEqual(report?.abandonments ?? Infinity);
  });

  test('strike by default as the scenario says, and not at the rate 0', async () => {
    const idle = scenario(async context => {
      const lock = await context.mutex('lock');
      await context.contend(() => ({ role: 'count', keys: { lock: lock.slot } }));
    }, { ...STANDS_ALL, usual: { exhaust: 20 } });
    const struck = async (options: StressOptions) => new Set((await runOne(idle, options)).faults.map(({ fault }) => fault));
    expect(await struck({})).toEqual(new Set(['exhaust']));
    expect(await struck({ faults: { exhaust: 0 } })).toEqual(new Set());
  });

  test('are left out where a scenario cannot stand them, with a remark', async () => {
    const report = await runOne(scenario(context => context.during([]), { ...STANDS_ALL, tolerates: ['exhaust'], why: { kill: 'nobody would inherit' } }), { faults: { kill: 50, close: 50, exhaust: 20 } });
    expect(report.remarks).toEqual(['without the fault kill: nobody would inherit', 'without the fault close: its invariants do not hold under it']);
    expect(report.faults.every(({ fault }) => fault === 'exhaust')).toBe(true);
  });

  test.each<[StressOptions['faults'] & object, string]>([
    [{ flood: 1 } as Partial<Record<FaultName, number>>, 'faults must be kill, reap, suspend, close, exhaust, interrupt, full, clock; given: flood'],
    [{ kill: -1 }, 'faults.kill must be a number from 0 to 1000; given: -1'],
    [{ suspend: NaN }, 'given: NaN'],
    [{ kill: 1, close: 1 }, 'faults must be some that these scenarios can stand (exhaust); given: kill, close'],
  ])('are refused where they make no sense: %j', async (faults, reason) => {
    const one = scenario(() => Promise.resolve(), { ...STANDS_ALL, tolerates: ['exhaust'] });
    await expect(runStress({ scenarios: [one], contenders: { thread: 1 }, faults })).rejects.toThrow(reason);
  });
});

test.each([
  ['none', 0, 0, 'held'], ['none', 1, 1, 'broken'],
  ['one for each kill', 2, 2, 'held'], ['one for each kill', 1, 2, 'broken'], ['one for each kill', 2, 1, 'broken'],
  ['at most one for each kill', 0, 2, 'held'], ['at most one for each kill', 2, 1, 'broken'],
] as const)('a scenario that says how many abandonments a healthy run shows (%s) with %i of them after %i kills: %s of them', async (abandonments, seen, kills, verdict) => {
  const one = scenario(context => {
    for (let count = 0; count < seen; count++) context.sawAbandonment();
    for (let count = 0; count < kills; count++) context.recordFault('kill', 'node');
    return Promise.resolve();
  }, { ...STANDS_ALL, abandonments });
  expect((await runOne(one)).verdict).toBe(verdict);
});

test.runIf(HELPER64 === 'helper64')('the C helper suspends on Windows, one process at a time, and says on Linux that it does not', async () => {
  const [{ peer }, first, second] = [await startActor('helper64'), await startActor(HELPER32), await startActor(HELPER32)];
  const errorOf = (verb: string, id: number) => peer.send(verb, id).then(() => 0, (error: unknown) => error instanceof PeerError ? error.errno : error);
  const onWindows = process.platform === 'win32';
  expect(await errorOf('resume', first.peer.processId)).toBe(onWindows ? 87 : 50);
  expect(await errorOf('suspend', first.peer.processId)).toBe(onWindows ? 0 : 50);
  expect(await errorOf('suspend', second.peer.processId)).toBe(onWindows ? 170 : 50);
  expect(await errorOf('resume', first.peer.processId)).toBe(onWindows ? 0 : 50);
  expect(await errorOf('suspend', peer.processId)).toBeUndefined(); // bad: itself
});

test.runIf(process.platform === 'linux' && PEER_KINDS.includes('node'))('a suspended process goes on by itself, though whoever stopped it is blocked by what it holds', async () => {
  const name = uniqueName('lock');
  const { peer } = await startActor('node');
  await peer.send('create', 'mutex', 0, encodeURIComponent(name), 0);
  await peer.send('wait', 1000, 0);
  using mutex = Mutex.open(name);
  await using suspender = await startSuspender();
  await suspender.suspend(peer, 200);
  const released = peer.send('release', 0); // read once it goes on
  expect(mutex.waitSync(PATIENCE).status).toBe('signaled'); // and this thread does nothing until it is released
  mutex.release();
  await released;
  await suspender.resume(peer);
});
