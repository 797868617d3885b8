import { Mutex } from 'waitable';
import { BOARD_ENTRIES } from '../peers/board.js';
import type { Peer } from '../peers/peer.js';
import type { TransportName } from '../peers/transports/transport.js';
import { contend, createBoard, playPartner } from './count-together.js';
import type { TechniqueContext } from './technique-context.js';
import type { Technique } from './technique.js';

const ROUND_TRIPS = 100;
/** The board's last entry, which no role uses. */
const SPARE = BOARD_ENTRIES - 1;

export const rpc = driving('rpc', 'Windows RPC on the local transport');
export const com = driving('com', 'a COM local server, as which the peer is registered for the run');

function driving(transport: TransportName, what: string): Technique {
  return {
    name: transport,
    summary: `the peer is told what to do by ${what}: it writes numbers and gives them back, and then both count under a mutex`,
    unit: 'calls and locks',
    async run(context) {
      const peer = await context.startPeer(transport);
      using mutex = Mutex.create(context.nameOf('lock'));
      using board = createBoard(context.nameOf('board'));
      const slots = { lock: 1, board: 2 };
      await peer.send('open', mutex.kind, slots.lock, encodeURIComponent(context.nameOf('lock')));
      await peer.send('open', board.kind, slots.board, encodeURIComponent(context.nameOf('board')));
      await exchangeNumbers(context, peer, slots.board);
      await contend(context, { mutex, board }, playPartner(context, peer, slots));
    },
  };
}

async function exchangeNumbers(context: TechniqueContext, peer: Peer, slot: number): Promise<void> {
  for (let trip = 0; trip < ROUND_TRIPS; trip++) {
    await peer.send('write', slot, SPARE, -trip);
    const [value] = await peer.send('read', slot, SPARE);
    context.checkEqual('a number comes back as it was sent', value, String(-trip));
    context.did(2);
  }
}
