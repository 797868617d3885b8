import { chmodSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PATIENCE } from '../support/patience.js';
import { makeFolder, Program } from './support.js';

const ROOT = process.geteuid?.() === 0;
const SOMEBODY_ELSE = 65_534;

/** Takes part in the user's own file and in everybody's, and no wait thread has been started yet. */
const OPEN = `
  kept.event = Event.create('event');
  kept.shared = Event.create('Global\\\\shared', { security: 'everyone' });
  kept.mutex = Mutex.create('mutex', { initiallyOwned: true });
`;

/** Each sort of asynchronous wait on what was open before; all are told by the same process. */
const GO_ON = `
  const patient = { timeout: ${PATIENCE} };
  const statusOf = async wait => (await wait).status;
  const waits = [statusOf(kept.event.wait(patient)), statusOf(kept.shared.wait(patient)), statusOf(waitAny([kept.event, kept.shared], patient))];
  const lock = kept.mutex.acquire(patient).then(lock => lock.held);
  kept.event.set();
  await waits[0];
  kept.shared.set();
  await waits[1];
  kept.event.set();
  kept.mutex.release();
  return [...await Promise.all(waits), await lock, kept.event.waitSync(0).status];
`;
const WENT_ON = ['signaled', 'signaled', 'signaled', true, 'timeout'];

/** What a thread of the program finds when it looks for the event. */
const IN_A_WORKER = `
  const { Worker } = await import('node:worker_threads');
  const code = \`
    const [{ Event, SyncError }, { parentPort }] = await Promise.all([import(${JSON.stringify(import.meta.resolve('waitable'))}), import('node:worker_threads')]);
    try {
      parentPort.postMessage({ createdNew: Event.create('event').createdNew });
    } catch (error) {
      parentPort.postMessage({ isSyncError: error instanceof SyncError, code: error.code });
    }
  \`;
  scope.findInWorker = options => new Promise((resolve, reject) => {
    const worker = new Worker(new URL('data:text/javascript,' + encodeURIComponent(code)), options);
    worker.once('message', resolve);
    worker.once('error', reject);
  });
`;

/** A folder in which every user can make a folder, as in /dev/shm. */
function folderOfAll(): string {
  const folder = makeFolder();
  chmodSync(folder, 0o1777);
  return folder;
}

describe('where the files are is decided once', () => {
  test('what is open goes on when WAITABLE_DIR is changed, and more is made beside it', async () => {
    const [folder, other] = [makeFolder(), makeFolder()];
    const program = new Program(folder, IN_A_WORKER);
    await program.run(`${OPEN} process.env.WAITABLE_DIR = ${JSON.stringify(other)};`);
    expect(await program.run(GO_ON)).toEqual(WENT_ON);
    expect(await program.run('return findInWorker()')).toEqual({ createdNew: false });
    expect(readdirSync(other)).toEqual([]);
  });

  test('a relative WAITABLE_DIR is below the working directory that the library was loaded in', async () => {
    const folder = makeFolder();
    mkdirSync(join(folder, 'before', 'files'), { recursive: true });
    mkdirSync(join(folder, 'after', 'files'), { recursive: true });
    const program = new Program('files', IN_A_WORKER, join(folder, 'before'));
    await program.run(`${OPEN} process.chdir(${JSON.stringify(join(folder, 'after'))});`);
    expect(await program.run(GO_ON)).toEqual(WENT_ON);
    // More than the file has memory for, and a file of its own.
    expect(await program.run("kept.more = Array.from({ length: 3000 }, () => Event.create()); kept.memory = SharedMemory.create('memory', 64); return kept.more.length;")).toBe(3000);
    expect(await program.run('return findInWorker()')).toEqual({ createdNew: false });
    expect(readdirSync(join(folder, 'after', 'files'))).toEqual([]);
  });

  test('threads that the program starts with another environment mean the same files', async () => {
    const program = new Program(makeFolder(), IN_A_WORKER);
    await program.run(OPEN);
    expect(await program.run('return findInWorker({ env: {} })')).toEqual({ createdNew: false });
  });

  test('a umask that is set meanwhile hinders nobody', async () => {
    const folder = folderOfAll();
    const program = new Program(folder);
    await program.run(`${OPEN} process.umask(0o777);`);
    expect(await program.run(GO_ON)).toEqual(WENT_ON);
  });
});

describe.runIf(ROOT)('a daemon that becomes another user', () => {
  const BECOME = `process.setgroups([]); process.setgid(${SOMEBODY_ELSE}); process.setuid(${SOMEBODY_ELSE});`;

  test('goes on with what it has open, asynchronously too', async () => {
    const program = new Program(folderOfAll());
    await program.run(`${OPEN} ${BECOME}`);
    expect(await program.run(GO_ON)).toEqual(WENT_ON);
  });

  test('goes on with wait threads that run already and meet the file of all users for the first time', async () => {
    const program = new Program(folderOfAll());
    expect(await program.run(`
      kept.event = Event.create('event');
      const wait = kept.event.wait();
      kept.event.set();
      await wait;
      kept.mutex = Mutex.create('mutex', { initiallyOwned: true });
      kept.shared = Event.create('Global\\\\shared', { security: 'everyone' });
      ${BECOME}
      ${GO_ON}
    `)).toEqual(WENT_ON);
  });

  test('is refused what it has no right to any more by a SyncError', async () => {
    const program = new Program(folderOfAll(), IN_A_WORKER);
    await program.run(`${OPEN} ${BECOME}`);
    for (const code of ['for (;;) (kept.more ??= []).push(Event.create());', "SharedMemory.create('memory', 64);"]) {
      expect(await program.failure(code)).toMatchObject({ name: 'AccessDeniedError', isSyncError: true, code: 'ERROR_ACCESS_DENIED' });
    }
    expect(await program.run('return findInWorker()')).toEqual({ isSyncError: true, code: 'ERROR_ACCESS_DENIED' });
    expect(await program.run(`for (const event of kept.more) event.close(); ${GO_ON}`)).toEqual(WENT_ON);
  });

  test('that has used nothing before uses its own files, in all of its threads', async () => {
    const folder = folderOfAll();
    const program = new Program(folder, IN_A_WORKER);
    await program.run(`${BECOME} ${OPEN}`);
    expect(await program.run(GO_ON)).toEqual(WENT_ON);
    expect(await program.run('return findInWorker()')).toEqual({ createdNew: false });
    expect(readdirSync(folder).sort()).toEqual(['waitable-65534', 'waitable-everyone']);
  });
});
