import type { PeerKind } from '../../stress/peers/peer.js';
import { uniqueName } from '../support/names.js';
import type { Action } from './actions.js';
import { MainPlayer, PeerPlayer, type Player } from './players.js';
import type { World } from './run.js';

/** The cast for real, one program after the other; each has names of its own. */
export class Crew {
  readonly #peers: readonly PeerPlayer[];
  readonly #players: readonly Player[];

  constructor() {
    this.#peers = [new PeerPlayer('thread'), new PeerPlayer(PROCESS)];
    this.#players = [new MainPlayer(), ...this.#peers];
  }

  world(): World {
    const unique = uniqueName();
    return {
      perform: (actor, action) => this.#player(actor).perform(action, realName(action, unique)),
      finish: async () => {
        for (const player of this.#players) await player.closeAll();
      },
    };
  }

  async leave(): Promise<void> {
    for (const peer of this.#peers) await peer.leave();
  }

  #player(actor: number): Player {
    const player = this.#players[actor];
    if (player === undefined) throw new Error(`there is no actor ${actor}`);
    return player;
  }
}

/** On Windows of the other bitness, and one that calls the system itself, not through the library. */
const PROCESS: PeerKind = process.platform !== 'win32' ? 'node' : process.arch === 'ia32' ? 'helper64' : 'helper32';

function realName(action: Action, unique: string): string {
  if (!('name' in action)) return '';
  const [, prefix = '', base = ''] = /^(Local\\)?(.*)$/.exec(action.name) ?? [];
  return `${prefix}${unique} ${base}`;
}
