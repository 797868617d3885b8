import { describe, expect, test } from 'vitest';
import { SharedMemory } from 'waitable/bitness';
import { DEFECTS } from '../../../../stress/peers/roles/history-defects.js';
import type { Operation, Specification } from '../../../../stress/linearizability/operation.js';
import { CAPACITY, readRecord, recordLayout } from '../../../../stress/linearizability/record.js';
import { Windows } from '../../../../stress/linearizability/check-windows.js';
import { isHelper } from '../../../../stress/peers/peer-kind.js';
import { PeerError } from '../../../../stress/peers/peer.js';
import { PEER_KINDS, useActor, type Actor } from '../../../support/actor.js';
import { uniqueName } from '../../../support/names.js';

const FIRST = 1;
const OBJECTS = 8;
const RECORD = 64;

/** What one contender does all alone, with objects that nobody has touched: it goes by the seed and the lie alone. */
async function playAlone(actor: Actor, keys: { seed: number; lie: number; joint: number; asynchronous?: number }) {
  const name = uniqueName();
  using memory = SharedMemory.create(`${name} record`, recordLayout);
  const create = (kind: string, slot: number, label: string, ...rest: number[]) => actor.send('create', kind, slot, encodeURIComponent(`${name} ${label}`), ...rest);
  await create('section', 0, 'board', 4096);
  for (let group = 0; group < 2; group++) {
    const slot = FIRST + 4 * group;
    await create('mutex', slot, `m${group}`, 0);
    await create('semaphore', slot + 1, `s${group}`, 2, 2);
    await create('event', slot + 2, `a${group}`, 0, 0);
    await create('event', slot + 3, `e${group}`, 1, 0);
  }
  await actor.send('open', 'section', RECORD, encodeURIComponent(`${name} record`));
  const epoch = process.hrtime.bigint();
  const fields = { board: 0, contender: 0, contenders: 1, spin: 0, record: RECORD, first: FIRST, objects: OBJECTS, timeouts: 4, asynchronous: 0, ...keys };
  const [operations] = await actor.send('run', 'history', ...Object.entries(fields).map(([key, value]) => `${key}=${value}`));
  for (let slot = 0; slot <= OBJECTS; slot++) await actor.send('close', slot);
  await actor.send('close', RECORD);
  const history = readRecord(memory, { contender: 0, objects: OBJECTS, epoch });
  expect(history.length).toBe(Number(operations));
  return history;
}

function inWords(history: readonly Operation[]): string[] {
  return history.map(({ verb, objects, argument, outcome }) => [verb, objects.join(' '), argument, outcome].join(', '));
}

describe.each(PEER_KINDS)('a peer of kind %s plays the role history', kind => {
  const actor = useActor(kind);
  const reference = useActor('thread');

  test.each(DEFECTS.map((lie, index) => ({ lie, index })))('with the choices that the seed makes: lie $lie', async ({ index }) => {
    const [joint, seed] = [index === 0 ? 4 : 3, 12_345 + index];
    const history = await playAlone(actor(), { seed, lie: index, joint });
    expect(history.length).toBeGreaterThan(CAPACITY / 2);
    expect(inWords(history)).toEqual(inWords(await playAlone(reference(), { seed, lie: index, joint })));
  });

  test('and refuses keys that make no sense', async () => {
    const name = encodeURIComponent(uniqueName());
    await actor().send('create', 'section', 0, `${name}0`, 4096);
    await actor().send('create', 'section', RECORD, `${name}1`, 4096);
    await actor().send('create', 'event', FIRST, `${name}2`, 0, 0);
    const good = { board: 0, contender: 0, contenders: 1, spin: 0, record: RECORD, first: FIRST, objects: 1, joint: 0, timeouts: 0, seed: 1, lie: 0, asynchronous: 0 };
    const run = (keys: object) => actor().send('run', 'history', ...Object.entries({ ...good, ...keys }).map(([key, value]) => `${key}=${value}`));
    const wrong = [
      { record: 0 }, { record: FIRST }, { record: 9 }, { first: RECORD }, { objects: 0 }, { objects: 2 }, { objects: 17 },
      { joint: 2 }, { joint: -1 }, { timeouts: -1 }, { seed: 0 }, { seed: 2 ** 31 }, { lie: DEFECTS.length }, { lie: -1 }, { asynchronous: 2 }, { asynchronous: -1 },
    ];
    for (const bad of wrong) {
      await expect(run(bad), JSON.stringify(bad)).rejects.toMatchObject({ constructor: PeerError, errno: undefined });
    }
    expect(Number((await run({}))[0])).toBeGreaterThan(0);
    for (const slot of [0, FIRST, RECORD]) await actor().send('close', slot);
  });
});

describe.each(PEER_KINDS.filter(kind => !isHelper(kind)))('a peer of kind %s plays the role history', kind => {
  const actor = useActor(kind);

  test('with some of the waits asynchronous, and an explanation for all', async () => {
    const group: Specification[] = [{ kind: 'mutex' }, { kind: 'semaphore', initialCount: 2, maximumCount: 2 }, { kind: 'event', manualReset: false, initialState: false }, { kind: 'event', manualReset: true, initialState: false }];
    for (let seed = 1; seed <= 5; seed++) {
      const history = await playAlone(actor(), { seed, lie: 0, joint: 4, asynchronous: 1 });
      expect(new Set(history.map(({ verb }) => verb))).toContain('wait-async');
      const windows = new Windows({ objects: [...group, ...group], joint: 4, contenders: 1, strictness: process.platform === 'win32' ? 'atomic' : 'stepwise' });
      expect(windows.check(history)).toBeUndefined();
    }
  });
});
