import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PATIENCE } from '../support/patience.js';
import { makeFolder, objectsFile, Program, userFolder } from './support.js';

const REMOVED = { name: 'SyncError', code: 'ERROR_FILE_INVALID', isSyncError: true };

const OPEN = "kept.mutex = Mutex.create('m', { initiallyOwned: true }); kept.event = Event.create('e'); kept.other = Event.create('o');";

/** What cleaners of temporary files, logind at the end of a session, and people do. */
const REMOVALS: [what: string, remove: (folder: string) => void][] = [
  ['removed with their folder', folder => rmSync(userFolder(folder), { recursive: true })],
  ['removed alone', folder => rmSync(objectsFile(folder))],
  ['moved away', folder => renameSync(userFolder(folder), join(folder, 'elsewhere'))],
  ['moved away, and others are in their place', folder => {
    renameSync(userFolder(folder), join(folder, 'elsewhere'));
    mkdirSync(userFolder(folder), { mode: 0o700 });
  }],
];

describe.each(REMOVALS)('files that are %s while a program uses them', (_, remove) => {
  test('refuse each create and open from then on, by an error that says what has happened', async () => {
    const folder = makeFolder();
    const program = new Program(folder);
    await program.run(OPEN);
    remove(folder);
    for (const code of [
      "Mutex.create('m')", "Mutex.open('m')", "Mutex.tryOpen('m')", "Event.create('new')", 'Event.create()', "Semaphore.create('s', { initialCount: 1, maximumCount: 1 })",
      "Timer.create('t')", "SharedMemory.create('memory', 64)", 'Process.open(process.pid)',
    ]) {
      const failure = await program.failure(code);
      expect(failure, code).toMatchObject(REMOVED);
      expect(failure.message).toContain(objectsFile(folder));
    }
    // Who comes now has another one, of which the first would know nothing.
    expect(await new Program(folder).run("return Mutex.create('m').createdNew")).toBe(true);
    expect(await program.failure("Mutex.open('m')")).toMatchObject(REMOVED);
  });

  test('refuse waits that pend, in every form, and go on with what is released', async () => {
    const folder = makeFolder();
    const program = new Program(folder);
    await program.run(OPEN);
    await program.run('kept.waits = [kept.event.wait(), waitAny([kept.event, kept.other]), waitAll([kept.event, kept.other])]; for (const wait of kept.waits) wait.catch(() => undefined);');
    remove(folder);
    for (const index of [0, 1, 2]) expect(await program.failure(`await kept.waits[${index}]`)).toMatchObject(REMOVED);
    await program.run('kept.mutex.release(); kept.event.set();');
  });

  test.each([
    ['a create', "await Mutex.create('another')"], ['a wait that sleeps', `kept.reset.waitSync(${PATIENCE})`], ['a wait that pends', 'await kept.reset.wait()'],
  ])('refuse every take once %s has noticed it, of what is free too', async (_by, notice) => {
    const folder = makeFolder();
    const program = new Program(folder);
    await program.run("kept.mutex = Mutex.create('m'); kept.set = Event.create('e', { manualReset: true, initialState: true }); kept.reset = Event.create('r');");
    await program.run("kept.semaphore = Semaphore.create('s', { initialCount: 9, maximumCount: 9 }); kept.lock = Mutex.create('held').tryAcquire();");
    await program.run('kept.mutex.tryAcquire().release(); kept.mutex.waitSync(0); kept.mutex.release(); kept.set.waitSync(0);');
    remove(folder);
    expect(await program.failure(notice)).toMatchObject(REMOVED);
    for (const take of [
      'kept.mutex.tryAcquire()', 'await kept.mutex.acquire()', 'kept.mutex.waitSync(0)', 'kept.mutex.waitSync()', 'await kept.mutex.runExclusive(() => 1)', 'await kept.mutex.wait()',
      'kept.set.waitSync(0)', 'await kept.set.wait()', 'kept.semaphore.tryAcquire()', 'await kept.semaphore.acquire()', 'kept.semaphore.waitSync(0)',
      'waitAllSync([kept.mutex, kept.set], 0)', 'waitAnySync([kept.set, kept.reset])', 'await waitAny([kept.set, kept.mutex])', 'await waitAll([kept.set, kept.mutex])',
    ]) expect(await program.failure(take), take).toMatchObject(REMOVED);
    // What is held can be let go.
    await program.run('kept.lock.release(); kept.set.set(); kept.mutex.close();');
  });

  test.each(['kept.event.wait()', 'waitAny([kept.event, kept.other])', 'waitAll([kept.event, kept.other])'])('refuse a wait that begins just after it: %s', async wait => {
    const folder = makeFolder();
    const program = new Program(folder);
    await program.run(OPEN);
    remove(folder);
    expect(await program.failure(`await ${wait}`)).toMatchObject(REMOVED);
  });

  test.each([
    'kept.event.waitSync(PATIENCE)', 'waitAnySync([kept.event, kept.other], PATIENCE)', 'waitAllSync([kept.event, kept.other], PATIENCE)', 'signalAndWaitSync(kept.other, kept.event, PATIENCE)',
  ])('refuse a wait that blocks: %s', async wait => {
    const folder = makeFolder();
    const program = new Program(folder);
    await program.run(OPEN);
    const answer = program.failure(wait.replace('PATIENCE', String(PATIENCE * 2)));
    remove(folder);
    expect(await answer).toMatchObject(REMOVED);
  });
});
