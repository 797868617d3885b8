import { describe, expect, test } from 'vitest';
import { objectPlace, OWNER_DIED } from '../../src/kernel/linux/file/layout.js';
import { PATIENCE } from '../support/patience.js';
import { makeFolder, objectsFile, Program, Words } from './support.js';

/**
 * Makes `cut(k, when)`: runs `operation`, and ends its execution at its k-th atomic operation, before or after it takes effect, as a time-out of `node:vm` does. Whether it was ended; on a loaded machine it may be
 * ended earlier than that.
 */
const CUT_AT = `
const vm = process.getBuiltinModule('vm');
const real = { ...Object.fromEntries(Object.getOwnPropertyNames(Atomics).map(name => [name, Atomics[name]])) };
scope.cut = (at, when, operation) => {
  let count = 0;
  for (const name of ['store', 'compareExchange', 'exchange', 'add', 'and', 'or']) {
    Atomics[name] = (...values) => {
      const stands = ++count === at;
      if (stands && when === 'before') for (;;);
      const result = real[name](...values);
      if (stands) for (;;);
      return result;
    };
  }
  globalThis.operation = operation;
  try {
    vm.runInThisContext('operation()', { timeout: 20 });
    return false;
  } catch (error) {
    if (error.code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    return true;
  } finally {
    Object.assign(Atomics, real);
  }
};
/** Calls the operation at the end of the stack, and at every depth on the way back. */
scope.atTheEndOfTheStack = operation => {
  let left = 2000;
  const outcomes = { done: 0, refused: 0 };
  const down = () => {
    try {
      down();
    } catch {
      // that was the end
    }
    if (left-- <= 0) return;
    try {
      operation();
      outcomes.done++;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      outcomes.refused++;
    }
  };
  down();
  return outcomes;
};
`;

const HELPERS = `
scope.expect = (condition, what) => { if (!condition) throw new Error(what); };
/** Of what a call that was cut may have taken. */
scope.giveUp = mutex => {
  try {
    mutex.release();
  } catch (error) {
    if (!(error instanceof waitable.NotOwnerError)) throw error;
  }
};
scope.everythingWorks = n => {
  const { Event, Mutex, Semaphore, Timer, waitAllSync } = waitable;
  const mutex = Mutex.create('works ' + n), semaphore = Semaphore.create('works too ' + n, { initialCount: 1, maximumCount: 1 });
  const event = Event.create('works as well ' + n, { initialState: true }), timer = Timer.create();
  timer.set(0);
  scope.expect(mutex.createdNew && semaphore.createdNew && event.createdNew, 'new names were there');
  scope.expect(waitAllSync([mutex, semaphore, event, timer], ${PATIENCE}).status === 'signaled', 'waitAll does not work');
  mutex.release();
  for (const object of [mutex, semaphore, event, timer]) object.close();
  scope.expect(Mutex.tryOpen('works ' + n) === undefined, 'a name is still there');
};
`;

interface Case {
  readonly what: string;
  /** In the process that looks on, anew for each instant. It has \`n\`, the number of the instant, for names. */
  readonly before?: string;
  /** In the process whose execution is cut. */
  readonly prepare?: string;
  readonly operation: string;
  /** In the same process, when it goes on. */
  readonly then?: string;
  /** In the process that looks on; throws when something is wrong. */
  readonly after?: string;
}

const CASES: Case[] = [
  { what: 'creates a name', operation: "Semaphore.create('s' + n, { initialCount: 1, maximumCount: 1 })" },
  { what: 'opens a name', before: "kept.object = Event.create('e' + n)", operation: "Event.open('e' + n)" },
  { what: 'closes a name', prepare: "kept.object = Mutex.create('m' + n)", operation: 'kept.object.close()' },
  {
    what: 'sets a timer',
    before: "kept.object = Timer.create('t' + n)",
    prepare: "kept.object = Timer.open('t' + n)",
    operation: 'kept.object.set(0)',
    after: "kept.object.waitSync(0); kept.object.set(0); expect(kept.object.waitSync(0).status === 'signaled', 'it cannot be set')",
  },
  {
    what: 'takes the signal of a timer',
    before: "kept.object = Timer.create('t' + n); kept.object.set(0)",
    prepare: "kept.object = Timer.open('t' + n)",
    operation: 'kept.object.waitSync()',
    after: "kept.object.waitSync(0); expect(kept.object.waitSync(0).status === 'timeout', 'its signal is still there'); kept.object.set(0); expect(kept.object.waitSync(0).status === 'signaled', 'it cannot be set')",
  },
  {
    what: 'waits for all of a mutex, a semaphore and an event',
    before: "kept.objects = [Mutex.create('m' + n), Semaphore.create('s' + n, { initialCount: 2, maximumCount: 3 }), Event.create('e' + n, { initialState: true })]",
    prepare: "kept.objects = [Mutex.open('m' + n), Semaphore.open('s' + n), Event.open('e' + n)]",
    operation: 'waitAllSync(kept.objects)',
    then: 'giveUp(kept.objects[0])',
    after: `
      const [mutex, semaphore, event] = kept.objects;
      expect(mutex.waitSync(${PATIENCE}).status !== 'timeout', 'the mutex is stuck');
      const taken = [semaphore.release(1) === 1, event.waitSync(0).status === 'timeout'];
      expect(taken[0] === taken[1], 'only some were taken: ' + taken);
    `,
  },
  {
    what: 'takes a mutex',
    before: "kept.object = Mutex.create('m' + n)",
    prepare: "kept.object = Mutex.open('m' + n)",
    operation: 'kept.object.waitSync()',
    then: 'giveUp(kept.object)',
    after: `expect(kept.object.waitSync(${PATIENCE}).status !== 'timeout', 'the mutex is stuck')`,
  },
  {
    what: 'tries for a mutex',
    before: "kept.object = Mutex.create('m' + n)",
    prepare: "kept.object = Mutex.open('m' + n)",
    operation: 'kept.lock = kept.object.tryAcquire()',
    then: 'if (kept.lock?.held) kept.lock.release(); else giveUp(kept.object)',
    after: `expect(kept.object.waitSync(${PATIENCE}).status !== 'timeout', 'the mutex is stuck')`,
  },
  {
    what: 'releases a mutex',
    before: "kept.object = Mutex.create('m' + n)",
    prepare: "kept.object = Mutex.open('m' + n); kept.object.waitSync();",
    operation: 'kept.object.release()',
    then: 'giveUp(kept.object)',
    after: `expect(kept.object.waitSync(${PATIENCE}).status !== 'timeout', 'the mutex is stuck')`,
  },
  {
    what: 'releases a lock',
    before: "kept.object = Mutex.create('m' + n)",
    prepare: "kept.object = Mutex.open('m' + n); kept.lock = kept.object.tryAcquire();",
    operation: 'kept.lock.release()',
    then: 'try { if (kept.lock.held) kept.lock.release(); } catch (error) { if (!(error instanceof NotOwnerError)) throw error; }',
    after: `expect(kept.object.waitSync(${PATIENCE}).status !== 'timeout', 'the mutex is stuck')`,
  },
];

/** More than any operation has. */
const MOST_STEPS = 60;

describe.each(['before', 'after'] as const)('a thread whose execution is ended %s any atomic operation, and which lives on', when => {
  test.each(CASES)('leaves nothing stuck and nothing half done when it $what', { timeout: 4 * PATIENCE }, async ({ before, prepare, operation, then, after }) => {
    const folder = makeFolder();
    const witness = new Program(folder, HELPERS);
    const program = new Program(folder, CUT_AT + HELPERS);
    await witness.run("kept.witness = Mutex.create('witness')");
    await program.run("kept.witness = Mutex.create('witness')");
    let ended = true;
    for (let step = 1; ended && step < MOST_STEPS; step++) {
      const n = `const n = ${step};`;
      await witness.run(`${n} ${before ?? ''}`);
      await program.run(`${n} ${prepare ?? ''}`);
      ended = await program.run(`${n} return cut(${step}, '${when}', () => { ${operation} })`) as boolean;
      try {
        // It does nothing more with the library: its event loop alone goes on.
        await witness.run(`${n} everythingWorks(n)`);
        await program.run(`${n} ${then ?? ''}; everythingWorks(n);`);
        await witness.run(`${n} ${after ?? ''}`);
      } catch (error) {
        throw new Error(`ended ${when} step ${step}`, { cause: error });
      }
    }
    expect(ended).toBe(false);
  });
});

describe.each(['before', 'after'] as const)('a thread whose execution was ended %s any atomic operation in a section, and which dies later', when => {
  test.each([
    {
      what: 'waited for all of a mutex and an event',
      before: "kept.objects = [Mutex.create('m' + n), Event.create('e' + n, { initialState: true })]",
      prepare: "kept.objects = [Mutex.open('m' + n), Event.open('e' + n)]",
      operation: 'waitAllSync(kept.objects)',
      then: 'kept.objects[0].waitSync(0)',
    },
    {
      what: 'created a mutex that it was to own',
      before: '',
      prepare: '',
      operation: 'Mutex.create(undefined, { initiallyOwned: true })',
      then: 'kept.used = [1, 2].map(() => Semaphore.create(undefined, { initialCount: 1, maximumCount: 1 }))',
    },
  ])('leaves the mutexes that it owned before for the system to find, when it $what', { timeout: 4 * PATIENCE }, async ({ before, prepare, operation, then }) => {
    const folder = makeFolder();
    const witness = new Program(folder, HELPERS);
    const program = new Program(folder, CUT_AT + HELPERS);
    await program.run("kept.owned = Mutex.create('owned'); kept.owned.waitSync();"); // the first object of the folder
    await witness.run("kept.owned = Mutex.open('owned')");
    let ended = true;
    for (let step = 1; ended && step < MOST_STEPS; step++) {
      const n = `const n = ${step};`;
      await witness.run(`${n} ${before}`);
      await program.run(`${n} ${prepare}`);
      ended = await program.run(`${n} return cut(${step}, '${when}', () => { ${operation} })`) as boolean;
      // What it was about to own becomes another thread's, or another object's.
      await witness.run(`${n} everythingWorks(n); ${then}`);
    }
    expect(ended).toBe(false);
    await program.kill();
    // Nobody but the system has looked.
    expect(new Words(objectsFile(folder)).get(objectPlace(1)) & OWNER_DIED).toBe(OWNER_DIED);
  });
});

test('a thread whose execution was ended in a section lets others in before it blocks', { timeout: 4 * PATIENCE }, async () => {
  const folder = makeFolder();
  const witness = new Program(folder, HELPERS);
  const program = new Program(folder, CUT_AT + HELPERS);
  await witness.run("kept.event = Event.create('done')");
  await program.run("kept.event = Event.open('done')");
  // The second atomic operation: with the first it has taken the namespace mutex.
  const blocked = program.run(`
    if (!cut(2, 'before', () => Mutex.create())) throw new Error('it was not ended');
    return kept.event.waitSync(${PATIENCE}).status;
  `);
  await witness.run('everythingWorks(1); kept.event.set();');
  expect(await blocked).toBe('signaled');
});

describe('at the end of the stack', () => {
  test.each([
    { what: 'creates and closes', prepare: '', operation: 'Semaphore.create(undefined, { initialCount: 1, maximumCount: 1 }).close()' },
    { what: 'sets a timer', prepare: "kept.object = Timer.create('t')", operation: 'kept.object.set(0)' },
    { what: 'takes the signal of a timer', prepare: "kept.object = Timer.create('t')", operation: 'kept.object.set(0); kept.object.waitSync(0)' },
    {
      what: 'waits for all',
      prepare: "kept.objects = [Event.create('e', { initialState: true, manualReset: true }), Event.create('f', { initialState: true, manualReset: true })]",
      operation: 'waitAllSync(kept.objects)',
    },
  ])('a thread that $what leaves nothing stuck, and goes on', { timeout: 4 * PATIENCE }, async ({ prepare, operation }) => {
    const folder = makeFolder();
    const witness = new Program(folder, HELPERS);
    const program = new Program(folder, CUT_AT + HELPERS);
    await witness.run("kept.witness = Mutex.create('witness')");
    await program.run(prepare);
    // More than once: compiled code needs less of the stack.
    for (let round = 1; round <= 5; round++) {
      const { done, refused } = await program.run(`return atTheEndOfTheStack(() => { ${operation} })`) as { done: number; refused: number };
      expect(done, 'some have enough of it').toBeGreaterThan(0);
      expect(refused, 'some have not').toBeGreaterThan(0);
      await witness.run(`everythingWorks(${round})`);
      await program.run(`everythingWorks(${round}); for (let turn = 0; turn < 300; turn++) { ${operation} }`);
    }
    // A refusal came before anything had begun.
    expect(await witness.run('return kept.witness.waitSync(0).status')).toBe('signaled');
  });

  test('a lock whose release fails for want of stack can be released again', { timeout: 4 * PATIENCE }, async () => {
    const folder = makeFolder();
    const witness = new Program(folder, HELPERS);
    const program = new Program(folder, CUT_AT + HELPERS);
    await witness.run("kept.mutex = Mutex.create('m')");
    await program.run(`
      const mutex = Mutex.open('m');
      const locks = [];
      for (let round = 0; round < 5; round++) {
        let lock = mutex.tryAcquire();
        const { refused } = atTheEndOfTheStack(() => lock.held && lock.release());
        try { if (lock.held) lock.release(); } catch (error) { if (!(error instanceof NotOwnerError)) throw error; }
        if (lock.held) throw new Error('it is still held');
      }
    `);
    expect(await witness.run('return kept.mutex.waitSync(0).status')).toBe('signaled');
  });
});
