import { chmodSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PATIENCE } from '../support/patience.js';
import { makeFolder, Program } from './support.js';

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
});
