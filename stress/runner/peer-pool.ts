import type { ContenderCounts } from '../peers/peer-kind.js';
import { Peer, type PeerKind } from '../peers/peer.js';
import { reachableBy } from '../peers/transports/open.js';
import type { TransportName } from '../peers/transports/transport.js';

/** The peers of a stress run. They go from scenario to scenario; one that was killed is replaced, in its part or after it. */
export class PeerPool implements AsyncDisposable {
  #peers: readonly Peer[] = [];
  readonly #transport: TransportName;

  /** @param transport - How those peers are reached that can be reached so; the others by pipe. */
  private constructor(transport: TransportName) {
    this.#transport = transport;
  }

  static async of(counts: ContenderCounts, transport: TransportName): Promise<PeerPool> {
    const pool = new PeerPool(transport);
    const kinds = Object.entries(counts).flatMap(([kind, count]) => Array.from({ length: count }, () => kind as PeerKind));
    const starts = await Promise.allSettled(kinds.map(kind => pool.start(kind)));
    pool.#peers = starts.flatMap(start => start.status === 'fulfilled' ? [start.value] : []);
    const failed = starts.find(start => start.status === 'rejected');
    if (failed !== undefined) {
      await Promise.all(pool.#peers.map(peer => peer.exit()));
      throw failed.reason;
    }
    return pool;
  }

  /**
   * One more, which is reached as the others of its kind are: a successor too, or the report would name a transport
   * that was not used. It is its starter's until {@link takeOver}.
   */
  start(kind: PeerKind): Promise<Peer> {
    return Peer.start(kind, reachableBy(kind, this.#transport));
  }

  get peers(): readonly Peer[] {
    return this.#peers;
  }

  /** Who takes part in what is for these kinds. */
  those(kinds: readonly PeerKind[] | undefined): readonly Peer[] {
    return this.#peers.filter(({ kind }) => kinds?.includes(kind) ?? true);
  }

  /** Keeps whoever contends now, in the order of {@link those}. Who was killed, and not replaced because the scenario was over by then, is so now. */
  async takeOver(contending: readonly Peer[], kinds: readonly PeerKind[] | undefined): Promise<void> {
    const now = new Map(this.those(kinds).map((peer, index) => [peer, contending[index]]));
    this.#peers = this.#peers.map(peer => now.get(peer) ?? peer);
    this.#peers = await Promise.all(this.#peers.map(async peer => peer.hasEnded ? await this.start(peer.kind) : peer));
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
