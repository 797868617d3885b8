import { describe, expect, test } from 'vitest';
import { canStart } from '../../stress/peers/peer.js';
import { techniques } from '../../stress/techniques/index.js';
import { runHere } from '../../stress/techniques/run-here.js';
import { runTechniques } from '../../stress/techniques/run-techniques.js';
import { ownDirection } from '../../stress/techniques/site.js';
import { CHILDREN_INHERIT, HAS_NEGATIVE_HANDLES, HAS_REDIRECTOR, HAS_RPC_AND_COM, HAS_SHELL_EXECUTE } from '../support/rows.js';

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
    const cell = await runHere(technique, SHORTLY);
    expect(cell).toMatchObject({ technique: technique.name, direction: ownDirection, outcome: technique.control === undefined ? 'held' : 'broken', passed: true });
    if (technique.control === undefined) expect(cell.operations).toBeGreaterThan(0);
  });

  test.each(techniques.filter(({ name }) => LACKING.includes(name)))('$name is not there, which is said and counts for nothing', async technique => {
    const cell = await runHere(technique, SHORTLY);
    expect(cell).toMatchObject({ outcome: 'not run', operations: 0, reason: expect.stringMatching(/\w/) as unknown });
    expect(cell).not.toHaveProperty('passed');
  });
});

test('every technique has a cell in each direction', async () => {
  const cells = await runTechniques(SHORTLY);
  for (const direction of ['64→32', '32→64']) expect(cells.filter(cell => cell.direction === direction).map(({ technique }) => technique)).toEqual(techniques.map(({ name }) => name));
  expect(cells.filter(cell => cell.passed === false)).toEqual([]);
  for (const { outcome, reason } of cells) expect(reason !== undefined).toBe(outcome === 'not run');
  const others = cells.filter(({ direction }) => direction !== ownDirection);
  if (ownDirection === '64→32' && canStart('node32')) expect(others.filter(({ outcome }) => outcome === 'not run').map(({ technique }) => technique)).toEqual(LACKING);
  else expect(others.every(({ outcome }) => outcome === 'not run')).toBe(true);
});
