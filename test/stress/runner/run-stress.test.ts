import { describe, expect, test } from 'vitest';
import { passed, REPORT_VERSION, runStress, scenarios, type Scenario, type ScenarioReport, type StressOptions } from 'waitable/stress';
import { Durations } from '../../../stress/measure/durations.js';
import { PEER_KINDS } from '../../support/actor.js';

function builtIn(...names: string[]): Scenario[] {
  return scenarios.filter(({ name }) => names.includes(name));
}

/** A scenario that nobody contends in. */
function scenario(name: string, run: Scenario['run'], control?: true): Scenario {
  return { name, summary: name, minimumContenders: 1, run, ...(control === undefined ? {} : { control }) };
}

async function verdictOf(run: Scenario['run'], { control, ...options }: StressOptions & { control?: true } = {}): Promise<ScenarioReport['verdict'] | undefined> {
  const report = await runStress({ contenders: { thread: 1 }, seconds: 0.05, ...options, scenarios: [scenario('one', run, control)] });
  return report.scenarios[0]?.verdict;
}

describe('a stress run', () => {
  test('reports what each contender did, as JSON that says it all', async () => {
    const report = await runStress({ scenarios: builtIn('mutex'), contenders: Object.fromEntries(PEER_KINDS.map(kind => [kind, 1])), seconds: 0.5, seed: 11 });
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    expect(report).toMatchObject({
      version: REPORT_VERSION,
      machine: { kernel: process.platform === 'win32' ? 'win32' : 'linux', arch: process.arch, node: process.version, waitable: expect.any(String) as string },
      options: { seconds: 0.5, seed: 11, scenarios: ['mutex'] },
      ended: 'in time',
      passed: true,
    });
    const [mutex] = report.scenarios;
    expect(mutex).toMatchObject({ scenario: 'mutex', control: false, verdict: 'held', interrupted: false, faults: [], broken: [] });
    const contenders = mutex?.contenders ?? [];
    expect(contenders.map(({ kind }) => kind).sort()).toEqual([...PEER_KINDS].sort());
    expect(contenders.reduce((sum, { operations }) => sum + operations, 0)).toBe(mutex?.operations);
    expect(contenders.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
    for (const { operations, waits } of contenders) {
      expect(waits.count).toBe(operations);
      expect(Durations.decode(waits.histogram).percentile(99)).toBe(waits.p99);
    }
    expect(mutex?.contenders.map(({ holds }) => holds.count)).toEqual(contenders.map(({ operations }) => operations));
    expect(mutex?.fairness.longestWait).toBe(Math.max(...contenders.map(({ waits }) => waits.max)));
    expect(mutex?.processes.map(({ kind }) => kind).sort()).toEqual(PEER_KINDS.filter(kind => kind !== 'thread').sort());
    for (const { megabytes } of mutex?.processes ?? []) expect(megabytes).toBeGreaterThan(0);
    expect(mutex?.timeline.operations.map(line => line.at(-1))).toEqual(contenders.map(({ operations }) => operations));
  });

  test('tells how long a hand-over took, by the bitnesses of the two', async () => {
    const kinds = PEER_KINDS.filter(kind => kind !== 'thread');
    const { scenarios: reports } = await runStress({ scenarios: builtIn('mutex', 'ping-pong'), contenders: Object.fromEntries(kinds.map(kind => [kind, 2])), seconds: 0.5 });
    for (const { handOvers, contenders, operations } of reports) {
      const bitnesses = new Set(contenders.map(({ bits }) => bits));
      for (const { from, to } of handOvers) expect([bitnesses.has(from), bitnesses.has(to)]).toEqual([true, true]);
      const count = handOvers.reduce((sum, { durations }) => sum + durations.count, 0);
      expect(count).toBeGreaterThan(0);
      expect(count).toBeLessThanOrEqual(operations);
    }
  });

  test('says when it killed whom', async () => {
    const { scenarios: [report] } = await runStress({ scenarios: builtIn('killed-holder'), contenders: { thread: 1 }, seconds: 0.5 });
    expect(report?.faults.length).toBe(report?.abandonments);
    expect(report?.faults[0]).toEqual({ at: expect.any(Number) as number, fault: 'kill', kind: expect.any(String) as string });
  });

  test('tells how it goes on', async () => {
    const told: string[] = [];
    await runStress({ scenarios: builtIn('mutex', 'semaphore'), contenders: { thread: 2 }, seconds: 0.1 }, {
      onStart: ({ name }, { index, count }) => told.push(`start ${name} ${index} of ${count}`),
      onProgress: ({ scenario: { name } }) => told.includes(`progress ${name}`) || told.push(`progress ${name}`),
      onEnd: ({ scenario: name, verdict }) => told.push(`end ${name} ${verdict}`),
    });
    expect(told).toEqual(['start mutex 0 of 2', 'progress mutex', 'end mutex held', 'start semaphore 1 of 2', 'progress semaphore', 'end semaphore held']);
  });

  test('fails with what did not hold, unless it had to break', async () => {
    const breaks: Scenario['run'] = context => {
      context.checkEqual('two is three', 2, 3);
      return Promise.resolve();
    };
    const holds: Scenario['run'] = () => Promise.resolve();
    const { passed: all, scenarios: [report] } = await runStress({ scenarios: [scenario('one', breaks)], contenders: { thread: 1 }, seconds: 0.05 });
    expect(all).toBe(false);
    expect(report).toMatchObject({ verdict: 'broken', broken: [{ invariant: 'two is three', seen: '2 instead of 3', at: expect.any(Number) as number }] });
    expect(await verdictOf(holds)).toBe('held');
    expect(await verdictOf(breaks, { control: true })).toBe('caught');
    expect(await verdictOf(holds, { control: true })).toBe('missed');
  });
});

describe('an interrupted stress run', () => {
  test('reports what it has measured until then', async () => {
    const interruption = new AbortController();
    const report = await runStress({ scenarios: builtIn('mutex', 'semaphore'), contenders: { thread: 2 }, seconds: 3600, signal: interruption.signal }, {
      onProgress: ({ operations }) => {
        if (operations > 0) interruption.abort();
      },
    });
    expect(report).toMatchObject({ ended: 'interrupted', passed: true });
    expect(report.scenarios).toHaveLength(1);
    expect(report.scenarios[0]).toMatchObject({ scenario: 'mutex', interrupted: true, verdict: 'held' });
    expect(report.scenarios[0]?.operations).toBeGreaterThan(0);
  });

  test('asks no more of a scenario than it had time for', async () => {
    const signal = AbortSignal.abort();
    const idle: Scenario['run'] = context => context.during([]);
    expect((await runStress({ scenarios: [scenario('one', idle)], contenders: { thread: 1 }, signal })).scenarios).toEqual([]);

    const interruption = new AbortController();
    const lacking: Scenario['run'] = async context => {
      interruption.abort();
      await context.during([new Promise(resolve => setImmediate(resolve))]);
      context.checkEnough('something happened', false);
    };
    expect(await verdictOf(lacking, { signal: interruption.signal })).toBe('held');
    expect(await verdictOf(lacking)).toBe('broken');
    expect(await verdictOf(lacking, { signal: new AbortController().signal, control: true })).toBe('inconclusive');
  });

  test('does not hold it against a negative control that it had no time to break', async () => {
    const interruption = new AbortController();
    const run: Scenario['run'] = async context => {
      interruption.abort();
      await context.during([]);
    };
    const report = await runStress({ scenarios: [scenario('one', run, true)], contenders: { thread: 1 }, signal: interruption.signal });
    expect(report.scenarios[0]?.verdict).toBe('inconclusive');
    expect(report.scenarios.every(passed)).toBe(true);
  });
});

describe('the seed of a stress run', () => {
  const draws = scenario('draws', context => {
    const [kills, lives] = [context.random('kills'), context.random('lives')];
    context.remark([kills, lives, kills, lives].map(random => random.below(1e6)).join());
    return Promise.resolve();
  });

  async function drawn(options: StressOptions): Promise<string | undefined> {
    const report = await runStress({ contenders: { thread: 1 }, seconds: 0.05, scenarios: [draws], ...options });
    return report.scenarios.find(({ scenario: name }) => name === 'draws')?.remarks[0];
  }

  test('brings the same choices again, whatever else is run', async () => {
    const first = await drawn({ seed: 5 });
    expect(await drawn({ seed: 5 })).toBe(first);
    expect(await drawn({ seed: 5, scenarios: [scenario('before', () => Promise.resolve()), draws] })).toBe(first);
    expect(await drawn({ seed: 6 })).not.toBe(first);
  });

  test('is another one each time, and reported, where none is given', async () => {
    const seedOf = async () => (await runStress({ scenarios: [draws], contenders: { thread: 1 }, seconds: 0.05 })).options.seed;
    expect(await seedOf()).not.toBe(await seedOf());
  });
});

describe('what makes no sense is refused before anything is started:', () => {
  test.each<[string, StressOptions, string]>([
    ['no time', { seconds: 0 }, 'seconds must be above 0, up to 86400; given: 0'],
    ['too long a time', { seconds: 86_401 }, 'given: 86401'],
    ['no seed', { seed: 0 }, 'seed must be an integer from 1 to 2147483647; given: 0'],
    ['no scenario', { scenarios: [] }, 'scenarios must not be empty'],
    ['two scenarios of one name', { scenarios: [...builtIn('mutex'), ...builtIn('mutex')] }, 'given twice: mutex'],
    ['too few contenders', { scenarios: builtIn('mutex'), contenders: { thread: 1 } }, 'contenders must be from 2 to 128 in all for these scenarios; given: 1'],
    ['too many contenders', { contenders: { thread: 129 } }, 'given: 129'],
    ['half a contender', { contenders: { thread: 1.5 } }, 'contenders.thread must be a whole number from 0; given: 1.5'],
    ['an unknown kind', { contenders: { fiber: 2 } as StressOptions['contenders'] & object }, 'contenders must be of the kinds thread, node, node32, helper32, helper64; given: fiber'],
  ])('%s', async (_, options, reason) => {
    await expect(runStress(options)).rejects.toThrow(reason);
  });
});
