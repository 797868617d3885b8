import { describe, expect, test } from 'vitest';
import { runStress, techniquePassed, type TechniqueReport } from 'waitable/stress';
import { canStart } from '../../../stress/peers/peer.js';
import { techniques } from '../../../stress/techniques/index.js';
import { runHere } from '../../../stress/techniques/run-here.js';
import { otherDirection, ownDirection } from '../../../stress/techniques/technique-context.js';
import { CHILDREN_INHERIT, HAS_NEGATIVE_HANDLES, HAS_REDIRECTOR, HAS_RPC_AND_COM, HAS_SHELL_EXECUTE } from '../../support/rows.js';

/** What this platform has not, by the technique that needs it. */
const LACKING: readonly string[] = [
  ...(CHILDREN_INHERIT ? [] : ['handle-inherited']),
  ...(HAS_RPC_AND_COM ? [] : ['rpc', 'com']),
  ...(HAS_SHELL_EXECUTE ? [] : ['shell-execute']),
  ...(HAS_REDIRECTOR ? [] : ['sysnative']),
  ...(HAS_NEGATIVE_HANDLES ? [] : ['zero-extended']),
];

/** Once, or for as long as it takes the two to meet. */
const SHORTLY = 0;

describe.runIf(canStart(ownDirection === '64→32' ? 'helper32' : 'helper64'))('from a Node of this bitness to a C helper of the other one', () => {
  test.each(techniques.filter(({ name }) => !LACKING.includes(name)))('$name: $summary', async technique => {
    const report = await runHere(technique, SHORTLY);
    expect(report).toMatchObject({ technique: technique.name, direction: ownDirection, verdict: technique.control === undefined ? 'held' : 'caught' });
    if (technique.control === undefined) expect(report.operations).toBeGreaterThan(0);
  });

  test.each(techniques.filter(({ name }) => LACKING.includes(name)))('$name is not there, which is said', async technique => {
    expect(await runHere(technique, SHORTLY)).toMatchObject({ verdict: 'not run', operations: 0, reason: expect.stringMatching(/\w/) as unknown });
  });
});

test('a run has a report of every technique in each direction', async () => {
  const told: TechniqueReport[] = [];
  const report = await runStress({ scenarios: [], techniques: true, seconds: 0.0123 }, { onTechnique: each => told.push(each) });
  expect(report).toMatchObject({ ended: 'in time', passed: true, scenarios: [] });
  expect(report.techniques).toEqual(told);
  expect(told.filter(each => !techniquePassed(each))).toEqual([]);
  for (const direction of [ownDirection, otherDirection]) expect(told.filter(each => each.direction === direction).map(({ technique }) => technique)).toEqual(techniques.map(({ name }) => name));
  for (const { verdict, reason } of told) expect(reason !== undefined).toBe(verdict === 'not run');
  const others = told.filter(({ direction, verdict }) => direction === otherDirection && verdict === 'not run').map(({ technique }) => technique);
  expect(others).toEqual(ownDirection === '64→32' && canStart('node32') ? LACKING : techniques.map(({ name }) => name));
});

describe('the signal of a run', () => {
  test('ends it before the next technique, which the report says', async () => {
    const interruption = new AbortController();
    const report = await runStress({ scenarios: [], techniques: true, seconds: 0.01, signal: interruption.signal }, { onTechnique: () => interruption.abort() });
    expect(report.ended).toBe('interrupted');
    expect(report.techniques).toHaveLength(1);
  });

  test('ends a technique that would go on, in order', async () => {
    for (const technique of techniques.filter(({ control }) => control === undefined)) {
      expect(['held', 'not run']).toContain((await runHere(technique, 3600, AbortSignal.abort())).verdict);
    }
  });
});
