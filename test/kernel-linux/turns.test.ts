import { existsSync, writeFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { HOLDER, MUTEX_WAITERS, OBJECT, objectPlace } from '../../src/kernel/linux/file/layout.js';
import { makeFolder, objectsFile, Program, Words } from './support.js';

const MADE = "kept.m = Mutex.create('m'); kept.e = Event.create('e', { manualReset: true });";
/** The first object of a folder, and the second. */
const MUTEX = objectPlace(1);
const EVENT = objectPlace(2);

/**
 * A mutex that one program has and does not let go, though others are made to see it as let go and taken again. (Really to take it again before they awake is a matter of luck.)
 */
class Hogged {
  readonly folder = makeFolder();
  readonly #hog = new Program(this.folder);
  #words: Words | undefined;

  async begin(): Promise<this> {
    await this.#hog.run(`${MADE} kept.m.waitSync()`);
    this.#words = new Words(objectsFile(this.folder));
    return this;
  }

  async another(): Promise<Program> {
    const program = new Program(this.folder);
    await program.run(MADE);
    return program;
  }

  field(field: number, object = MUTEX): number {
    return this.#words?.get(object + field) ?? 0;
  }

  /** The client (index + 1) whose turn it is, or is to be. */
  holderIn(field: number): number {
    return this.field(field) & HOLDER;
  }

  /** Passes the others by until somebody stands in the field. */
  async passByUntilAsked(field: number): Promise<number> {
    for (;;) {
      const holder = this.holderIn(field);
      if (holder !== 0) return holder;
      const word = this.field(OBJECT.WORD);
      // Somebody sleeps: what they sleep on changes. They look at it by themselves, as if the one who let it go had been killed before it woke them.
      if (word < 0) this.#words?.set(MUTEX, word & ~MUTEX_WAITERS);
      await new Promise(setImmediate);
    }
  }

  async release(): Promise<void> {
    await this.#hog.run('kept.m.release()');
  }

  /** Until somebody who looks by itself stands in the field. */
  async untilAsked(field: number): Promise<void> {
    while (this.holderIn(field) === 0) await new Promise(setImmediate);
  }

  /** Lets it go, and gives what comes of taking it again at once. */
  async letGo(): Promise<unknown> {
    return this.#hog.run('kept.m.release(); return kept.m.waitSync(0).status');
  }
}

/**
 * Once `kept.slowly` is set, the next sleep beside a free mutex begins only when the second of its files is there; the first says that it is about to begin. It has no cap: it may last until a wake-up. (Other sleeps are as they were.)
 */
const SLOW_TO_SLEEP = `
  const { existsSync, writeFileSync } = await import('node:fs');
  const { System } = await import(${JSON.stringify(new URL('../../src/kernel/linux/system/system.js', import.meta.url).href)});
  const { MutexObject } = await import(${JSON.stringify(new URL('../../src/kernel/linux/objects/mutex.js', import.meta.url).href)});
  const { arm } = MutexObject.prototype;
  let free = false;
  MutexObject.prototype.arm = function (time) {
    const armed = arm.call(this, time);
    free = armed && this.free;
    return armed;
  };
  const { sleep } = System.prototype;
  System.prototype.sleep = function (address, expected, time) {
    if (!free || kept.slowly === undefined) return sleep.call(this, address, expected, time);
    const [about, may] = kept.slowly;
    kept.slowly = undefined;
    writeFileSync(about, '');
    while (!existsSync(may));
    return sleep.call(this, address, expected, 1e9);
  };`;

/** Ways to wait for the mutex; each ends with it taken. */
const WAITS = {
  'a synchronous wait': 'kept.m.waitSync();',
  'an asynchronous wait': 'await kept.m.acquire();',
  'a synchronous wait for any': 'waitAnySync([kept.m, kept.other = Event.create()]);',
  'an asynchronous wait for any': 'await waitAny([kept.m, kept.other = Event.create()]);',
  'a synchronous wait for all': 'kept.e.set(); waitAllSync([kept.m, kept.e]);',
  'an asynchronous wait for all': 'kept.e.set(); await waitAll([kept.m, kept.e]);',
} as const;

/** Ways to ask for the free mutex again and again; each ends with it taken. */
const QUESTIONS = {
  'polls': "while (kept.m.waitSync(0).status === 'timeout');",
  'short waits': "while (kept.m.waitSync(20).status === 'timeout');",
  'asynchronous tries': 'while (!kept.m.tryAcquire()) await new Promise(setImmediate);',
  'a synchronous wait': 'kept.m.waitSync();',
  'an asynchronous wait': 'await kept.m.acquire();',
  'short asynchronous waits': 'for (;;) try { await kept.m.acquire({ timeout: 20 }); break; } catch { }',
  'a wait for all': 'kept.e.set(); waitAllSync([kept.m, kept.e]);',
} as const;

describe.each(Object.entries(WAITS))('%s that somebody passes by again and again', (_, wait) => {
  it('asks for its turn, which the other one lets it have', async () => {
    const hogged = await new Hogged().begin();
    const waiter = await hogged.another();
    const taken = waiter.run(`${wait} return 'taken';`);
    await hogged.passByUntilAsked(OBJECT.RESERVED);
    // Kept for it, or taken by it already.
    expect(await hogged.letGo()).toBe('timeout');
    expect(await taken).toBe('taken');
    expect(hogged.holderIn(OBJECT.RESERVED)).toBe(0);
  });
});

describe.each(Object.entries(WAITS))('%s that is passed by while the word comes to be what it was', (_, wait) => {
  it('asks for its turn all the same', async () => {
    const hogged = await new Hogged().begin();
    const waiter = await hogged.another();
    const taken = waiter.run(`${wait} return 'taken';`);
    // Let go and taken again until the waiter looks, with another sleeper between: for it, nothing has changed.
    await hogged.untilAsked(OBJECT.RESERVED);
    expect(await hogged.letGo()).toBe('timeout');
    expect(await taken).toBe('taken');
  });
});

describe.each(Object.entries(QUESTIONS))('a mutex that is free, and kept for a waiter that has been stopped, is had by %s', (_, question) => {
  it('in the end', async () => {
    const hogged = await new Hogged().begin();
    const stopped = await hogged.another();
    const other = await hogged.another();
    stopped.tell('kept.m.waitSync();');
    const holder = await hogged.passByUntilAsked(OBJECT.RESERVED);
    stopped.child.kill('SIGSTOP');
    onTestFinished(() => void stopped.child.kill('SIGCONT'));
    expect(await hogged.letGo()).toBe('timeout');
    expect(hogged.holderIn(OBJECT.RESERVED)).toBe(holder);
    expect(await other.run(`${question} return 'taken';`)).toBe('taken');
  });
});

describe('a turn', () => {
  it('is followed by that of who has asked meanwhile, without one for the last owner between', async () => {
    const hogged = await new Hogged().begin();
    const [first, second] = [await hogged.another(), await hogged.another()];
    const firstTaken = first.run('kept.m.waitSync();');
    await hogged.passByUntilAsked(OBJECT.RESERVED);
    const secondTaken = second.run('kept.m.waitSync();');
    const next = await hogged.passByUntilAsked(OBJECT.NEXT);
    for (const each of [firstTaken, secondTaken]) each.catch(() => undefined); // killed with the test
    expect(await hogged.letGo()).toBe('timeout');
    // So slow is everything here that the first did not come in time.
    if (await Promise.race([firstTaken.then(() => false), secondTaken.then(() => true)])) return;
    expect(hogged.holderIn(OBJECT.RESERVED)).toBe(next);
    expect(await first.run('kept.m.release(); return kept.m.waitSync(0).status')).toBe('timeout');
    await secondTaken;
    expect(hogged.holderIn(OBJECT.RESERVED)).toBe(0);
    expect(hogged.holderIn(OBJECT.NEXT)).toBe(0);
  });

  it('is the next one\'s when who has asked for it is killed', async () => {
    const hogged = await new Hogged().begin();
    const [first, second] = [await hogged.another(), await hogged.another()];
    first.tell('kept.m.waitSync();');
    await hogged.passByUntilAsked(OBJECT.RESERVED);
    const secondTaken = second.run('kept.m.waitSync();');
    await hogged.passByUntilAsked(OBJECT.NEXT);
    await first.kill();
    expect(await hogged.letGo()).toBe('timeout');
    await secondTaken;
  });

  it('is seen by whoever falls asleep so slowly that the turn before has ended meanwhile, and others sleep again', async () => {
    const hogged = await new Hogged().begin();
    const [first, slow, third] = [await hogged.another(), await hogged.another(), await hogged.another()];
    const firstTaken = first.run('kept.m.waitSync();');
    firstTaken.catch(() => undefined); // it may be killed with the test
    await hogged.passByUntilAsked(OBJECT.RESERVED);
    const files = [`${hogged.folder}/about to sleep`, `${hogged.folder}/may sleep`] as const;
    await slow.run(SLOW_TO_SLEEP);
    const slowTaken = slow.run(`kept.slowly = ${JSON.stringify(files)}; kept.m.waitSync();`);
    const next = await hogged.passByUntilAsked(OBJECT.NEXT);
    first.child.kill('SIGSTOP');
    await hogged.release();
    const tooLate = slowTaken.then(() => true);
    while (!existsSync(files[0])) {
      // So slow is everything here that nobody came for the first turn in time.
      if (await Promise.race([tooLate, new Promise<boolean>(resolve => setImmediate(resolve, false))])) return;
    }
    first.child.kill('SIGCONT');
    await firstTaken;
    expect(hogged.holderIn(OBJECT.RESERVED)).toBe(next);
    const thirdTaken = third.run('kept.m.waitSync(); kept.m.release();');
    await hogged.passByUntilAsked(OBJECT.NEXT);
    await first.run('kept.m.release();');
    while ((hogged.field(OBJECT.WAITERS) & 1) === 0) await new Promise(setImmediate);
    writeFileSync(files[1], '');
    await slowTaken;
    await slow.run('kept.m.release();');
    await thirdTaken;
  });

  it.each([
    ['a synchronous wait that has timed out', "while (!existsSync(flag)) kept.m.waitSync(700);"],
    ['an asynchronous one', "while (!existsSync(flag)) await kept.m.acquire({ timeout: 700 }).catch(() => undefined);"],
    ['an asynchronous one for all', "kept.e.set(); while (!existsSync(flag)) await waitAll([kept.m, kept.e], { timeout: 700 }).catch(() => undefined);"],
  ])('is not that of %s', async (_, wait) => {
    const hogged = await new Hogged().begin();
    const waiter = await hogged.another();
    const flag = `${hogged.folder}/enough`;
    const over = waiter.run(`const { existsSync } = await import('node:fs'); const flag = ${JSON.stringify(flag)}; ${wait}`);
    await hogged.passByUntilAsked(OBJECT.RESERVED);
    writeFileSync(flag, '');
    await over;
    while (hogged.holderIn(OBJECT.RESERVED) !== 0) await new Promise(setImmediate);
    expect(await hogged.letGo()).toBe('signaled');
  });

  it('is not asked for of an event that a wait takes nothing of', async () => {
    const hogged = await new Hogged().begin();
    const [waiter, other] = [await hogged.another(), await hogged.another()];
    waiter.tell('waitAnySync([kept.m, kept.e]);');
    await hogged.passByUntilAsked(OBJECT.RESERVED);
    waiter.child.kill('SIGSTOP');
    expect(hogged.field(OBJECT.RESERVED, EVENT)).toBe(0);
    expect(await other.run('kept.e.set(); return kept.e.waitSync(0).status')).toBe('signaled');
    waiter.child.kill('SIGCONT');
  });
});
