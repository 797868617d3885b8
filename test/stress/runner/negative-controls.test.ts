import { describe, expect, test } from 'vitest';
import { runStress, scenarios, type Scenario, type NegativeControl } from 'waitable/stress';
import { HELPER32 } from '../../support/actor.js';

const twinned = scenarios.flatMap(scenario => (scenario.negativeControls ?? []).map(twin => ({ name: scenario.name, defect: twin.defect, scenario: { ...scenario, negativeControls: [twin] } })));
const CONTENDERS = { thread: 2, [HELPER32]: 2 };

/** A scenario that holds, with such a twin. */
function scenarioWith(twin: NegativeControl | undefined): Scenario {
  return { name: 'one', summary: 'one', minimumContenders: 1, run: () => Promise.resolve(), ...(twin === undefined ? {} : { negativeControls: [twin] }) };
}

async function selfTest(twin: NegativeControl | undefined) {
  return runStress({ scenarios: [], selfTest: [scenarioWith(twin)], contenders: { thread: 1 }, seconds: 0.2 });
}

describe('the self-test', () => {
  test.each(twinned)('catches the broken twin of $name: $defect', async ({ name, scenario }) => {
    const report = await runStress({ scenarios: [], selfTest: [scenario], contenders: CONTENDERS, seconds: 6 });
    expect(report.negativeControls).toMatchObject([{ scenario: name, verdict: 'caught', noticed: { invariant: expect.any(String) as string } }]);
    expect(report.passed).toBe(true);
  });

  test('is there for each scenario', () => {
    expect(scenarios.filter(({ negativeControls, control }) => negativeControls === undefined && control === undefined)).toEqual([]);
  });

  test('fails with a twin that is not broken', async () => {
    const report = await selfTest({ defect: 'nothing', run: context => context.during([]) });
    expect(report).toMatchObject({ passed: false, negativeControls: [{ verdict: 'missed', attempts: 4 }] });
  });

  test('takes a twin that is noticed by its violation at once, and ends it', async () => {
    const report = await selfTest({ defect: 'everything', run: context => context.during([], over => {
      context.check('nothing is wrong', false);
      expect(over.aborted).toBe(false);
      return Promise.resolve();
    }) });
    expect(report).toMatchObject({ passed: true, negativeControls: [{ verdict: 'caught', attempts: 1, noticed: { invariant: 'nothing is wrong' } }] });
  });

  test('takes it for nothing that something else breaks than what the twin is there to show', async () => {
    const twin: NegativeControl = { defect: 'one of two', shows: /the first/, run: context => {
      context.check('the first holds', true);
      context.check('the second holds', false);
      return Promise.resolve();
    } };
    expect(await selfTest(twin)).toMatchObject({ passed: false, negativeControls: [{ verdict: 'missed', attempts: 4 }] });
    expect(await selfTest({ ...twin, shows: /the second holds/ })).toMatchObject({ passed: true, negativeControls: [{ verdict: 'caught', attempts: 1, noticed: { invariant: 'the second holds' } }] });
  });

  test('proves nothing by a twin that had no chance to break anything', async () => {
    const report = await selfTest({ defect: 'kills', run: context => {
      context.checkEnough('somebody was killed', false);
      return Promise.resolve();
    } });
    expect(report.negativeControls).toMatchObject([{ verdict: 'inconclusive', interrupted: false }]);
  });

  test('needs scenarios with twins', async () => {
    await expect(selfTest(undefined)).rejects.toThrow('selfTest must be scenarios that have a broken twin; given: one');
  });
});
