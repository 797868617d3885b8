import { setImmediate } from 'node:timers/promises';
import { SharedMemory } from 'waitable/bitness';
import type { Peer } from '../peers/peer.js';
import { differencesOf, fieldAt, fillSpecimen, specimenLayout } from '../peers/specimen.js';
import type { TechniqueContext } from './technique-context.js';
import type { Technique } from './technique.js';

const SLOT = 1;
const ADDITIONS = 100_000;
/** Additions between two looks at whether the peer is done. */
const STRIDE = 1000;
/** Within the additions of a run the upper half of the counter changes. */
const NEARLY_2_32 = 2n ** 32n - BigInt(ADDITIONS);

export const sectionShared: Technique = {
  name: 'section-shared',
  summary: 'a section with a field of every type: each side fills it and the other one checks it; then both add to a 32-bit and a 64-bit counter in it',
  unit: 'specimens',
  async run(context) {
    const peer = await context.startPeer();
    const name = context.nameOf('specimen');
    using memory = SharedMemory.create(name, specimenLayout);
    await peer.send('open', memory.kind, SLOT, encodeURIComponent(name));
    await addTogether(context, peer, memory);
    await context.repeat(round => exchange(context, peer, memory, 2 * round));
  },
};

type SpecimenMemory = SharedMemory<typeof specimenLayout.fields>;

async function exchange(context: TechniqueContext, peer: Peer, memory: SpecimenMemory, seed: number): Promise<void> {
  fillSpecimen(memory.fields, seed);
  const [difference] = await peer.send('verify', SLOT, seed);
  context.check('the peer finds what this Node wrote', difference === '-1', `not in ${fieldAt(Number(difference))}`);
  await peer.send('fill', SLOT, seed + 1);
  const differences = differencesOf(memory.fields, seed + 1);
  context.check('this Node finds what the peer wrote', differences.length === 0, differences.join(', '));
  context.did(2);
}

async function addTogether(context: TechniqueContext, peer: Peer, { atomics }: SpecimenMemory): Promise<void> {
  atomics.store('counter64', NEARLY_2_32);
  const over = new AbortController();
  const counting = peer.send('count-up', SLOT, ADDITIONS).finally(() => over.abort());
  counting.catch(() => undefined); // it is awaited below
  let own = 0;
  for (; !over.signal.aborted || own < ADDITIONS; own += STRIDE) {
    for (let addition = 0; addition < STRIDE; addition++) {
      atomics.add('counter32', 1);
      atomics.add('counter64', 1n);
    }
    await setImmediate();
  }
  await counting;
  context.checkEqual('no addition to the 32-bit counter is lost', atomics.load('counter32'), own + ADDITIONS);
  context.checkEqual('no addition to the 64-bit counter is lost', atomics.load('counter64'), NEARLY_2_32 + BigInt(own + ADDITIONS));
  context.remark(`${(own + ADDITIONS).toLocaleString('en')} additions to each counter`);
}
