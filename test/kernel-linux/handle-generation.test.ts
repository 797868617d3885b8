import { describe, expect, test } from 'vitest';
import { GENERATIONS, MUTEX_WAITERS, OBJECT, objectPlace, REFERENCE_CAPACITY } from '../../src/kernel/linux/file/layout.js';
import { PATIENCE } from '../support/patience.js';
import { makeFolder, objectsFile, Program, Words } from './support.js';

const FIRST_OBJECT = objectPlace(1);

/** Has a wait thread of the program sleep on `kept.first`, which is the first object of the folder, and so remember its handle. */
async function remember(program: Program, isSleptOn: () => boolean): Promise<void> {
  await program.run(`
    kept.keeper = Event.create(); // its wait keeps the wait thread alive
    kept.keeper.wait().catch(() => undefined);
    kept.enough = new AbortController();
    kept.wait = kept.first.wait({ signal: kept.enough.signal }).catch(() => undefined);
  `);
  while (!isSleptOn()) await new Promise(setImmediate);
  await program.run('kept.enough.abort(); await kept.wait;');
}

/**
 * Closes it, and uses both slots, the handle's and the object's, until a handle to a new object has the same number; that is `kept.second`. A slot's uses are counted in 32 bits, and a handle has room for 11
 * of them.
 */
function reuse(second: string): string {
  return `
    const { handle } = kept.first;
    kept.first.close();
    // It is open for as long as the wait thread looks at it.
    const slot = handle => handle & ${REFERENCE_CAPACITY - 1};
    for (kept.others = []; slot((kept.last = Event.create()).handle) !== slot(handle); kept.others.push(kept.last)) await new Promise(setImmediate);
    kept.last.close();
    for (let uses = 0; uses < ${GENERATIONS}; uses++) {
      kept.second = ${second};
      if (kept.second.handle === handle) return true;
      kept.second.close();
    }
    return false;
  `;
}

describe('a handle that has the number of one that a wait thread remembers', () => {
  test('of an event, is waited for as the mutex that it is', async () => {
    const folder = makeFolder();
    const [program, owner] = [new Program(folder), new Program(folder)];
    await program.run('kept.first = Event.create()');
    const words = new Words(objectsFile(folder));
    const isSleptOnAsMutex = () => (words.get(FIRST_OBJECT) & MUTEX_WAITERS) !== 0;
    const isSleptOn = () => (words.get(FIRST_OBJECT + OBJECT.WAITERS) & 1) !== 0;
    await remember(program, isSleptOn);
    expect(await program.run(reuse("Mutex.create('second')"))).toBe(true);
    await owner.run("kept.mutex = Mutex.open('second'); kept.mutex.waitSync();");
    const acquired = program.run(`(await kept.second.acquire({ timeout: ${PATIENCE} })).release(); return 'acquired';`);
    while (!isSleptOnAsMutex()) await new Promise(setImmediate);
    expect(isSleptOn()).toBe(false);
    await owner.run('kept.mutex.release()');
    expect(await acquired).toBe('acquired');
  });

  test('of a mutex, is waited for as the semaphore that it is', async () => {
    const folder = makeFolder();
    const [program, owner] = [new Program(folder), new Program(folder)];
    await program.run("kept.first = Mutex.create('first')");
    const words = new Words(objectsFile(folder));
    await owner.run("kept.first = Mutex.open('first'); kept.first.waitSync();");
    await remember(program, () => (words.get(FIRST_OBJECT) & MUTEX_WAITERS) !== 0);
    await owner.run('kept.first.release(); kept.first.close();');
    expect(await program.run(reuse("Semaphore.create('second', { initialCount: 0, maximumCount: 1 })"))).toBe(true);
    const acquired = program.run(`await kept.second.acquire({ timeout: ${PATIENCE} }); return 'acquired';`);
    while ((words.get(FIRST_OBJECT + OBJECT.WAITERS) & 1) === 0) await new Promise(setImmediate);
    expect(words.get(FIRST_OBJECT)).toBe(0);
    expect(await owner.run("return Semaphore.open('second').release()")).toBe(0);
    expect(await acquired).toBe('acquired');
  });
});
