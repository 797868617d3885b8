import { Event, Mutex, Process } from 'waitable';
import { duplicateTo, toHandle32 } from 'waitable/bitness';
import type { Peer } from '../peers/peer.js';
import { contend, createBoard, playPartner } from './count-together.js';
import type { Technique } from './technique.js';

export const handleTruncated: Technique = {
  name: 'handle-truncated',
  summary: 'handles of an unnamed mutex and section are put into the peer, truncated to 32 bits and sent; both count under the mutex',
  unit: 'locks',
  async run(context) {
    const peer = await context.startPeer();
    await takePart(peer, context.nameOf('first'));
    using process = Process.open(peer.processId);
    using mutex = Mutex.create();
    using board = createBoard();
    const slots = { lock: 1, board: 2 };
    await peer.send('adopt', 'mutex', slots.lock, toHandle32(duplicateTo(process, mutex)));
    await peer.send('adopt', 'section', slots.board, toHandle32(duplicateTo(process, board)));
    await contend(context, { mutex, board }, playPartner(context, peer, slots));
  },
};

/** On Linux a handle can be put only into a process that has opened something. */
export async function takePart(peer: Peer, name: string): Promise<void> {
  const SLOT = 127;
  using event = Event.create(name);
  await peer.send('open', event.kind, SLOT, encodeURIComponent(name));
}
