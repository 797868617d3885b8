import { receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import type { Handle } from '../../kernel/kernel.js';
import { kernel } from '../../kernel/select.js';
import { WAIT_ABANDONED_0, WAIT_FAILED, WAIT_INTERRUPTED, WAIT_OBJECT_0, WAIT_TIMEOUT } from '../../kernel/status.js';
import { AWAKE, CANCELS, ERRNO, IN_KERNEL, PROCESSED, ON_WORD, SLEEPING, THREAD, type Command, type Commands, type Reply, type WaitThreadData, type Watch } from './protocol.js';

/**
 * No sleep is longer, in ms. Wake-ups are not missed (see SLEEPING), but a thread that sleeps in the system cannot be terminated: `worker.terminate()` of the
 * user's own thread, which runs nothing any more that could wake this one, would hang.
 */
const LONGEST_SLEEP = 250;

interface Request {
  readonly id: number;
  readonly watches: readonly Watch[];
}

/** One kernel object that requests wait for, first come, first served. */
interface Queue {
  readonly owning: boolean;
  readonly requests: Map<number, { readonly request: Request; readonly index: number }>;
}

/**
 * The life of a wait thread: it takes commands, sleeps in the kernel on all that it was asked to wait for, and tells who won.
 *
 * Two kinds of thread: one waits for *any* object of many requests, the other for *all* objects of one request at a time.
 *
 * Where wait threads take (see `Kernel.takenBy`), each is the owner of the mutexes that it took until it is told to release them. Where the caller takes, a thread
 * only watches: it says `ready` once, has forgotten the request then, and is asked anew if the caller was not quick enough.
 *
 * The kernel lets a thread take a mutex again that it owns. So a queue whose mutex this thread owns is left out of its waits: the next request in it is served
 * after the release. Only this thread can know that in time, since the news of a win is still on its way to the client.
 */
export class WaitLoop {
  readonly #port: MessagePort;
  readonly #control: Int32Array;
  readonly #wake: Handle;
  readonly #all: boolean;
  readonly #takes = kernel.takenBy === 'wait-thread';

  /** By key, in the order in which they were first asked for; that order decides if several are signalled. */
  readonly #queues = new Map<number, Queue>();
  readonly #requests = new Map<number, Request>();
  readonly #owned = new Set<number>();
  #quitting = false;
  /** How many cancels it has heard of. */
  #cancels = 0;
  /** Whether nothing that it waits for has been cancelled without its knowledge. */
  readonly #allWanted = (): boolean => Atomics.load(this.#control, CANCELS) === this.#cancels;

  /** What the thread sleeps on, the wake event first; rebuilt when the queues have changed. */
  #handles: Handle[] = [];
  #waitedFor: Queue[] = [];
  #changed = true;

  constructor({ port, control, wake, all, settings }: WaitThreadData) {
    kernel.adopt(settings);
    this.#port = port;
    this.#control = new Int32Array(control);
    this.#wake = wake;
    this.#all = all;
  }

  run(): void {
    const thread = kernel.openCurrentThread();
    Atomics.store(this.#control, THREAD, thread);
    Atomics.notify(this.#control, THREAD);
    for (;;) {
      const sleep = this.#somethingToWaitFor() ? IN_KERNEL : ON_WORD;
      Atomics.store(this.#control, SLEEPING, sleep);
      const commanded = this.#process();
      if (this.#quitting) break;
      if (!commanded) {
        if (sleep === ON_WORD) Atomics.wait(this.#control, SLEEPING, ON_WORD, LONGEST_SLEEP);
        else if (this.#all) this.#sleepForAll();
        else this.#sleepForAny();
      }
      Atomics.store(this.#control, SLEEPING, AWAKE);
    }
  }

  #somethingToWaitFor(): boolean {
    if (this.#all) return this.#nextForAll() !== undefined;
    if (this.#changed) this.#rebuild();
    return this.#waitedFor.length > 0;
  }

  /** Takes all commands there are; tells whether there was one. */
  #process(): boolean {
    let any = false;
    for (let received = receive(this.#port); received !== undefined; received = receive(this.#port)) {
      any = true;
      for (const command of received) this.#carryOut(command);
      Atomics.add(this.#control, PROCESSED, received.length);
      Atomics.notify(this.#control, PROCESSED);
    }
    return any;
  }

  #carryOut(command: Command): void {
    switch (command.op) {
      case 'wait':
        this.#enter({ id: command.id, watches: command.watches });
        break;
      case 'cancel':
        this.#cancel(command.id);
        break;
      case 'release':
        this.#release(command.key, command.handle);
        break;
      case 'quit':
        this.#quitting = true;
    }
  }

  /** If it is not there, it has won or failed, and that reply is on its way. */
  #cancel(id: number): void {
    this.#cancels = (this.#cancels + 1) | 0;
    const request = this.#requests.get(id);
    if (request === undefined) return;
    this.#leave(id);
    if (!this.#takes) {
      // The client has given up the turns. The next wait for one of them has its age from its own beginning: this thread
      // would take it for the rest of this one.
      for (const { handle } of request.watches) kernel.stopPreferring(handle);
    }
    this.#reply({ id, outcome: 'cancelled' });
  }

  #enter(request: Request): void {
    this.#requests.set(request.id, request);
    this.#changed = true;
    request.watches.forEach(({ key, owning }, index) => {
      let queue = this.#queues.get(key);
      if (queue === undefined) this.#queues.set(key, queue = { owning, requests: new Map() });
      // A request that names one object twice waits for it once, at the lower index.
      if (!queue.requests.has(request.id)) queue.requests.set(request.id, { request, index });
    });
  }

  #leave(id: number): void {
    const request = this.#requests.get(id);
    if (request === undefined) return;
    this.#requests.delete(id);
    this.#changed = true;
    for (const { key } of request.watches) {
      const queue = this.#queues.get(key);
      queue?.requests.delete(id);
      if (queue?.requests.size === 0) this.#queues.delete(key);
    }
  }

  #release(key: number, handle: Handle): void {
    const released = kernel.releaseMutex(handle);
    this.#owned.delete(key);
    this.#changed = true;
    Atomics.store(this.#control, ERRNO, released ? 0 : kernel.failure.errno);
  }

  #sleepForAny(): void {
    const status = this.#takes ? kernel.waitMany(this.#handles, false, LONGEST_SLEEP) : kernel.watch(this.#handles, false, LONGEST_SLEEP, this.#allWanted);
    if (status === WAIT_TIMEOUT) return;
    if (status === WAIT_FAILED) {
      this.#dropFailing();
      return;
    }
    const abandoned = status >= WAIT_ABANDONED_0;
    const at = status - (abandoned ? WAIT_ABANDONED_0 : WAIT_OBJECT_0);
    const [first] = this.#waitedFor[at - 1]?.requests.values() ?? [];
    if (first === undefined) { // the wake event
      if (!this.#takes) kernel.wait(this.#wake, 0);
      return;
    }
    this.#win(first.request, first.index, abandoned);
  }

  #rebuild(): void {
    this.#changed = false;
    this.#handles = [this.#wake];
    this.#waitedFor = [];
    for (const [key, queue] of this.#queues) {
      if (this.#owned.has(key)) continue;
      const [first] = queue.requests.values();
      const watch = first?.request.watches[first.index];
      if (watch === undefined) continue;
      // The handle of the one that is served next: its client keeps it open for it.
      this.#handles.push(watch.handle);
      this.#waitedFor.push(queue);
    }
  }

  #sleepForAll(): void {
    const next = this.#nextForAll();
    if (next === undefined) return;
    const handles = next.watches.map(({ handle }) => handle);
    const status = this.#takes ? kernel.waitAllInterruptibly(handles, LONGEST_SLEEP) : kernel.watch(handles, true, LONGEST_SLEEP);
    if (status === WAIT_TIMEOUT || status === WAIT_INTERRUPTED) return;
    if (status === WAIT_FAILED) this.#fail(next);
    else this.#win(next, 0, status >= WAIT_ABANDONED_0);
  }

  /** The oldest request that asks for no mutex which this thread owns. */
  #nextForAll(): Request | undefined {
    for (const request of this.#requests.values()) {
      if (!request.watches.some(({ key }) => this.#owned.has(key))) return request;
    }
    return undefined;
  }

  #win(request: Request, index: number, abandoned: boolean): void {
    if (!this.#takes) {
      this.#leave(request.id);
      this.#reply({ id: request.id, outcome: 'ready' });
      return;
    }
    const taken = this.#all ? request.watches : request.watches.slice(index, index + 1);
    for (const { key, owning } of taken) if (owning) this.#owned.add(key);
    this.#leave(request.id);
    this.#reply({ id: request.id, outcome: 'won', index, abandoned });
  }

  /** A wait on many fails as a whole: finds whose object it is. */
  #dropFailing(): void {
    for (const { request, index } of this.#waitedFor.flatMap(({ requests }) => [...requests.values()].slice(0, 1))) {
      const watch = request.watches[index];
      // It may head several queues, and have won or failed in one of them.
      if (watch === undefined || !this.#requests.has(request.id)) continue;
      const status = this.#takes ? kernel.wait(watch.handle, 0) : kernel.watch([watch.handle], false, 0);
      if (status === WAIT_FAILED) this.#fail(request);
      else if (status !== WAIT_TIMEOUT) this.#win(request, index, status === WAIT_ABANDONED_0);
    }
  }

  #fail(request: Request): void {
    const { failure } = kernel;
    this.#leave(request.id);
    this.#reply({ id: request.id, outcome: 'failed', failure });
  }

  #reply(reply: Reply): void {
    this.#port.postMessage(reply);
  }
}

function receive(port: MessagePort): Commands | undefined {
  return (receiveMessageOnPort(port) as { message: Commands } | undefined)?.message;
}
