import { describe, expect, test } from 'vitest';
import { cellOf, cutShort, notRun } from '../../stress/techniques/cell.js';
import { techniques } from '../../stress/techniques/index.js';
import { Site } from '../../stress/techniques/site.js';
import { toTechniqueNotes, toTechniqueTable } from '../../stress/techniques/table.js';
import type { Technique } from '../../stress/techniques/technique.js';

const plain: Technique = { name: 'handle-truncated', summary: 'what is run', unit: 'locks', run: () => Promise.resolve() };
const control: Technique = { ...plain, name: 'other-handle', control: /torn/ };

function findings(...broken: string[]) {
  return { seconds: 1, operations: 1234, remarks: [], broken };
}

describe('a cell', () => {
  test('passes if every invariant held', () => {
    expect(cellOf(plain, '64→32', findings())).toMatchObject({ outcome: 'held', passed: true, operations: 1234 });
    expect(cellOf(plain, '64→32', findings('torn'))).toMatchObject({ outcome: 'broken', passed: false });
  });

  test('of a negative control passes if what it has to break is broken, and for no other failure', () => {
    expect(cellOf(control, '32→64', findings('it is torn'))).toMatchObject({ outcome: 'broken', passed: true });
    expect(cellOf(control, '32→64', findings('the peer ended'))).toMatchObject({ outcome: 'broken', passed: false });
    expect(cellOf(control, '32→64', findings())).toMatchObject({ outcome: 'held', passed: false });
    expect(cutShort(control, '32→64', 'exit code 3')).toMatchObject({ outcome: 'broken', passed: false });
  });

  test('that was not run has neither passed nor failed', () => {
    expect(notRun(control, '64→32', 'there is none')).not.toHaveProperty('passed');
  });
});

describe('the table of techniques and directions', () => {
  test('has a row for each technique, and says of a cell that is missing that it was not run', () => {
    const table = toTechniqueTable([cellOf(plain, '64→32', findings()), cellOf(control, '64→32', findings('torn'))]);
    for (const { name } of techniques) expect(table).toContain(name);
    expect(table).toMatch(/handle-truncated .*held: 1,234 locks .*not run/);
    expect(table).toMatch(/other-handle .*broke, as it must .*not run/);
  });

  test('does not hide a failure', () => {
    const cells = [cellOf(plain, '64→32', findings('the mutex is free in the end')), cellOf(control, '32→64', findings())];
    expect(toTechniqueTable(cells)).toMatch(/BROKEN[\s\S]*DID NOT BREAK/);
    expect(toTechniqueNotes(cells)).toBe('FAILED handle-truncated 64→32: the mutex is free in the end\nFAILED other-handle 32→64: the negative control did not break what it has to, so the checks prove nothing');
  });

  test('says what was not run, once for each reason', () => {
    const cells = [notRun(plain, '32→64', 'no such Node'), notRun(control, '32→64', 'no such Node'), notRun(plain, '64→32', 'no compiler')];
    expect(toTechniqueNotes(cells)).toBe('not run: handle-truncated 32→64, other-handle 32→64: no such Node\nnot run: handle-truncated 64→32: no compiler');
  });
});

describe('where a technique is used', () => {
  test('a step is done at least once, until something is broken', async () => {
    await using site = new Site('once', 0);
    const rounds: number[] = [];
    await site.repeat(round => void rounds.push(round));
    await using broken = new Site('broken', Infinity);
    await broken.repeat(round => {
      broken.checkEqual('a round', round, 0);
      rounds.push(round);
    });
    expect(rounds).toEqual([0, 0, 1]);
    expect([site.findings.broken, broken.findings.broken]).toEqual([[], ['a round: 1 instead of 0']]);
  });

  test('names are of one run alone', () => {
    const names = [1, 2].map(() => new Site('names', 0).nameOf('lock'));
    expect(new Set(names).size).toBe(2);
  });
});
