import { describe, expect, test } from 'vitest';
import { techniquePassed } from 'waitable/stress';
import { PeerEndedError } from '../../../stress/peers/peer.js';
import { cutShort, notRun, reportOf } from '../../../stress/techniques/results.js';
import { runHere } from '../../../stress/techniques/run-here.js';
import { TechniqueContext } from '../../../stress/techniques/technique-context.js';
import { toTechniqueNotes, toTechniqueTable } from '../../../stress/reporters/text/techniques.js';
import type { Technique } from '../../../stress/techniques/technique.js';

const plain: Technique = { name: 'plain', summary: 'what is run', unit: 'locks', run: () => Promise.resolve() };
const control: Technique = { ...plain, name: 'control', control: /torn/ };

function results(...broken: string[]) {
  return { seconds: 1, operations: 1234, remarks: [], broken: broken.map(invariant => ({ invariant, seen: 'this', at: 5 })) };
}

describe('the report of a technique', () => {
  test('passes if every invariant held', () => {
    const [held, broken] = [reportOf(plain, '64→32', results()), reportOf(plain, '64→32', results('torn'))];
    expect([held, broken]).toMatchObject([{ verdict: 'held', operations: 1234 }, { verdict: 'broken' }]);
    expect([held, broken].map(techniquePassed)).toEqual([true, false]);
  });

  test('of a negative control passes if what it has to break is broken, and for no other failure', () => {
    const reports = [reportOf(control, '32→64', results('it is torn')), reportOf(control, '32→64', results('the peer lives')), reportOf(control, '32→64', results()), cutShort(control, '32→64', 'exit code 3')];
    expect(reports.map(({ verdict }) => verdict)).toEqual(['caught', 'missed', 'missed', 'missed']);
    expect(reports.map(techniquePassed)).toEqual([true, false, false, false]);
  });
});

describe('the table of techniques and directions', () => {
  test('says of a cell that is missing that it was not run', () => {
    const table = toTechniqueTable([reportOf(plain, '64→32', results()), reportOf(control, '32→64', results('torn'))]);
    expect(table).toMatch(/plain .*held: 1,234 locks .*not run/);
    expect(table).toMatch(/control .*not run .*broke, as it must/);
  });

  test('does not hide a failure', () => {
    const reports = [reportOf(plain, '64→32', results('the mutex is free in the end')), reportOf(control, '32→64', results())];
    expect(toTechniqueTable(reports)).toMatch(/BROKEN[\s\S]*DID NOT BREAK/);
    expect(toTechniqueNotes(reports)).toBe('FAILED plain 64→32: the mutex is free in the end: this\nFAILED control 32→64: the negative control did not break what it has to, so the checks prove nothing');
  });

  test('says what was not run, once for each reason', () => {
    const reports = [notRun(plain, '32→64', 'no such Node'), notRun(control, '32→64', 'no such Node'), notRun(plain, '64→32', 'no compiler')];
    expect(toTechniqueNotes(reports)).toBe('not run: plain 32→64, control 32→64: no such Node\nnot run: plain 64→32: no compiler');
  });
});

describe('where a technique is used', () => {
  test('it is not run where COM finds no class that this process may register, and fails where something else is wrong', async () => {
    const failing = (how: string): Technique => ({ ...plain, run: () => Promise.reject(new PeerEndedError(`the helper32 ended (it did not start: ${how})`)) });
    const reports = await Promise.all(['CoCreateInstance failed with 0x80040154 (REGDB_E_CLASSNOTREG)', 'CoCreateInstance failed with 0x80080005'].map(how => runHere(failing(how), 0)));
    expect(reports).toMatchObject([{ verdict: 'not run' }, { verdict: 'broken' }]);
  });

  test('a step is done at least once, until the time has passed, something is broken or the run is to end', async () => {
    const rounds: number[] = [];
    const step = (round: number) => void rounds.push(round);
    await using once = new TechniqueContext('once', 0);
    await once.repeat(step);
    await using ended = new TechniqueContext('ended', Infinity, AbortSignal.abort());
    await ended.repeat(step);
    await using broken = new TechniqueContext('broken', Infinity);
    await broken.repeat(round => {
      broken.checkEqual('a round', round, 0);
      step(round);
    });
    expect(rounds).toEqual([0, 0, 0, 1]);
    expect(broken.results.broken).toMatchObject([{ invariant: 'a round', seen: '1 instead of 0' }]);
  });

  test('names are of one run alone', () => {
    const names = [1, 2].map(() => new TechniqueContext('names', 0).nameOf('lock'));
    expect(new Set(names).size).toBe(2);
  });
});
