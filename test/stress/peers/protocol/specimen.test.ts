import { describe, expect, test } from 'vitest';
import { duplicateTo, layout, SharedMemory, toHandle32 } from 'waitable/bitness';
import { canStart } from '../../../../stress/peers/peer.js';
import { differencesOf, fillSpecimen, specimenLayout } from '../../../../stress/peers/specimen.js';
import { useActor } from '../../../support/actor.js';
import { uniqueName } from '../../../support/names.js';
import { HAS_NEGATIVE_HANDLES } from '../../../support/rows.js';

const HELPERS = (['helper32', 'helper64'] as const).filter(canStart);
const SEEDS = [0, 1, 2 ** 31, 2 ** 32 - 1];

describe.each(HELPERS)('a peer of kind %s', kind => {
  const actor = useActor(kind);

  test.each(SEEDS)('makes of a specimen what the library does: seed %d', async seed => {
    const name = uniqueName();
    using memory = SharedMemory.create(name, specimenLayout);
    const { slot } = await actor().open('section', name);
    fillSpecimen(memory.fields, seed);
    expect(await actor().send('verify', slot, seed)).toEqual(['-1']);
    expect(await actor().send('verify', slot, (seed + 1) % 2 ** 32)).not.toEqual(['-1']);
    await actor().send('fill', slot, (seed + 7) % 2 ** 32);
    expect(differencesOf(memory.fields, (seed + 7) % 2 ** 32)).toEqual([]);
  });

  test('says where a specimen is not as it should be', async () => {
    const name = uniqueName();
    using memory = SharedMemory.create(name, specimenLayout);
    const { slot } = await actor().open('section', name);
    fillSpecimen(memory.fields, 3);
    memory.fields.u32s[1] = (memory.fields.u32s[1] ?? 0) ^ 0xff;
    expect(await actor().send('verify', slot, 3)).toEqual([String(specimenLayout.offsetOf('u32s') + 4)]);
  });

  test('adds to the counters, over the bounds of their halves', async () => {
    const name = uniqueName();
    using memory = SharedMemory.create(name, specimenLayout);
    const { slot } = await actor().open('section', name);
    memory.fields.counter64 = 2n ** 32n - 1n;
    memory.fields.counter32 = 2 ** 31 - 1;
    await actor().send('count-up', slot, 3);
    expect([memory.fields.counter32, memory.fields.counter64]).toEqual([-(2 ** 31) + 2, 2n ** 32n + 2n]);
  });

  test.each(['fill $ 0', 'verify $ 0', 'count-up $ 1'])('refuses a section with another layout, and leaves it as it is: %s', async command => {
    const name = uniqueName();
    using memory = SharedMemory.create(name, layout({ ...specimenLayout.fields, i8: 'uint8' }));
    const { slot } = await actor().open('section', name);
    const [verb = '', ...fields] = command.replace('$', String(slot)).split(' ');
    await expect(actor().send(verb, ...fields)).rejects.toThrow(/another layout/);
    expect(new Uint8Array(memory.buffer, 8).every(byte => byte === 0)).toBe(true);
  });

  test.each(['fill 0 0', 'fill 2 0', 'fill 1', 'fill 1 0 0', 'verify 1 -1', 'verify 1 4294967296', 'count-up 1 0', 'pseudo-handle 1'])('refuses what makes no sense: %s', async command => {
    const [verb = '', ...fields] = command.split(' ');
    const { slot } = await actor().create('event', uniqueName());
    expect(slot).toBe(0);
    using memory = SharedMemory.create(uniqueName(), specimenLayout);
    expect((await actor().open('section', memory.name ?? '')).slot).toBe(1);
    await expect(actor().send(verb, ...fields)).rejects.toThrow(/: bad /);
  });

  test('takes over an unnamed section by its handle, without a sign', async () => {
    await actor().create('event', uniqueName()); // on Linux it takes part from then on
    using memory = SharedMemory.create(undefined, specimenLayout);
    const { slot } = await actor().adopt('section', toHandle32(duplicateTo(actor().peer.processId, memory)));
    await actor().send('fill', slot, 9);
    expect(differencesOf(memory.fields, 9)).toEqual([]);
  });

  test('gives its pseudo-handle truncated to 32 bits, where there is such a thing', async () => {
    const reply = actor().send('pseudo-handle');
    if (HAS_NEGATIVE_HANDLES) expect(await reply).toEqual(['4294967295']);
    else await expect(reply).rejects.toMatchObject({ errno: 50 });
  });
});
