import { Event, Mutex, Semaphore, signalAndWaitSync, SyncError, waitAllSync, waitAnySync, type Waitable, type WaitResult } from 'waitable';
import { Peer, PeerError, type PeerKind } from '../../stress/peers/peer.js';
import {
  DONE, ENDED, KIND_MISMATCH, LIMIT_EXCEEDED, NOT_FOUND, NOT_OWNER, opened, previousCount, TIMEOUT, won, type Action, type Initial, type Kind, type Outcome,
} from './actions.js';

/** How long a wait blocks that nobody ends, in ms: longer than any program takes. */
const BLOCKED_FOR = 10_000;

/** Somebody real. Names are given as the system is to see them. */
export interface Player {
  perform(action: Action, name: string): Promise<Outcome>;
  closeAll(): Promise<void>;
}

/** This thread: the library, called directly. */
export class MainPlayer implements Player {
  readonly #slots = new Map<number, Waitable>();

  perform(action: Action, name: string): Promise<Outcome> {
    try {
      return Promise.resolve(this.#perform(action, name));
    } catch (error) {
      if (error instanceof SyncError || error instanceof TypeError) return Promise.resolve(`${error.name} ${(error as { code?: string }).code}`);
      throw error;
    }
  }

  closeAll(): Promise<void> {
    for (const object of this.#slots.values()) object.close();
    this.#slots.clear();
    return Promise.resolve();
  }

  #perform(action: Action, name: string): Outcome {
    switch (action.verb) {
      case 'create': return this.#fill(action.slot, create(name, action.initial));
      case 'open': return this.#fill(action.slot, open(name, action.kind));
      case 'close':
        this.#object(action.slot).close();
        this.#slots.delete(action.slot);
        return DONE;
      case 'wait': return outcomeOf(this.#object(action.slots[0]).waitSync(0));
      case 'waitAny': return outcomeOf(waitAnySync(action.slots.map(slot => this.#object(slot)), 0));
      case 'waitAll': return outcomeOf(waitAllSync(action.slots.map(slot => this.#object(slot)), 0));
      case 'signal': return signal(this.#object(action.slot), action.count);
      case 'signalAndWait': return outcomeOf(signalAndWaitSync(this.#object(action.slot), this.#object(action.awaited), 0));
      case 'reset': {
        const object = this.#object(action.slot);
        if (object instanceof Event) object.reset();
        return DONE;
      }
      case 'end': throw new Error('the tests themselves do not end');
    }
  }

  #fill(slot: number, object: Waitable): Outcome {
    this.#slots.set(slot, object);
    return opened(object.createdNew);
  }

  #object(slot: number | undefined): Mutex | Semaphore | Event {
    const object = this.#slots.get(slot ?? -1);
    if (object instanceof Mutex || object instanceof Semaphore || object instanceof Event) return object;
    throw new Error(`slot ${slot} is empty`);
  }
}

function create(name: string, initial: Initial): Waitable {
  switch (initial.kind) {
    case 'mutex': {
      const { initiallyOwned } = initial;
      return Mutex.create(name, { initiallyOwned });
    }
    case 'semaphore': {
      const { initialCount, maximumCount } = initial;
      return Semaphore.create(name, { initialCount, maximumCount });
    }
    case 'event': {
      const { manualReset, initialState } = initial;
      return Event.create(name, { manualReset, initialState });
    }
  }
}

function open(name: string, kind: Kind): Waitable {
  switch (kind) {
    case 'mutex': return Mutex.open(name);
    case 'semaphore': return Semaphore.open(name);
    case 'event': return Event.open(name);
  }
}

function signal(object: Mutex | Semaphore | Event, count: number): Outcome {
  if (object instanceof Semaphore) return previousCount(object.release(count));
  if (object instanceof Mutex) object.release();
  else object.set();
  return DONE;
}

function outcomeOf({ status, index }: WaitResult): Outcome {
  return status === 'timeout' ? TIMEOUT : won(status, index);
}

/** Another thread, through the library, or another process, through the library or through bare system calls. Each of its deaths is followed by a new life. */
export class PeerPlayer implements Player {
  readonly #kind: PeerKind;
  /** The kind of object in each slot. */
  readonly #slots = new Map<number, Kind>();
  readonly #blocked = new Set<Promise<Outcome>>();
  #peer: Promise<Peer>;

  constructor(kind: PeerKind) {
    this.#kind = kind;
    this.#peer = this.#start();
  }

  async perform(action: Action, name: string): Promise<Outcome> {
    const peer = await this.#peer;
    if (action.verb === 'end') return await this.#end(peer, action.how);
    const outcome = this.#send(peer, action, name).catch(outcomeOfError);
    if (!('blocking' in action && action.blocking)) return await outcome;
    this.#blocked.add(outcome);
    outcome.finally(() => this.#blocked.delete(outcome)).catch(() => undefined);
    return await outcome;
  }

  async closeAll(): Promise<void> {
    await Promise.allSettled(this.#blocked);
    const peer = await this.#peer;
    for (const slot of this.#slots.keys()) await peer.send('close', slot);
    this.#slots.clear();
  }

  async leave(): Promise<void> {
    await (await this.#peer).kill();
  }

  #start(): Promise<Peer> {
    const peer = Peer.start(this.#kind);
    peer.catch(() => undefined); // whoever needs it next meets the error
    return peer;
  }

  async #end(peer: Peer, how: 'kill' | 'die' | 'exit'): Promise<Outcome> {
    // What becomes of the handles of a thread that is terminated from outside is up to the system (README, limits). What it owns is not.
    if (this.#kind === 'thread' && how === 'kill') await this.closeAll();
    await peer[how]();
    this.#slots.clear();
    this.#peer = this.#start();
    return ENDED;
  }

  async #send(peer: Peer, action: Exclude<Action, { verb: 'end' }>, name: string): Promise<Outcome> {
    switch (action.verb) {
      case 'create': {
        const { kind, ...state } = action.initial;
        const [createdNew] = await peer.send('create', kind, action.slot, encodeURIComponent(name), ...Object.values(state).map(Number));
        this.#slots.set(action.slot, kind);
        return opened(createdNew === '1');
      }
      case 'open':
        await peer.send('open', action.kind, action.slot, encodeURIComponent(name));
        this.#slots.set(action.slot, action.kind);
        return opened(false);
      case 'close':
        await peer.send('close', action.slot);
        this.#slots.delete(action.slot);
        return DONE;
      case 'wait':
      case 'waitAny':
      case 'waitAll': {
        const [status] = await peer.send(COMMANDS[action.verb], action.blocking ? BLOCKED_FOR : 0, ...action.slots);
        return outcomeOfStatus(Number(status));
      }
      case 'signal': return await this.#signal(peer, action.slot, action.count);
      case 'reset':
        await peer.send('reset', action.slot);
        return DONE;
      case 'signalAndWait': throw new Error('peers have no such command');
    }
  }

  async #signal(peer: Peer, slot: number, count: number): Promise<Outcome> {
    switch (this.#slots.get(slot)) {
      case 'semaphore': {
        const [previous] = await peer.send('release', slot, count);
        return previousCount(Number(previous));
      }
      case 'mutex':
        await peer.send('release', slot);
        return DONE;
      default:
        await peer.send('set', slot);
        return DONE;
    }
  }
}

const COMMANDS = { wait: 'wait', waitAny: 'wait-any', waitAll: 'wait-all' } as const;

function outcomeOfStatus(status: number): Outcome {
  if (status === 258) return TIMEOUT;
  return status >= 128 ? won('abandoned', status - 128) : won('signaled', status);
}

/** What the library makes of the same error numbers. */
const ERRORS: ReadonlyMap<number | undefined, Outcome> = new Map([[2, NOT_FOUND], [6, KIND_MISMATCH], [288, NOT_OWNER], [298, LIMIT_EXCEEDED]]);

function outcomeOfError(error: unknown): Outcome {
  const outcome = error instanceof PeerError ? ERRORS.get(error.errno) ?? error.message : undefined;
  if (outcome === undefined) throw error;
  return outcome;
}
