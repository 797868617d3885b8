import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { objectPlace } from '../../src/kernel/linux/file/layout.js';
import { PATIENCE } from '../support/patience.js';
import { makeFolder, Program, Words } from './support.js';

const ROOT = process.geteuid?.() === 0;
const SOMEBODY_ELSE = 65_534;
const AS_SOMEBODY_ELSE = `process.setgid(${SOMEBODY_ELSE}); process.setuid(${SOMEBODY_ELSE});`;

const CREATE_FOR_EVERYONE = "kept.mutex = Mutex.create('Global\\\\m', { security: 'everyone' }); return kept.mutex.createdNew;";
const TRY = "kept.mutex = Mutex.tryOpen('Global\\\\m'); return kept.mutex?.waitSync(0).status;";

/** A folder in which every user can make a folder, as in /dev/shm. */
function folderOfAll(): string {
  const folder = makeFolder();
  chmodSync(folder, 0o1777);
  return folder;
}

describe('names of the whole machine', () => {
  test('that were made for everyone are in files that everyone may use, whatever the umask is', async () => {
    const folder = folderOfAll();
    await new Program(folder).run(`process.umask(0o077); ${CREATE_FOR_EVERYONE}`);
    expect(statSync(join(folder, 'waitable-everyone')).mode & 0o7777).toBe(0o1777);
    expect(statSync(join(folder, 'waitable-everyone', 'objects')).mode & 0o7777).toBe(0o666);
  });

  test.runIf(ROOT)('that were made for everyone are another user\'s too, and pass to him when their owner is killed', async () => {
    const folder = folderOfAll();
    const owner = new Program(folder);
    await owner.run(CREATE_FOR_EVERYONE);
    await owner.run('return kept.mutex.waitSync().status;');
    const other = new Program(folder, AS_SOMEBODY_ELSE);
    expect(await other.run(TRY)).toBe('timeout');
    await owner.kill();
    expect(await other.run(`return kept.mutex.waitSync(${PATIENCE}).status;`)).toBe('abandoned');
  });

  test.runIf(ROOT)('that were not are unknown to another user, who may use them for himself', async () => {
    const folder = folderOfAll();
    await new Program(folder).run("kept.mutex = Mutex.create('Global\\\\m'); kept.mutex.waitSync();");
    const other = new Program(folder, AS_SOMEBODY_ELSE);
    expect(await other.run(TRY)).toBeUndefined();
    expect(await other.run("return Mutex.create('Global\\\\m').waitSync(0).status;")).toBe('signaled');
  });

  test('are found where they were made, whatever a later create asks for', async () => {
    const program = new Program(folderOfAll());
    await program.run(CREATE_FOR_EVERYONE);
    expect(await program.run("return Mutex.create('Global\\\\m').createdNew;")).toBe(false);
    expect(await program.run("kept.own = Mutex.create('Global\\\\own'); return Mutex.create('Global\\\\own', { security: 'everyone' }).createdNew;")).toBe(false);
  });

  test('that were made for everyone are not waited for together with a user\'s own, all at once', async () => {
    const program = new Program(folderOfAll());
    await program.run(CREATE_FOR_EVERYONE);
    const { name, message } = await program.failure("waitAllSync([kept.mutex, Mutex.create('mine')], 0);");
    expect(name).toBe('UnsupportedPlatformError');
    expect(message).toContain('user\'s own');
    expect(await program.run("return waitAnySync([kept.mutex, Mutex.create('mine')], 0).index;")).toBe(0);
  });

  test('are one object, when some processes make it for everyone and others for the user, at the same time', async () => {
    const folder = folderOfAll();
    const starter = new Program(folder);
    await starter.run("kept.start = Event.create('start', { manualReset: true }); kept.arrived = Semaphore.create('arrived', { initialCount: 0, maximumCount: 3 });");
    const programs = [new Program(folder), new Program(folder), new Program(folder)];
    for (const program of programs) await program.run("kept.start = Event.open('start'); kept.arrived = Semaphore.open('arrived');");
    for (let round = 0; round < 100; round++) {
      const answers = programs.map((program, index) => program.run(`
        kept.arrived.release();
        kept.start.waitSync();
        kept.mutex = Mutex.create('Global\\\\${round}', { security: '${index === 1 ? 'user' : 'everyone'}' });
        return [kept.mutex.createdNew, kept.mutex.waitSync(0).status];
      `));
      await starter.run('for (let count = 0; count < 3; count++) kept.arrived.waitSync(); kept.start.set();');
      const results = await Promise.all(answers) as [boolean, string][];
      expect(results.filter(([createdNew]) => createdNew)).toHaveLength(1);
      expect(results.filter(([, status]) => status === 'signaled')).toHaveLength(1);
      await starter.run('kept.start.reset()');
      for (const program of programs) await program.run('kept.mutex.close()');
    }
  });

  test('are refused for everyone without the prefix, for which no other user could find them', async () => {
    const program = new Program(folderOfAll());
    for (const name of ['m', 'Local\\\\m']) {
      const { name: error, message } = await program.failure(`Mutex.create('${name}', { security: 'everyone' })`);
      expect(error).toBe('TypeError');
      expect(message).toContain('Global\\');
      expect(await program.run(`return Mutex.tryOpen('${name}') === undefined`)).toBe(true);
    }
  });
});

/** Makes the program remember the codes of warnings. */
const WARNINGS = "scope.warnings = []; process.on('warning', ({ code }) => scope.warnings.push(code));";
const WARNED = 'await new Promise(resolve => setImmediate(resolve)); return warnings;';

const CREATE_FOR_USER = "kept.own = Mutex.create('Global\\\\own'); return [kept.own.createdNew, kept.own.waitSync(0).status];";

describe('names in Global\\ of this user alone', () => {
  test('warn where other users use the library, who do not see them', async () => {
    const folder = folderOfAll();
    const alone = new Program(folder, WARNINGS);
    await alone.run(CREATE_FOR_USER);
    expect(await alone.run(WARNED)).toEqual([]);
    mkdirSync(join(folder, `waitable-${SOMEBODY_ELSE}`));
    const program = new Program(folder, WARNINGS);
    await program.run("Mutex.create('mine'); Mutex.create('Global\\\\shared', { security: 'everyone' });");
    expect(await program.run(WARNED)).toEqual([]);
    await program.run("kept.new = Mutex.create('Global\\\\new')");
    expect(await program.run(WARNED)).toEqual(['WAITABLE_GLOBAL_OF_USER']);
  });

  test('do without the files of everyone where those are no folder', async () => {
    const folder = folderOfAll();
    writeFileSync(join(folder, 'waitable-everyone'), '');
    const program = new Program(folder, WARNINGS);
    expect(await program.run(CREATE_FOR_USER)).toEqual([true, 'signaled']);
    expect(await program.run("return Mutex.tryOpen('Global\\\\nobody has it') === undefined")).toBe(true);
    expect(await program.run(WARNED)).toEqual(['WAITABLE_EVERYONE_UNUSABLE']);
    expect(await program.failure(CREATE_FOR_EVERYONE)).toMatchObject({ name: 'AccessDeniedError' });
  });

  test('are not held up by whoever locks the file of everyone, who is told of', async () => {
    const folder = folderOfAll();
    const path = join(folder, 'waitable-everyone', 'objects');
    const first = new Program(folder);
    await first.run(CREATE_FOR_EVERYONE);
    await first.kill();
    const locker = new Program(folder, "const { default: koffi } = await import('koffi'); const { openSync } = await import('node:fs'); scope.flock = koffi.load(null).func('flock', 'int', ['int', 'int']); scope.openSync = openSync;");
    expect(await locker.run(`return flock(openSync(${JSON.stringify(path)}, 'r'), 2)`)).toBe(0);
    const program = new Program(folder, WARNINGS);
    expect(await program.run(CREATE_FOR_USER)).toEqual([true, 'signaled']);
    expect(await program.run(WARNED)).toEqual(['WAITABLE_EVERYONE_UNUSABLE']);
    expect(await program.failure(CREATE_FOR_EVERYONE)).toMatchObject({ code: 'ERROR_LOCK_VIOLATION', isSyncError: true });
  });

  test('are not held up by whoever has the names of everyone, and stands still', async () => {
    const folder = folderOfAll();
    const first = new Program(folder);
    await first.run(CREATE_FOR_EVERYONE);
    const namespaceMutex = objectPlace(0);
    const words = new Words(join(folder, 'waitable-everyone', 'objects'));
    const program = new Program(folder, WARNINGS);
    await program.run("kept.event = Event.create('Global\\\\e', { security: 'everyone' })");
    words.set(namespaceMutex, await first.run('return process.pid') as number);
    expect(await program.run(CREATE_FOR_USER)).toEqual([true, 'signaled']);
    expect(await program.run(WARNED)).toEqual(['WAITABLE_EVERYONE_UNUSABLE']);
    expect(await program.failure("Mutex.create('Global\\\\n', { security: 'everyone' })")).toMatchObject({ code: 'ERROR_LOCK_VIOLATION', isSyncError: true });
    words.set(namespaceMutex, 0);
    expect(await program.run("return Mutex.create('Global\\\\n', { security: 'everyone' }).createdNew")).toBe(true);
    expect(await new Program(folder).run("return Event.create('Global\\\\e').createdNew")).toBe(false);
  });
});
