import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, vi } from 'vitest';
import { Event, Semaphore, type Mutex, type MutexLock } from 'waitable';
import { PATIENCE } from '../support/patience.js';

/** For waits that have to succeed. */
export const PATIENT = { timeout: PATIENCE } as const;

export function collectGarbage(): void {
  if (globalThis.gc === undefined) throw new Error('the tests need --expose-gc');
  globalThis.gc();
}

/** Everything that is due in the event loop has its turn. */
export function turnOfLoop(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}

/**
 * To the wait thread and back. Whatever that thread was asked to wait for before, and could have taken, has been taken then, and the news of it has come: a thread
 * takes the objects that it was first asked for first.
 */
export async function roundTrip(): Promise<void> {
  using event = Event.create();
  const served = event.wait(PATIENT);
  event.set();
  await served;
}

/** Asserts that waits pend, although whatever there was to take could have been taken. */
export async function expectPending(...waits: readonly Promise<unknown>[]): Promise<void> {
  const settled: number[] = [];
  waits.forEach((wait, index) => {
    const note = () => settled.push(index);
    wait.then(note, note);
  });
  await roundTrip();
  await turnOfLoop();
  expect(settled).toEqual([]);
}

/** A lock that a wait thread owns for this thread: won when this thread was not the one to try. */
export async function acquireThroughWaitThread(mutex: Mutex): Promise<MutexLock> {
  const first = await mutex.acquire(PATIENT);
  const second = mutex.acquire(PATIENT);
  first.release();
  return await second;
}

/** What a promise comes to, as a value. */
export async function reasonOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (reason) {
    return reason;
  }
  throw new Error('the promise was fulfilled');
}

/** Takes all permits there are, for good; gives how many. */
export function drain(semaphore: Semaphore): number {
  let count = 0;
  while (semaphore.waitSync(0).status === 'signaled') count++;
  return count;
}

/** A promise, and what fulfils it. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => undefined;
  const opened = new Promise<void>(resolve => open = resolve);
  return { opened, open: () => open() };
}

/** Closes everything in it, the last first. */
export class Belongings implements Disposable {
  readonly #items: Disposable[] = [];

  keep<Item extends Disposable>(item: Item): Item {
    this.#items.push(item);
    return item;
  }

  [Symbol.dispose](): void {
    for (const item of this.#items.splice(0).reverse()) item[Symbol.dispose]();
  }
}

/** The same numbers in each run: races differ by what is done in which order, and a failure can be run again. */
export function dice(seed: number): (sides: number) => number {
  let state = seed;
  return sides => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor(state / 2 ** 32 * sides);
  };
}

/** Shuffles in place. */
export function shuffle<Item>(items: Item[], roll: (sides: number) => number): Item[] {
  for (let last = items.length - 1; last > 0; last--) {
    const other = roll(last + 1);
    [items[last], items[other]] = [items[other] as Item, items[last] as Item];
  }
  return items;
}

/** The wait threads that run, and all that begin during the test, seen from outside the library: no other worker is kept from keeping the process alive. */
export function watchWaitThreads(): { readonly workers: ReadonlySet<Worker> } {
  const workers = new Set(runningWaitThreads);
  watching.add(workers);
  onTestFinished(() => {
    watching.delete(workers);
  });
  return { workers };
}

const runningWaitThreads = new Set<Worker>();
const watching = new Set([runningWaitThreads]);
const unref = Reflect.get(Worker.prototype, 'unref');
vi.spyOn(Worker.prototype, 'unref').mockImplementation(function (this: Worker) {
  for (const set of watching) set.add(this);
  this.once('exit', () => runningWaitThreads.delete(this));
  Reflect.apply(unref, this, []);
});

function fixture(name: string): URL {
  return new URL(`fixtures/${name}.js`, import.meta.url);
}

export interface End {
  readonly code: number | null;
  readonly errors: string;
}

/** Something that runs beside the test, and tells by lines how far it is. It ends with the test, however the test ends. */
export interface Companion {
  /** The next line. */
  line(): Promise<string>;
  tell(line: string): void;
  readonly ended: Promise<End>;
  kill(): Promise<unknown>;
}

/** Lines that have come and nobody has asked for, or the other way round. */
class Lines {
  readonly #lines: string[] = [];
  readonly #readers: { resolve(line: string): void; reject(error: Error): void }[] = [];
  #end: Error | undefined;

  add(line: string): void {
    const reader = this.#readers.shift();
    if (reader === undefined) this.#lines.push(line);
    else reader.resolve(line);
  }

  end(error: Error): void {
    this.#end = error;
    for (const reader of this.#readers.splice(0)) reader.reject(error);
  }

  next(): Promise<string> {
    const line = this.#lines.shift();
    if (line !== undefined) return Promise.resolve(line);
    if (this.#end !== undefined) return Promise.reject(this.#end);
    return new Promise((resolve, reject) => this.#readers.push({ resolve, reject }));
  }
}

/** Starts a script of `fixtures/`, or any other by its path, in a Node process of this bitness. */
export function startProcess(script: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Companion {
  const file = isAbsolute(script) ? script : fileURLToPath(fixture(script));
  const child = spawn(process.execPath, [file, ...args], { stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true, env: { ...process.env, ...env } });
  child.stdin.on('error', () => undefined); // it may have ended: `ended` tells
  const lines = new Lines();
  createInterface({ input: child.stdout, crlfDelay: Infinity }).on('line', line => lines.add(line));
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => errors += text);
  const ended = endOf(child, () => errors);
  void ended.then(({ code }) => lines.end(new Error(`the process has ended with exit code ${code}: ${errors}`)));
  const kill = () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    return ended;
  };
  onTestFinished(async () => {
    await kill();
  });
  return { line: () => lines.next(), tell: line => child.stdin.write(`${line}\n`), ended, kill };
}

async function endOf(child: ChildProcess, errors: () => string): Promise<End> {
  const [code] = await once(child, 'close') as [number | null];
  return { code, errors: errors() };
}

/** Starts a script of `fixtures/` in a worker thread of this process. */
export function startWorker(script: string, args: readonly string[] = [], workerData?: unknown): Companion {
  const worker = new Worker(fixture(script), { argv: [...args], workerData });
  const lines = new Lines();
  worker.on('message', (line: string) => lines.add(line));
  let errors = '';
  worker.on('error', error => errors += String(error));
  const ended = new Promise<End>(resolve => worker.once('exit', code => resolve({ code, errors })));
  void ended.then(({ code }) => lines.end(new Error(`the thread has ended with exit code ${code}: ${errors}`)));
  const kill = async () => {
    await worker.terminate();
    return ended;
  };
  onTestFinished(async () => {
    await kill();
  });
  return { line: () => lines.next(), tell: line => worker.postMessage(line), ended, kill };
}
