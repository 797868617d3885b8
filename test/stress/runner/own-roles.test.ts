import { describe, expect, test } from 'vitest';
import { board, NODES, runStress, type RoleAssignment, type Scenario, type StressReport } from 'waitable/stress';
import { PEER_KINDS } from '../../support/actor.js';

const fixture = (name: string) => new URL(`../fixtures/${name}.js`, import.meta.url);
const nodes = PEER_KINDS.filter(kind => NODES.includes(kind));
const one = { thread: 1 };

/** A scenario in which all do the same. */
function together(order: RoleAssignment, rest: Partial<Scenario> = {}): Scenario {
  return { name: 'own', summary: 'own', minimumContenders: 1, kinds: NODES, run: context => context.contend(() => order), ...rest };
}

async function firstOf(scenario: Scenario, contenders: Partial<Record<string, number>> = one): Promise<StressReport['scenarios'][number] | undefined> {
  const { scenarios: [report] } = await runStress({ scenarios: [scenario], contenders, seconds: 0.2, reportWithin: 20 });
  return report;
}

describe('a role from a module', () => {
  test('is played by threads and Nodes of both bitnesses on the objects of the context and others, and the C helpers sit it out', async () => {
    const report = await firstOf({
      ...together({ role: '' }),
      async run(context) {
        const lock = await context.mutex('lock');
        const permits = await context.semaphore('permits', 1);
        const gate = await context.event('gate', { manualReset: true, initialState: true });
        await context.contend(() => ({ module: fixture('counting.role'), data: { lock: lock.slot, permits: permits.slot, gate: gate.slot, counter: board.COUNTER } }));
        context.checkEqual('nothing is lost', context.board.load(board.COUNTER), context.operations);
      },
    }, Object.fromEntries(PEER_KINDS.map(kind => [kind, 1])));
    expect(report?.broken).toEqual([]);
    expect(report?.contenders.map(({ kind }) => kind).sort()).toEqual([...nodes].sort());
    for (const { operations, waits, holds } of report?.contenders ?? []) {
      expect(operations).toBeGreaterThan(0);
      expect([waits.count, holds.count]).toEqual([operations, operations]);
    }
  });

  test('breaks the scenario by what it says, by what it throws, and by a wait in vain', async () => {
    const seen = async (how: string) => (await firstOf(together({ module: fixture('breaking.role'), data: { how } })))?.broken.map(({ invariant, seen }) => `${invariant}: ${seen}`);
    expect(await seen('says')).toEqual(['no contender sees what must not be (two are inside; 100 %): 1 times by contender 0, a thread']);
    expect(await seen('throws')).toEqual(['no contender sees what must not be (RangeError: of its own): 1 times by contender 0, a thread']);
    expect(await seen('waits')).toEqual(['no contender sees what must not be (stuck): 1 times by contender 0, a thread']);
  });

  test.each<[string, RoleAssignment, string]>([
    ['there is none', { module: fixture('absent.role') }, 'absent.role.js cannot be imported'],
    ['the module has no role', { module: fixture('no.role') }, 'no.role.js must have a role, a function, as its default export'],
  ])('is asked for in vain where %s', async (_, order, reason) => {
    await expect(firstOf(together(order))).rejects.toThrow(reason);
  });

  test.skipIf(!PEER_KINDS.includes('helper32'))('is not for C helpers', async () => {
    const { kinds, ...anybody } = together({ module: fixture('no.role') });
    await expect(firstOf(anybody, { helper32: 1 })).rejects.toThrow('a role from a module is for Nodes, and helper32 is none: the scenario has to say who takes part, by "kinds"');
    await expect(firstOf({ ...anybody, kinds: kinds ?? [] }, { helper32: 1 })).rejects.toThrow('contenders must be at least 1 of the kinds thread, node, node32 for own; given: {"helper32":1}');
  });
});

describe('a contender that is stuck', () => {
  test('ends the run, which says so, and holds nothing up', async () => {
    const stuck = together({ module: fixture('stuck.role') });
    const report = await runStress({ scenarios: [stuck, { ...stuck, name: 'another' }], contenders: one, seconds: 0.05, reportWithin: 0.05 });
    expect(report).toMatchObject({ ended: 'stuck', passed: false });
    expect(report.scenarios.map(({ scenario, broken }) => [scenario, broken.map(({ invariant }) => invariant)])).toEqual([['own', ['every contender reports within 0.05 s of the end']]]);
  });

  test('is given a time that makes sense', async () => {
    await expect(runStress({ reportWithin: 0 })).rejects.toThrow('reportWithin must be above 0, up to 86400; given: 0');
  });
});
