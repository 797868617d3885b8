import { Mutex, Process } from 'waitable';
import { bitnessOf, duplicateFrom, fromHandle32, toHandle32 } from 'waitable/bitness';
import { PeerError, type Peer } from '../peers/peer.js';
import { contend, createBoard, playPartner } from './count-together.js';
import type { TechniqueContext } from './technique-context.js';
import type { Technique } from './technique.js';

const ERROR_NOT_SUPPORTED = 50;

export const handleSignExtended: Technique = {
  name: 'handle-sign-extended',
  summary: 'a handle that the peer gives as 32 bits is sign-extended and taken from there; both count under its mutex. Its pseudo-handle, which is negative, comes too',
  unit: 'locks',
  async run(context) {
    const peer = await context.startPeer();
    const slots = { lock: 1, board: 2 };
    await peer.send('create', 'mutex', slots.lock, encodeURIComponent(context.nameOf('theirs')), 0);
    const [value] = await peer.send('handle', slots.lock);
    using mutex = duplicateFrom(Mutex, peer.processId, fromHandle32(Number(value)));
    await takePseudoHandle(context, peer);
    using board = createBoard(context.nameOf('board'));
    await peer.send('open', 'section', slots.board, encodeURIComponent(board.name ?? ''));
    await contend(context, { mutex, board }, playPartner(context, peer, slots));
  },
};

/** As the peer gives it, without a sign; `undefined` where there is none. */
export async function pseudoHandleOf(peer: Peer): Promise<number | undefined> {
  try {
    const [value] = await peer.send('pseudo-handle');
    return Number(value);
  } catch (error) {
    if (error instanceof PeerError && error.errno === ERROR_NOT_SUPPORTED) return undefined;
    throw error;
  }
}

async function takePseudoHandle(context: TechniqueContext, peer: Peer): Promise<void> {
  const value = await pseudoHandleOf(peer);
  if (value === undefined) {
    context.remark('no handle is negative here, so none was sign-extended to a negative one');
    return;
  }
  context.checkEqual('the pseudo-handle, sign-extended, is -1', fromHandle32(value), -1);
  context.checkEqual('truncated again it is the same 32 bits', toHandle32(fromHandle32(value)), value);
  using process = duplicateFrom(Process, peer.processId, fromHandle32(value));
  // To Windows it means the process it is taken from; Wine 8 takes it for the one that asks.
  const bitness = bitnessOf(process);
  context.remark(`the peer's pseudo-handle, taken from there, is ${bitness === context.otherBitness ? 'the peer' : 'this process'} (${bitness} bits)`);
}
