import { afterAll, afterEach, beforeAll, onTestFinished } from 'vitest';
import { canStart, helperKind, Peer, type PeerKind, type PeerOptions } from '../../stress/peers/peer.js';
import { canReach } from '../../stress/peers/transports/open.js';
import { TRANSPORTS, type TransportName } from '../../stress/peers/transports/transport.js';
import { PATIENCE } from './patience.js';
import { COMMANDS_LEAVE_AT_ONCE } from './rows.js';

/** Every kind of peer that this machine has and a process of this bitness can start, or those of them that the configuration wants. */
export const PEER_KINDS: readonly PeerKind[] = (['thread', 'node', 'node32', 'helper32', 'helper64'] as const)
  .filter(kind => kind !== 'node32' || process.arch === 'x64')
  .filter(canStart)
  .filter(kind => process.env['WAITABLE_TEST_PEERS']?.split(' ').includes(kind) ?? true);

/** The same, each in every way in which it can be reached. */
export const PEER_WAYS: readonly { readonly kind: PeerKind; readonly transport: TransportName }[] =
  TRANSPORTS.flatMap(transport => PEER_KINDS.filter(kind => canReach(kind, transport)).map(kind => ({ kind, transport })));

/** A process that is started quickly: the C helper of that bitness. Where there is none, it is a Node process. */
export const HELPER32 = helperKind(32);
export const HELPER64 = helperKind(64);

const INITIAL_STATE = { mutex: [0], semaphore: [1, 2], event: [0, 1], section: [4096] } as const;

export type RemoteKind = keyof typeof INITIAL_STATE;

/** As the library's WaitResult, but for the object, which is another process's. */
export interface RemoteResult {
  readonly status: 'signaled' | 'abandoned' | 'timeout';
  readonly index: number;
}

/**
 * A peer as tests drive it: with objects for slots. The commands of one actor are executed one after the other, in the order in which they were given.
 * A wait that blocks this thread may follow one command that has not been awaited, once that has left: a second one may not have left yet.
 */
export class Actor {
  readonly peer: Peer;
  readonly #filled = new Set<number>();
  #ended = false;

  constructor(peer: Peer) {
    this.peer = peer;
    void peer.ended.then(() => this.#ended = true);
  }

  /** Creates an object as its other options are in `test/support/kinds.ts`: free to be taken. */
  create(kind: RemoteKind, name: string): Promise<Remote> {
    return this.#create(kind, name, ...INITIAL_STATE[kind]);
  }

  createMutex(name: string, { initiallyOwned = false } = {}): Promise<Remote> {
    return this.#create('mutex', name, Number(initiallyOwned));
  }

  createSemaphore(name: string, { initialCount, maximumCount }: { initialCount: number; maximumCount: number }): Promise<Remote> {
    return this.#create('semaphore', name, initialCount, maximumCount);
  }

  createEvent(name: string, { manualReset = false, initialState = false } = {}): Promise<Remote> {
    return this.#create('event', name, Number(manualReset), Number(initialState));
  }

  #create(kind: RemoteKind, name: string, ...state: number[]): Promise<Remote> {
    return this.#fill(slot => this.send('create', kind, slot, encodeURIComponent(name), ...state));
  }

  open(kind: RemoteKind, name: string): Promise<Remote> {
    return this.#fill(slot => this.send('open', kind, slot, encodeURIComponent(name)));
  }

  adopt(kind: RemoteKind, handle: number): Promise<Remote> {
    return this.#fill(slot => this.send('adopt', kind, slot, handle));
  }

  async #fill(command: (slot: number) => Promise<string[]>): Promise<Remote> {
    let slot = 0;
    while (this.#filled.has(slot)) slot++;
    this.#filled.add(slot);
    try {
      const [createdNew] = await command(slot);
      return new Remote(this, slot, createdNew === '1');
    } catch (error) {
      this.#filled.delete(slot);
      throw error;
    }
  }

  async close(slot: number): Promise<void> {
    await this.send('close', slot);
    this.#filled.delete(slot);
  }

  async closeAll(): Promise<void> {
    for (const slot of [...this.#filled]) await this.close(slot);
  }

  async waitAny(objects: readonly Remote[], timeout = PATIENCE): Promise<RemoteResult> {
    return resultOf(await this.send('wait-any', timeout, ...objects.map(object => object.slot)));
  }

  async waitAll(objects: readonly Remote[], timeout = PATIENCE): Promise<RemoteResult> {
    return resultOf(await this.send('wait-all', timeout, ...objects.map(object => object.slot)));
  }

  /** Any command of PROTOCOL.md; gives the fields after `ok`. */
  send(verb: string, ...fields: (string | number)[]): Promise<string[]> {
    const reply = this.peer.send(verb, ...fields);
    reply.catch(() => undefined); // a test that fails elsewhere, or ends the peer, need not be awaiting it
    return reply;
  }

  /** The one command that has not been awaited is on its way. */
  async hasLeft(): Promise<void> {
    if (!COMMANDS_LEAVE_AT_ONCE) await new Promise(resolve => setImmediate(resolve));
  }

  async end(): Promise<void> {
    if (!this.#ended) await this.peer.kill();
  }
}

/** An object that an actor has open. */
export class Remote {
  readonly slot: number;
  readonly createdNew: boolean;
  readonly #actor: Actor;

  constructor(actor: Actor, slot: number, createdNew: boolean) {
    this.#actor = actor;
    this.slot = slot;
    this.createdNew = createdNew;
  }

  async wait(timeout = PATIENCE): Promise<RemoteResult> {
    return resultOf(await this.#actor.send('wait', timeout, this.slot));
  }

  /** Takes it; from then on the actor does nothing more, and only its end lets go. */
  async hold(): Promise<RemoteResult> {
    return resultOf(await this.#actor.send('hold', this.slot));
  }

  /** Gives the previous count of a semaphore. */
  async release(...count: [] | [number]): Promise<number> {
    const [previous] = await this.#actor.send('release', this.slot, ...count);
    return Number(previous);
  }

  async set(): Promise<void> {
    await this.#actor.send('set', this.slot);
  }

  async reset(): Promise<void> {
    await this.#actor.send('reset', this.slot);
  }

  async close(): Promise<void> {
    await this.#actor.close(this.slot);
  }
}

function resultOf([field]: readonly string[]): RemoteResult {
  const status = Number(field);
  if (status === 258) return { status: 'timeout', index: -1 };
  return status >= 128 ? { status: 'abandoned', index: status - 128 } : { status: 'signaled', index: status };
}

/** Starts a peer that ends with the test, however the test ends. */
export async function startActor(kind: PeerKind, options?: PeerOptions): Promise<Actor> {
  const actor = new Actor(await Peer.start(kind, options));
  onTestFinished(() => actor.end());
  return actor;
}

/** The peers that the tests of this file share: a Node process takes a while to start. */
const shared = new Map<string, Actor>();

afterEach(async () => {
  for (const actor of shared.values()) await actor.closeAll();
});

afterAll(async () => {
  for (const actor of shared.values()) await actor.end();
});

/** Peers for all tests of a `describe`, one of each of these kinds. Tests must leave them alive, idle and owner of nothing; their objects are closed after each test. */
export function useActors(kinds: readonly PeerKind[], transport: TransportName = 'pipe'): () => readonly Actor[] {
  const keyOf = (kind: PeerKind) => `${kind} by ${transport}`;
  beforeAll(async () => {
    for (const kind of kinds) {
      if (!shared.has(keyOf(kind))) shared.set(keyOf(kind), new Actor(await Peer.start(kind, { transport })));
    }
  });
  return () => kinds.map(kind => {
    const actor = shared.get(keyOf(kind));
    if (actor === undefined) throw new Error(`the peer of kind ${kind} has not been started`);
    return actor;
  });
}

/** The same, one alone. */
export function useActor(kind: PeerKind, transport?: TransportName): () => Actor {
  const actors = useActors([kind], transport);
  return () => {
    const [actor] = actors();
    if (actor === undefined) throw new Error(`there is no peer of kind ${kind}`);
    return actor;
  };
}
