import type { Contender } from './scenario-context.js';
import type { ContenderCounts } from '../peers/peer-kind.js';
import { Peer, type PeerKind } from '../peers/peer.js';
import { reachableBy } from '../peers/transports/open.js';
import type { TransportName } from '../peers/transports/transport.js';

/** The peers of a stress run. They go from scenario to scenario; one that was killed is replaced, in its part or after it. */
export class Crew implements AsyncDisposable {
  #peers: readonly Peer[];
  readonly #transport: TransportName;

  private constructor(peers: readonly Peer[], transport: TransportName) {
    this.#peers = peers;
    this.#transport = transport;
  }

  /** @param transport - How those peers are reached that can be reached so; the others by pipe. */
  static async start(counts: ContenderCounts, transport: TransportName): Promise<Crew> {
    const kinds = Object.entries(counts).flatMap(([kind, count]) => Array.from({ length: count }, () => kind as PeerKind));
    const starts = await Promise.allSettled(kinds.map(kind => Peer.start(kind, reachableBy(kind, transport))));
    const peers = starts.flatMap(start => start.status === 'fulfilled' ? [start.value] : []);
    const failed = starts.find(start => start.status === 'rejected');
    if (failed !== undefined) {
      await Promise.all(peers.map(peer => peer.exit()));
      throw failed.reason;
    }
    return new Crew(peers, transport);
  }

  get peers(): readonly Peer[] {
    return this.#peers;
  }

  /** Who takes part in what is for these kinds. */
  those(kinds: readonly PeerKind[] | undefined): readonly Peer[] {
    return this.#peers.filter(({ kind }) => kinds?.includes(kind) ?? true);
  }

  /** Keeps whoever plays now. Who was killed, and not replaced because the scenario was over by then, is so now. */
  async takeOver(contenders: readonly Contender[], kinds: readonly PeerKind[] | undefined): Promise<void> {
    const now = new Map(this.those(kinds).map((peer, index) => [peer, contenders[index]?.peer]));
    this.#peers = this.#peers.map(peer => now.get(peer) ?? peer);
    this.#peers = await Promise.all(this.#peers.map(async peer => peer.hasEnded ? await Peer.start(peer.kind, reachableBy(peer.kind, this.#transport)) : peer));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#peers.map(peer => leave(peer)));
  }
}

/** One that is stuck hears of nothing, and a thread that is blocked in the kernel ends when that wait does: nobody waits for it. */
async function leave(peer: Peer): Promise<void> {
  if (peer.isBusy) void peer.kill();
  else await peer.exit();
}
