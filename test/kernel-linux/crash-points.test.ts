import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { PATIENCE } from '../support/patience.js';
import { makeFolder, Program, userFolder } from './support.js';

/** Makes `arm(k, when)`: from then on the process kills itself at its k-th atomic operation, before or after it takes effect. */
const KILL_AT = `
const real = { ...Object.fromEntries(Object.getOwnPropertyNames(Atomics).map(name => [name, Atomics[name]])) };
const kill = process.kill;
scope.arm = (at, when) => {
  let count = 0;
  for (const name of ['store', 'compareExchange', 'exchange', 'add', 'and', 'or']) {
    Atomics[name] = (...values) => {
      const dies = ++count === at;
      if (dies && when === 'before') kill.call(process, process.pid, 'SIGKILL');
      const result = real[name](...values);
      if (dies) kill.call(process, process.pid, 'SIGKILL');
      return result;
    };
  }
};
scope.disarm = () => Object.assign(Atomics, real);
`;

interface Case {
  readonly what: string;
  /** In the process that looks on, anew for each death. It has \`n\`, the number of the death, for names. */
  readonly before?: string;
  /** In the process that dies, before it is in danger. */
  readonly prepare?: string;
  readonly operation: string;
  /** In the process that looks on; throws when something is wrong. */
  readonly after?: string;
}

/** What all processes that look on can say. */
const LOOK_ON = `
scope.expect = (condition, what) => { if (!condition) throw new Error(what); };
scope.takeOnce = (mutex, dead) => {
  const { status } = mutex.waitSync(${PATIENCE});
  scope.expect(status !== 'timeout', 'the mutex is stuck');
  mutex.release();
  const again = mutex.waitSync(0).status;
  scope.expect(again === 'signaled', 'the mutex was not free afterwards, but: ' + again);
  mutex.release();
  return status;
};
scope.gone = (Kind, ...names) => { for (const name of names) scope.expect(Kind.tryOpen(name) === undefined, 'is still there: ' + name); };
scope.everythingWorks = n => {
  const { Event, Mutex, Semaphore, SharedMemory, Timer, waitAllSync, waitAnySync } = waitable;
  const mutex = Mutex.create('works ' + n), semaphore = Semaphore.create('works too ' + n, { initialCount: 1, maximumCount: 1 });
  const event = Event.create('works as well ' + n, { initialState: true }), timer = Timer.create();
  timer.set(0);
  scope.expect(mutex.createdNew && semaphore.createdNew && event.createdNew, 'new names were there');
  scope.expect(waitAllSync([mutex, semaphore, event, timer], ${PATIENCE}).status === 'signaled', 'waitAll does not work');
  mutex.release(), semaphore.release(), event.set(), timer.set(0);
  for (const object of [mutex, semaphore, event, timer]) scope.expect(object.waitSync(${PATIENCE}).status === 'signaled', 'a wait does not work');
  mutex.release();
  const opened = Mutex.open('works ' + n);
  for (const object of [mutex, semaphore, event, timer]) object.close();
  opened.close();
  scope.gone(Mutex, 'works ' + n);
};
`;

const CASES: Case[] = [
  { what: 'creates a name', operation: "Semaphore.create('s' + n, { initialCount: 1, maximumCount: 1 })", after: "gone(Semaphore, 's' + n)" },
  {
    what: 'creates a name that is there',
    before: "kept.object = Event.create('e' + n, { initialState: true })",
    operation: "Event.create('e' + n)",
    after: "expect(kept.object.waitSync(0).status === 'signaled', 'the event has changed'); kept.object.close(); gone(Event, 'e' + n);",
  },
  {
    what: 'opens a name',
    before: "kept.object = Mutex.create('m' + n)",
    operation: "Mutex.open('m' + n)",
    after: "expect(takeOnce(kept.object) === 'signaled', 'the mutex was abandoned'); kept.object.close(); gone(Mutex, 'm' + n);",
  },
  {
    what: 'closes what others have open',
    before: "kept.object = Mutex.create('m' + n)",
    prepare: "kept.object = Mutex.open('m' + n)",
    operation: 'kept.object.close()',
    after: "expect(!Mutex.create('m' + n).createdNew, 'it is gone too early'); kept.object.close();",
  },
  {
    what: 'closes what nobody else has open',
    prepare: "kept.object = Mutex.create('m' + n)",
    operation: 'kept.object.close()',
    after: "gone(Mutex, 'm' + n); const again = Mutex.create('m' + n); expect(again.createdNew, 'it is there'); again.close();",
  },
  {
    what: 'takes and releases a mutex',
    before: "kept.object = Mutex.create('m' + n)",
    prepare: "kept.object = Mutex.open('m' + n)",
    operation: 'kept.object.waitSync(); kept.object.release();',
    after: 'takeOnce(kept.object); kept.object.close();',
  },
  {
    what: 'releases a semaphore',
    before: "kept.object = Semaphore.create('s' + n, { initialCount: 1, maximumCount: 5 })",
    prepare: "kept.object = Semaphore.open('s' + n)",
    operation: 'kept.object.release(2)',
    after: `
      const count = kept.object.release();
      expect(count === 1 || count === 3, 'the count was ' + count);
      for (let permit = 0; permit <= count; permit++) expect(kept.object.waitSync(0).status === 'signaled', 'permits are lost');
      expect(kept.object.waitSync(0).status === 'timeout', 'there are too many permits');
      kept.object.close();
    `,
  },
  {
    what: 'sets an event',
    before: "kept.object = Event.create('e' + n)",
    prepare: "kept.object = Event.open('e' + n)",
    operation: 'kept.object.set()',
    after: "kept.object.waitSync(0); expect(kept.object.waitSync(0).status === 'timeout', 'it was set twice'); kept.object.set(); expect(kept.object.waitSync(0).status === 'signaled', 'it cannot be set');",
  },
  {
    what: 'sets a timer',
    before: "kept.object = Timer.create('t' + n)",
    prepare: "kept.object = Timer.open('t' + n)",
    operation: 'kept.object.set(0)',
    after: "kept.object.waitSync(0); kept.object.set(0); expect(kept.object.waitSync(0).status === 'signaled', 'it cannot be set'); kept.object.close(); gone(Timer, 't' + n);",
  },
  {
    what: 'creates a mutex that it owns',
    before: "Mutex.tryOpen('m' + n)",
    operation: "Mutex.create('m' + n, { initiallyOwned: true })",
    after: "gone(Mutex, 'm' + n); const again = Mutex.create('m' + n); expect(again.createdNew && takeOnce(again) === 'signaled', 'it is not as new'); again.close();",
  },
  {
    what: 'waits for all of a mutex, a semaphore, an event and a timer',
    before: `
      kept.objects = [Mutex.create('m' + n), Semaphore.create('s' + n, { initialCount: 2, maximumCount: 3 }), Event.create('e' + n, { initialState: true }), Timer.create('t' + n), Event.create('f' + n, { manualReset: true, initialState: true })];
      kept.objects[3].set(0);
    `,
    prepare: "kept.objects = [Mutex.open('m' + n), Semaphore.open('s' + n), Event.open('e' + n), Timer.open('t' + n), Event.open('f' + n)]",
    operation: 'waitAllSync(kept.objects)',
    after: `
      const [mutex, semaphore, event, timer, manual] = kept.objects;
      const taken = [takeOnce(mutex) === 'abandoned', semaphore.release(1) === 1, event.waitSync(0).status === 'timeout', timer.waitSync(0).status === 'timeout'];
      expect(taken.every(one => one === taken[0]), 'only some were taken: ' + taken);
      expect(manual.waitSync(0).status === 'signaled', 'the manual-reset event was taken');
      for (const object of kept.objects) object.close();
    `,
  },
  { what: 'creates shared memory', operation: "SharedMemory.create('x' + n, 4096)", after: "expect(SharedMemory.tryOpen('x' + n, 4096) === undefined, 'it is still there')" },
  { what: 'closes shared memory', prepare: "kept.object = SharedMemory.create('x' + n, 4096)", operation: 'kept.object.close()', after: "expect(SharedMemory.tryOpen('x' + n, 4096) === undefined, 'it is still there')" },
];

/** More than any operation has. */
const MOST_STEPS = 60;

describe.each(['before', 'after'] as const)('a process that is killed %s any atomic operation', when => {
  test.each(CASES)('leaves nothing stuck and nothing half done when it $what', { timeout: 4 * PATIENCE }, async ({ before, prepare, operation, after }) => {
    const folder = makeFolder();
    const witness = new Program(folder, LOOK_ON);
    await witness.run("kept.witness = Mutex.create('witness')");
    let next = new Program(folder, KILL_AT);
    let completed = false;
    for (let step = 1; !completed && step < MOST_STEPS; step++) {
      const n = `const n = ${step};`;
      const victim = next;
      if (before !== undefined) await witness.run(`${n} ${before}`);
      // It has begun to take part before it is in danger, and has done each operation once: what is done but once is not what is tested.
      await victim.run(`${n} Mutex.create('witness'); ${prepare ?? ''}`);
      next = new Program(folder, KILL_AT);
      const died = await victim.attempt(`${n} arm(${step}, '${when}'); ${operation}; disarm();`).then(({ error }) => {
        if (error !== undefined) throw new Error(`${step}: ${error.message}`);
        return false;
      }, () => true);
      completed = !died;
      const { signal } = await victim.kill();
      expect(signal).toBe('SIGKILL');
      try {
        await witness.run(`${n} ${after ?? ''}; everythingWorks(n);`);
      } catch (error) {
        throw new Error(`killed ${when} step ${step}`, { cause: error });
      }
      expect(readdirSync(userFolder(folder)), `killed ${when} step ${step}`).toEqual(['objects']);
    }
    expect(completed).toBe(true);
  });
});
