import { fstatSync, openSync } from 'node:fs';
import { inspect } from 'node:util';
import { Worker } from 'node:worker_threads';
import { Event, fromHandle, Mutex, Process, Semaphore, signalAndWaitSync, snapshot, SyncError, Timer, Waitable, waitAll, waitAllSync, waitAny, waitAnySync, type Lock } from 'waitable';
import { describeHandle, duplicateFrom, duplicateTo, SharedMemory } from 'waitable/bitness';
import { random, type Random } from '../../support/random.js';

const FOR_EVERYONE = { security: 'everyone' } as const;
/** Of waits that may succeed or not, in ms. */
const TIMEOUTS = [0, 0, 1, 5, 20] as const;

const CANARIES = 64;
const CANARY_BYTES = 16_384;
const CANARY = 0xc5;

const OWN_MEMORY = 'own memory';

type Shared = Mutex | Semaphore | Event | Timer;

/** What is found after an attack that must not be so. */
export type Findings = string[];

/**
 * A program that uses objects which all users share, one of whom writes into their memory. It does everything with them, and expects of them nothing but answers and errors of the library;
 * of all else that it has, that it is untouched: its objects of this user's own, its descriptors, its memory.
 */
export class Victim {
  readonly #findings: Findings = [];
  readonly #shared: Shared[] = [];
  readonly #made: (Waitable | SharedMemory)[] = [];
  readonly #other: Process;
  readonly #descriptors: { readonly descriptor: number; readonly inode: number }[] = [];
  readonly #canaries = Array.from({ length: CANARIES }, () => new Uint8Array(CANARY_BYTES).fill(CANARY));
  readonly #held = Mutex.create('own held');
  readonly #free = Mutex.create('own free');
  readonly #permits = Semaphore.create('own permits', { initialCount: 3, maximumCount: 5 });
  readonly #set = Event.create('own set', { manualReset: true, initialState: true });
  readonly #unset = Event.create('own unset');
  readonly #spare = Event.create('own spare');
  readonly #memory = SharedMemory.create(OWN_MEMORY, 4096);

  /** @param other - The id of another process that uses the same objects. */
  constructor(other: number) {
    this.#other = Process.open(other);
    this.#shared = open();
    this.#held.waitSync();
    new Uint8Array(this.#memory.buffer).fill(CANARY);
    for (let count = 0; count < 20; count++) {
      const descriptor = openSync('/etc/passwd', 'r');
      this.#descriptors.push({ descriptor, inode: fstatSync(descriptor).ino });
    }
  }

  /** Has threads of the library run, so that they are among the attacked. */
  async begin(): Promise<void> {
    await waitAny([this.#unset, this.#set], { timeout: 1 });
    await this.#attempt(() => waitAny([...this.#shared], { timeout: 1 }));
  }

  /** Does so many things; gives what is wrong. */
  async work(seed: number, turns: number): Promise<Findings> {
    const next = random(seed);
    for (let turn = 0; turn < turns; turn++) {
      const action = pick(ACTIONS, next);
      await this.#attempt(() => action(this, next));
    }
    this.#look();
    return this.#findings.splice(0);
  }

  async #attempt(action: () => unknown): Promise<void> {
    try {
      await action();
    } catch (error) {
      // Two objects may have become one, which a wait for all refuses as arguments.
      const isTold = error instanceof SyncError || (error as { code?: unknown }).code?.toString().startsWith('ERR_') === true;
      if (!isTold || (error as Error).message === '') this.#findings.push(String((error as Error).stack ?? error));
    }
  }

  /** At all that nobody but this user may touch. */
  #look(): void {
    const expectEqual = (what: string, found: unknown, expected: unknown) => {
      if (found !== expected) this.#findings.push(`${what}: ${String(found)} instead of ${String(expected)}`);
    };
    for (const { descriptor, inode } of this.#descriptors) {
      let found: number | undefined;
      try {
        found = fstatSync(descriptor).ino;
      } catch { /* it is not open */ }
      expectEqual(`descriptor ${descriptor}`, found, inode);
    }
    this.#canaries.forEach((canary, index) => expectEqual(`canary ${index}`, canary.every(byte => byte === CANARY), true));
    expectEqual('own memory', new Uint8Array(this.#memory.buffer).every(byte => byte === CANARY), true);
    const statusOf = (object: Waitable) => object.waitSync(0).status;
    expectEqual('own held', statusOf(this.#held), 'signaled');
    this.#held.release();
    expectEqual('own free', statusOf(this.#free), 'signaled');
    this.#free.release();
    expectEqual('own set', statusOf(this.#set), 'signaled');
    expectEqual('own unset', statusOf(this.#unset), 'timeout');
    expectEqual('own permits', statusOf(this.#permits), 'signaled');
    expectEqual('own permits', this.#permits.release(), 2);
    expectEqual('own process', statusOf(this.#other), 'timeout');
    const made = Event.create('own new');
    expectEqual('name of a new one', made.createdNew, true);
    made.close();
  }

  #one(next: Random): Shared {
    const all = [...this.#shared, ...this.#made.filter(object => object instanceof Waitable) as Shared[]].filter(object => !object.closed);
    if (all.length > 0) return pick(all, next);
    this.#shared.splice(0, Infinity, ...open());
    // None can be had: nobody else's is as good.
    return this.#shared[0] ?? this.#spare;
  }

  #some(next: Random): Waitable[] {
    const some = new Set<Waitable>();
    for (let count = 1 + Math.floor(next() * 5); count > 0; count--) some.add(this.#one(next));
    if (next() < 0.3) some.add(this.#unset);
    return [...some];
  }

  /** Gives back what a wait has taken; a mutex that was taken stays held now and then. */
  #giveBack(object: Waitable | undefined, next: Random): void {
    if (object instanceof Mutex && next() < 0.9) object.release();
    if (object instanceof Semaphore) object.release();
  }

  #use(next: Random): void {
    const object = this.#one(next);
    const timeout = pick(TIMEOUTS, next);
    if (object.waitSync(timeout).status !== 'timeout') this.#giveBack(object, next);
    if (object instanceof Event) {
      if (next() < 0.5) object.set();
      else object.reset();
    }
    if (object instanceof Timer) {
      if (next() < 0.3) object.cancel();
      else object.set(next() < 0.5 ? Math.floor(next() * 3) : new Date(Date.now() + next() * 3), { period: Math.floor(next() * 3) });
    }
    if (object instanceof Mutex) while (next() < 0.3) object.release();
  }

  async #useAsync(next: Random): Promise<void> {
    const object = this.#one(next);
    const timeout = pick(TIMEOUTS, next);
    if (object instanceof Mutex || object instanceof Semaphore) {
      const lock = next() < 0.3 ? object.tryAcquire() : await (object as { acquire(options: { timeout: number }): Promise<Lock> }).acquire({ timeout });
      await new Promise(setImmediate);
      lock?.release();
    } else {
      await object.wait({ timeout });
    }
  }

  #waitForMany(next: Random): void {
    const objects = this.#some(next);
    const all = next() < 0.5;
    const { status, object } = (all ? waitAllSync : waitAnySync)(objects, pick(TIMEOUTS, next));
    if (status !== 'timeout') for (const taken of all ? objects : [object]) this.#giveBack(taken, next);
  }

  async #waitForManyAsync(next: Random): Promise<void> {
    const { locks } = await (next() < 0.5 ? waitAll : waitAny)(this.#some(next), { timeout: pick(TIMEOUTS, next) });
    for (const lock of locks) lock.release();
  }

  async #runExclusive(next: Random): Promise<void> {
    const object = this.#one(next);
    if (object instanceof Mutex) await object.runExclusive(() => new Promise(setImmediate), { timeout: pick(TIMEOUTS, next) });
  }

  #signalAndWait(next: Random): void {
    const [first, second] = [this.#one(next), this.#one(next)];
    if (!(first instanceof Timer)) signalAndWaitSync(first, second, pick(TIMEOUTS, next));
  }

  #open(next: Random): void {
    const shared = pick(MAKERS, next)(next);
    if (shared !== undefined) this.#made.push(shared);
    if (this.#made.length > 12) this.#made.splice(0, 6).forEach(object => object.close());
  }

  #close(next: Random): void {
    if (next() < 0.2) this.#shared.splice(0).forEach(object => object.close());
    else this.#made.pop()?.close();
  }

  #inspect(next: Random): void {
    const object = this.#one(next);
    snapshot();
    describeHandle(object.handle);
    inspect(object);
    JSON.stringify(object);
    const copy = fromHandle(object.constructor as typeof Mutex, object.handle);
    duplicateTo(this.#other, object);
    duplicateFrom(object.constructor as typeof Mutex, this.#other, object.handle).close();
    copy.close();
  }

  #useMemory(next: Random): void {
    const memory = SharedMemory.create('Global\\memory', 4096, FOR_EVERYONE);
    new Uint8Array(memory.buffer)[Math.floor(next() * 4096)] = 1;
    memory.close();
    SharedMemory.tryOpen('Global\\memory', 64)?.close();
  }

  /** A thread that ends with locks in its hands: the system goes through its robust list, which is in that memory. */
  async #endOfThread(): Promise<void> {
    const worker = new Worker(`import(${JSON.stringify(import.meta.url)}).then(({ open }) => { for (const object of open()) try { object.waitSync(0); } catch {} process.exit(); })`, { eval: true });
    await new Promise(resolve => worker.once('exit', resolve).once('error', resolve));
  }

  static readonly actions: readonly [weight: number, action: Action][] = [
    [10, (victim, next) => victim.#use(next)],
    [5, (victim, next) => victim.#useAsync(next)],
    [4, (victim, next) => victim.#waitForMany(next)],
    [3, (victim, next) => victim.#waitForManyAsync(next)],
    [1, (victim, next) => victim.#runExclusive(next)],
    [1, (victim, next) => victim.#signalAndWait(next)],
    [4, (victim, next) => victim.#open(next)],
    [2, (victim, next) => victim.#close(next)],
    [1, (victim, next) => victim.#inspect(next)],
    [1, (victim, next) => victim.#useMemory(next)],
    [0.1, victim => victim.#endOfThread()],
  ];
}

type Action = (victim: Victim, next: Random) => unknown;

const ACTIONS = Victim.actions.flatMap(([weight, action]) => Array<Action>(weight * 10).fill(action));

/** The objects that all users share. */
export function open(): Shared[] {
  const made: Shared[] = [];
  for (const make of [
    () => Mutex.create('Global\\mutex', FOR_EVERYONE), () => Mutex.create('Global\\mutex 2', FOR_EVERYONE), () => Semaphore.create('Global\\semaphore', { initialCount: 2, maximumCount: 5, ...FOR_EVERYONE }),
    () => Event.create('Global\\auto', FOR_EVERYONE), () => Event.create('Global\\manual', { manualReset: true, ...FOR_EVERYONE }), () => Timer.create('Global\\timer', FOR_EVERYONE),
    () => Timer.create('Global\\manual timer', { manualReset: true, ...FOR_EVERYONE }),
  ]) {
    try {
      made.push(make());
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
    }
  }
  return made;
}

const MAKERS: readonly ((next: Random) => Shared | SharedMemory | undefined)[] = [
  next => Mutex.create(nameFrom(next), { initiallyOwned: next() < 0.5, ...FOR_EVERYONE }),
  next => Semaphore.create(nameFrom(next), { initialCount: 1, maximumCount: 9, ...FOR_EVERYONE }),
  next => Event.create(nameFrom(next), { manualReset: next() < 0.5, initialState: next() < 0.5, ...FOR_EVERYONE }),
  next => Timer.create(nameFrom(next), { manualReset: next() < 0.5, ...FOR_EVERYONE }),
  next => SharedMemory.create(nameFrom(next), 64, FOR_EVERYONE),
  next => Mutex.tryOpen(nameFrom(next)),
  next => Event.tryOpen(nameFrom(next)),
];

function nameFrom(next: Random): string {
  return `Global\\${pick(['mutex', 'semaphore', 'auto', 'timer', 'memory', 'a', 'b', 'c', 'd', 'e'], next)}`;
}

function pick<Value>(values: readonly Value[], next: Random): Value {
  return values[Math.floor(next() * values.length)] as Value;
}
