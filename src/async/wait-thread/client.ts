import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads';
import type { Failure, Handle, ObjectKind } from '../../kernel/kernel.js';
import { atExit, notAtExit } from '../../kernel/at-exit.js';
import { startTimer, stopTimer } from '../../kernel/runtime.js';
import { kernel } from '../../kernel/select.js';
import { hasIdleThread, hasNoThreads } from './idle-copies.js';
import { AWAKE, CANCELS, CONTROL_BYTES, ERRNO, IN_KERNEL, PROCESSED, ON_WORD, SLEEPING, THREAD, type Command, type Commands, type Reply, type WaitThreadData } from './protocol.js';
import { waitThreadCode } from '../wait-thread-location.js';

/** A thread with nothing to do ends after this time, in ms. */
const IDLE_TIME = 5000;
/** A command is processed within microseconds; a thread that takes longer has died. In ms. */
const REPLY_LIMIT = 5000;

/** It runs a small loop that makes little garbage. */
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 4, stackSizeMb: 1 };

function start(data: WaitThreadData): Worker {
  const code = waitThreadCode();
  const options = {
    resourceLimits: RESOURCE_LIMITS,
    name: `waitable wait thread for ${data.all ? 'all' : 'any'}`,
    // Neither from the command line nor by NODE_OPTIONS: what is preloaded into the program's own threads has no business in this one, and may never end.
    execArgv: [], env: { ...process.env, NODE_OPTIONS: undefined },
    transferList: [data.port],
  };
  if ('file' in code) return new Worker(code.file, { ...options, workerData: data });
  return new Worker(code.source, { ...options, workerData: { ...data, koffi: code.koffi }, eval: true });
}

/** An object to wait for, as the client of a wait thread sees it. */
export interface WaitedFor {
  readonly kind: ObjectKind;
  readonly owned: { readonly value: Handle };
  readonly objectState: { readonly key: number };
}

/** A request to a wait thread, and who is told of its outcome. */
export interface Waiter {
  /** As `waiterId` gives it. */
  readonly id: number;
  readonly targets: readonly WaitedFor[];
  /** The thread has nothing more of it. */
  answered(reply: Reply): void;
  /** The thread has ended, and with it the wait. */
  lost(cause: Error): void;
}

let ids = 0;

/** Unique in this JavaScript thread. */
export function waiterId(): number {
  return ++ids;
}

/** The client's side of one wait thread. */
export class WaitThread {
  /** All of this JavaScript thread. */
  static readonly #running = new Set<WaitThread>();
  /** While `together` runs: those that have commands to be sent at its end. */
  static #held: Set<WaitThread> | undefined;

  readonly all: boolean;
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #control = new Int32Array(new SharedArrayBuffer(CONTROL_BYTES));
  readonly #wake: Handle;
  readonly #waiters = new Map<number, Waiter>();
  /** How many requests watch each object. */
  readonly #watched = new Map<number, number>();
  /** The mutexes that the thread owns. */
  readonly #owned = new Set<number>();
  /** Commands given, as a 32-bit number that wraps around. */
  #given = 0;
  #unsent: Command[] = [];
  #idle: NodeJS.Timeout | undefined;
  #ended: Error | undefined;

  /** @param wake - Becomes this thread's, which closes it. */
  constructor(all: boolean, wake: Handle) {
    this.all = all;
    this.#wake = wake;
    const { port1, port2 } = new MessageChannel();
    const workerData: WaitThreadData = { port: port2, control: this.#control.buffer, wake, all, settings: kernel.settings };
    this.#worker = start(workerData);
    this.#port = port1;
    port1.on('message', (reply: Reply) => this.#receive(reply));
    // Behind the listener, which would have the port keep the process alive again. Waits do that: see `keep-alive.ts`.
    port1.unref();
    this.#worker.unref();
    this.#worker.once('error', error => this.#end(error));
    this.#worker.once('exit', code => {
      this.#end(new Error(`the wait thread ended with exit code ${code}`));
      this.#closeHandles();
    });
    atExit(WaitThread.#quitAll);
    WaitThread.#running.add(this);
  }

  /** The commands that `body` gives go to each thread in one message, which is most of what a command costs. */
  static together(body: () => void): void {
    if (WaitThread.#held !== undefined) {
      body();
      return;
    }
    const held = WaitThread.#held = new Set();
    try {
      body();
    } finally {
      WaitThread.#held = undefined;
      for (const thread of held) thread.#send();
    }
  }

  /** Requests that wait. */
  get pending(): number {
    return this.#waiters.size;
  }

  get ended(): boolean {
    return this.#ended !== undefined;
  }

  /** How many more objects one wait of the thread would have, if these came to it. */
  additional(keys: readonly number[]): number {
    return keys.reduce((sum, key) => sum + (this.#watched.has(key) ? 0 : 1), 0);
  }

  get watchedObjects(): number {
    return this.#watched.size;
  }

  owns(key: number): boolean {
    return this.#owned.has(key);
  }

  wait(waiter: Waiter): void {
    stopTimer(this.#idle);
    this.#waiters.set(waiter.id, waiter);
    for (const { objectState: { key } } of waiter.targets) this.#watched.set(key, (this.#watched.get(key) ?? 0) + 1);
    const watches = waiter.targets.map(({ owned, objectState, kind }) => ({ key: objectState.key, handle: owned.value, owning: kind === 'mutex' }));
    this.#give({ op: 'wait', id: waiter.id, watches });
  }

  /** The waiter will be told the truth: `cancelled`, or what had become of it before. */
  cancel(id: number): void {
    Atomics.add(this.#control, CANCELS, 1);
    this.#give({ op: 'cancel', id });
  }

  /** The thread does not use the waiter's handles any more when this returns. The waiter hears no more of it. */
  drop(waiter: Waiter): void {
    if (!this.#waiters.has(waiter.id)) return;
    this.cancel(waiter.id);
    // A thread that has not begun yet will find the cancel before it sleeps.
    if (Atomics.load(this.#control, THREAD) !== 0) this.#untilProcessed();
    this.#forget(waiter);
  }

  /** Has the thread release a mutex that it owns; it is done when this returns. */
  release(key: number, handle: Handle): Failure | undefined {
    this.#owned.delete(key);
    if (this.#ended !== undefined) return { errno: 0, syscall: this.#ended.message };
    this.#give({ op: 'release', key, handle });
    // Callers rely on a release being done when it returns, as in `lock.release(); mutex.waitSync(0)`.
    const processed = this.#untilProcessed();
    this.#rest();
    if (!processed) return { errno: 0, syscall: 'the wait thread does not answer' };
    const errno = Atomics.load(this.#control, ERRNO);
    return errno === 0 ? undefined : { errno, syscall: 'ReleaseMutex' };
  }

  /** Blocks until the thread has processed all commands, which come from this one JavaScript thread alone; `false` if it seems to have died. */
  #untilProcessed(): boolean {
    this.#send();
    for (let processed = Atomics.load(this.#control, PROCESSED); processed !== this.#given; processed = Atomics.load(this.#control, PROCESSED)) {
      if (this.#ended !== undefined || Atomics.wait(this.#control, PROCESSED, processed, REPLY_LIMIT) === 'timed-out') return false;
    }
    return true;
  }

  #give(command: Command): void {
    this.#given = (this.#given + 1) | 0;
    this.#unsent.push(command);
    if (WaitThread.#held === undefined) this.#send();
    else WaitThread.#held.add(this);
  }

  #send(): void {
    if (this.#unsent.length === 0) return;
    const commands: Commands = this.#unsent;
    this.#unsent = [];
    this.#port.postMessage(commands);
    this.#rouse();
  }

  #rouse(): void {
    switch (Atomics.exchange(this.#control, SLEEPING, AWAKE)) {
      case ON_WORD:
        Atomics.notify(this.#control, SLEEPING);
        break;
      case IN_KERNEL:
        if (this.all) kernel.interrupt(Atomics.load(this.#control, THREAD));
        else kernel.setEvent(this.#wake);
    }
  }

  #receive(reply: Reply): void {
    const waiter = this.#waiters.get(reply.id);
    if (waiter === undefined) return;
    if (reply.outcome === 'won') {
      const taken = this.all ? waiter.targets : waiter.targets.slice(reply.index, reply.index + 1);
      for (const { kind, objectState } of taken) if (kind === 'mutex') this.#owned.add(objectState.key);
    }
    if (reply.outcome === 'failed') kernel.learn(reply.failure);
    this.#forget(waiter);
    waiter.answered(reply);
  }

  #forget(waiter: Waiter): void {
    this.#waiters.delete(waiter.id);
    for (const { objectState: { key } } of waiter.targets) {
      const count = (this.#watched.get(key) ?? 1) - 1;
      if (count === 0) this.#watched.delete(key);
      else this.#watched.set(key, count);
    }
    this.#rest();
  }

  /** With nothing left to do, the thread ends in a while. Only this side decides so: no command can cross with an end. */
  #rest(): void {
    stopTimer(this.#idle);
    if (!this.idle) return;
    this.#idle = startTimer(() => this.quit(), IDLE_TIME).unref();
    hasIdleThread(WaitThread.endIdle);
  }

  get idle(): boolean {
    return this.#waiters.size === 0 && this.#owned.size === 0 && this.#ended === undefined;
  }

  quit(): void {
    if (this.#ended !== undefined) return;
    this.#ended = new Error('the wait thread was told to end');
    this.#stopRunning();
    stopTimer(this.#idle);
    this.#give({ op: 'quit' });
  }

  /** The thread is gone, as it was told or of itself. Node tells of an error before the exit, and of the last replies perhaps after it. */
  #end(cause: Error): void {
    this.#ended ??= cause;
    this.#stopRunning();
    stopTimer(this.#idle);
    for (let last = takeReply(this.#port); last !== undefined; last = takeReply(this.#port)) this.#receive(last);
    for (const waiter of [...this.#waiters.values()]) {
      this.#waiters.delete(waiter.id);
      waiter.lost(cause);
    }
  }

  #closeHandles(): void {
    this.#port.close();
    kernel.close(this.#wake);
    const thread = Atomics.load(this.#control, THREAD);
    if (thread !== 0) kernel.close(thread);
  }

  #stopRunning(): void {
    WaitThread.#running.delete(this);
    if (WaitThread.#running.size > 0) return;
    notAtExit(WaitThread.#quitAll);
    hasNoThreads(WaitThread.endIdle);
  }

  /** Does at once what the time does with threads that have nothing to do. */
  static readonly endIdle = (): void => {
    for (const thread of [...WaitThread.#running]) if (thread.idle) thread.quit();
  };

  /**
   * A thread that sleeps in the system would hold up `process.exit()`, and the end of a worker that uses the library.
   * One that loads koffi yet must not be terminated in it, as happens next: koffi would abort the process.
   */
  static readonly #quitAll = (): void => {
    const threads = [...WaitThread.#running];
    for (const thread of threads) thread.quit();
    for (const thread of threads) thread.#untilBegun();
  };

  #untilBegun(): void {
    Atomics.wait(this.#control, THREAD, 0, REPLY_LIMIT);
  }
}

function takeReply(port: MessagePort): Reply | undefined {
  return (receiveMessageOnPort(port) as { message: Reply } | undefined)?.message;
}
