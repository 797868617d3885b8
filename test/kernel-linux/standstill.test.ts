import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { expect, test, describe } from 'vitest';
import { PATIENCE } from '../support/patience.js';
import { makeFolder, Program } from './support.js';

/** Makes `arm(k, when)`: the process stops itself at its k-th atomic operation, before or after it takes effect, and does the rest when it is continued. */
const STOP_AT = `
const real = { ...Object.fromEntries(Object.getOwnPropertyNames(Atomics).map(name => [name, Atomics[name]])) };
scope.arm = (at, when) => {
  let count = 0;
  for (const name of ['store', 'compareExchange', 'exchange', 'add', 'and', 'or']) {
    Atomics[name] = (...values) => {
      const stops = ++count === at;
      if (stops && when === 'before') process.kill(process.pid, 'SIGSTOP');
      const result = real[name](...values);
      if (stops && when === 'after') process.kill(process.pid, 'SIGSTOP');
      return result;
    };
  }
};
scope.disarm = () => Object.assign(Atomics, real);
`;

/** Whether the program comes to a standstill; else it has answered. */
async function standsStill({ child }: Program, answer: Promise<unknown>): Promise<boolean> {
  const begin = performance.now();
  const settled = answer.then(() => true, () => true);
  while (performance.now() - begin < PATIENCE) {
    if (await Promise.race([settled, setImmediate(false)])) return false;
    if (readFileSync(`/proc/${child.pid}/stat`, 'utf8').includes(') T ')) return true;
  }
  throw new Error('it neither stops nor answers');
}

/** More than a wait for all has. */
const MOST_STEPS = 60;

const MAKE = `
kept.objects = [Mutex.create('m' + n), Semaphore.create('s' + n, { initialCount: 6, maximumCount: 9 }), Event.create('e' + n, { initialState: true }), Timer.create('t' + n), Event.create('f' + n, { manualReset: true, initialState: true })];
kept.objects[3].set(0);
(kept.all ??= []).push(...kept.objects);
`;

/** A wait thread, once it is there, serves all waits for any. To start one takes a section, and so does the close of what is collected: nothing is. */
const WAIT_THREAD = `
kept.never = Event.create();
kept.pending = kept.never.wait();
kept.started = Event.create();
const started = kept.started.wait();
kept.started.set();
await started;
`;

/** All calls that try, or have a time-out, and those that give something; says how many permits it has taken. */
const TRY_ALL = `
const [mutex, semaphore, event, timer, manual] = kept.objects;
let taken = 0;
for (const timeout of [0, 20]) {
  if (mutex.waitSync(timeout).status !== 'timeout') mutex.release();
  if (semaphore.waitSync(timeout).status !== 'timeout') taken++;
  timer.waitSync(timeout);
  const { index } = waitAnySync([mutex, semaphore], timeout);
  if (index === 0) mutex.release();
  if (index === 1) taken++;
  if (waitAllSync([mutex, semaphore], timeout).status !== 'timeout') mutex.release(), taken++;
}
mutex.tryAcquire()?.release();
await mutex.acquire({ timeout: 20 }).then(lock => lock.release(), error => {
  if (!(error instanceof TimeoutError)) throw error;
});
if (manual.waitSync(0).status !== 'signaled') throw new Error('an event that stays set is not set');
semaphore.release();
event.set();
return taken;
`;

describe.each(['before', 'after'] as const)('while a process stands still %s any atomic operation of a wait for all', when => {
  test('tries and time-outs of others come back, and nothing is lost', { timeout: 8 * PATIENCE }, async () => {
    const folder = makeFolder();
    const stopped = new Program(folder, STOP_AT);
    const other = new Program(folder);
    await stopped.run("kept.witness = Mutex.create('witness')");
    await other.run(WAIT_THREAD);
    let stops = true as boolean;
    for (let step = 1; stops && step < MOST_STEPS; step++) {
      const n = `const n = ${step};`;
      await stopped.run(n + MAKE);
      await other.run(n + MAKE.replace('.set(0)', ''));
      const answer = stopped.run(`arm(${step}, '${when}'); try { return waitAllSync(kept.objects, 0).status } finally { disarm() }`);
      stops = await standsStill(stopped, answer);
      if (!stops) break;
      const taken = await other.run(TRY_ALL) as number;
      stopped.child.kill('SIGCONT');
      const status = await answer;
      await stopped.run(status === 'timeout' ? '' : 'kept.objects[0].release()');
      expect(await other.run(`
        const [mutex, semaphore, event, timer] = kept.objects;
        let permits = 0;
        while (semaphore.waitSync(0).status === 'signaled') permits++;
        event.waitSync(0);
        const result = [mutex.waitSync(0).status, permits, event.waitSync(0).status, timer.waitSync(0).status];
        mutex.release();
        return result;
      `), `stopped ${when} step ${step}`).toEqual(['signaled', permitsLeft(taken, status), 'timeout', status === 'signaled' ? 'timeout' : expect.any(String)]);
    }
    expect(stops).toBe(false);
  });
});

/** Six at first, and one was given. */
function permitsLeft(taken: number, status: unknown): number {
  return 7 - taken - (status === 'timeout' ? 0 : 1);
}

test('an asynchronous wait for what a process that stands still is taking goes on when that is killed', { timeout: 4 * PATIENCE }, async () => {
  const folder = makeFolder();
  const stopped = new Program(folder, STOP_AT);
  const other = new Program(folder);
  const make = "kept.mutex = Mutex.create('m'); kept.event = Event.create('e', { initialState: true });";
  await stopped.run(make);
  await other.run(WAIT_THREAD + make);
  // First it takes the namespace mutex, then it says that it marks, then it marks the mutex.
  const answer = stopped.run("arm(3, 'after'); return waitAllSync([kept.mutex, kept.event], 0).status;");
  answer.catch(() => undefined); // it is killed
  expect(await standsStill(stopped, answer)).toBe(true);
  expect(await other.run('return kept.mutex.tryAcquire() === undefined')).toBe(true);
  await other.run(`kept.lock = kept.mutex.acquire({ timeout: ${PATIENCE} });`);
  await stopped.kill();
  expect(await other.run('const lock = await kept.lock; lock.release(); return kept.event.waitSync(0).status')).toBe('signaled');
});

test('while a process stands still as it creates an object, waits of others end by their time-outs', { timeout: 4 * PATIENCE }, async () => {
  const folder = makeFolder();
  const stopped = new Program(folder, STOP_AT);
  const other = new Program(folder);
  await stopped.run("kept.witness = Mutex.create('witness')");
  await other.run(WAIT_THREAD + "kept.mutex = Mutex.create('m'); kept.timer = Timer.create(); kept.timer.set(0);");
  const answer = stopped.run("arm(2, 'after'); Mutex.create('n'); disarm();");
  expect(await standsStill(stopped, answer)).toBe(true);
  expect(await other.run(`
    const { mutex, timer } = kept;
    const result = [mutex.waitSync(0).status, timer.waitSync(0).status, timer.waitSync(20).status, waitAllSync([mutex, timer], 0).status, waitAllSync([mutex, timer], 20).status];
    result.push((await timer.wait({ timeout: 20 })).status);
    mutex.release();
    return result;
  `)).toEqual(['signaled', 'timeout', 'timeout', 'timeout', 'timeout', 'timeout']);
  stopped.child.kill('SIGCONT');
  await answer;
  expect(await other.run('return waitAllSync([kept.mutex, kept.timer], 0).status')).toBe('signaled');
});
