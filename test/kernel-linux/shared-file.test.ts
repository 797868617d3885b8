import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FILE_BYTES, HEADER } from '../../src/kernel/linux/file/layout.js';
import { makeFolder, objectsFile, Program, userFolder, Words } from './support.js';

const CREATE = "kept.mutex = Mutex.create('m'); return kept.mutex.createdNew;";
const ROOT = process.geteuid?.() === 0;
const SOMEBODY_ELSE = 65_534;

/** A folder in which the library was used, by nobody any more. */
async function usedFolder(): Promise<string> {
  const folder = makeFolder();
  const program = new Program(folder);
  await program.run(CREATE);
  await program.kill();
  return folder;
}

async function expectRefused(folder: string, ...mentions: string[]): Promise<void> {
  const { name, message, code } = await new Program(folder).failure(CREATE);
  expect({ name, code }).toEqual({ name: 'AccessDeniedError', code: 'ERROR_ACCESS_DENIED' });
  for (const mention of mentions) expect(message).toContain(mention);
}

describe('the files', () => {
  test('are this user\'s alone', async () => {
    const folder = await usedFolder();
    expect(statSync(userFolder(folder)).mode & 0o7777).toBe(0o700);
    expect(statSync(objectsFile(folder)).mode & 0o7777).toBe(0o600);
    expect(statSync(objectsFile(folder)).size).toBe(FILE_BYTES);
  });

  test('are this user\'s alone whatever the umask is', async () => {
    const folder = makeFolder();
    await new Program(folder).run(`process.umask(0); ${CREATE}`);
    expect(statSync(userFolder(folder)).mode & 0o7777).toBe(0o700);
    expect(statSync(objectsFile(folder)).mode & 0o7777).toBe(0o600);
  });

  test('are refused when the folder is a symbolic link', async () => {
    const folder = makeFolder();
    const target = makeFolder();
    symlinkSync(target, userFolder(folder));
    await expectRefused(folder, userFolder(folder), 'not a folder');
    expect(existsSync(join(target, 'objects'))).toBe(false);
  });

  test('are refused when the file is a symbolic link, and what it leads to is not touched', async () => {
    const folder = makeFolder();
    const target = join(makeFolder(), 'precious');
    writeFileSync(target, 'precious', { mode: 0o600 });
    mkdirSync(userFolder(folder), { mode: 0o700 });
    symlinkSync(target, objectsFile(folder));
    await expectRefused(folder, objectsFile(folder), 'symbolic link');
    expect(readFileSync(target, 'utf8')).toBe('precious');
  });

  test('are refused when the file is a symbolic link to nothing, and nothing is made there', async () => {
    const folder = makeFolder();
    const target = join(makeFolder(), 'nothing');
    mkdirSync(userFolder(folder), { mode: 0o700 });
    symlinkSync(target, objectsFile(folder));
    await expectRefused(folder, objectsFile(folder), 'symbolic link');
    expect(existsSync(target)).toBe(false);
  });

  test('are refused when the file is a folder or a pipe', async () => {
    const folder = makeFolder();
    mkdirSync(objectsFile(folder), { recursive: true, mode: 0o700 });
    const { message, isSyncError } = await new Program(folder).failure(CREATE);
    expect(isSyncError).toBe(true);
    expect(message).toContain(objectsFile(folder));
  });

  test.each([0o710, 0o701, 0o707, 0o770])('are refused when the folder is open to others: %o', async mode => {
    const folder = await usedFolder();
    chmodSync(userFolder(folder), mode);
    await expectRefused(folder, userFolder(folder), 'open to other users', '700');
  });

  test.each([0o604, 0o602, 0o660])('are refused when the file is open to others: %o', async mode => {
    const folder = await usedFolder();
    chmodSync(objectsFile(folder), mode);
    await expectRefused(folder, objectsFile(folder), 'open to other users', '600');
  });

  test.runIf(ROOT)('are refused when the folder is another user\'s', async () => {
    const folder = await usedFolder();
    chownSync(userFolder(folder), SOMEBODY_ELSE, SOMEBODY_ELSE);
    await expectRefused(folder, userFolder(folder), `belongs to user ${SOMEBODY_ELSE}`);
  });

  test.runIf(ROOT)('are refused when the file is another user\'s', async () => {
    const folder = await usedFolder();
    chownSync(objectsFile(folder), SOMEBODY_ELSE, SOMEBODY_ELSE);
    await expectRefused(folder, objectsFile(folder), `belongs to user ${SOMEBODY_ELSE}`);
  });

  test('need a WAITABLE_DIR that exists', async () => {
    const folder = join(makeFolder(), 'missing');
    const { name, message } = await new Program(folder).failure(CREATE);
    expect(name).toBe('UnsupportedPlatformError');
    expect(message).toContain(folder);
    expect(message).toContain('WAITABLE_DIR');
  });
});

describe('a file of others', () => {
  const changes: [what: string, field: number, value: number][] = [
    ['another version', HEADER.VERSION, 999],
    ['another PID namespace', HEADER.PID_NAMESPACE, 12_345],
    ['another program', HEADER.MAGIC, 0x12345678],
    ['nobody, as if it had never been made', HEADER.MAGIC, 0],
  ];

  test.each(changes)('of %s is refused while it is in use', async (_, field, value) => {
    const folder = makeFolder();
    await new Program(folder).run(CREATE);
    new Words(objectsFile(folder)).set(field, value);
    const { name, message, isSyncError } = await new Program(folder).failure(CREATE);
    expect(isSyncError, name).toBe(true);
    expect(message).toContain(objectsFile(folder));
    expect(message).toContain('WAITABLE_DIR');
  });

  test.each(changes)('of %s begins afresh when nobody uses it', async (_, field, value) => {
    const folder = await usedFolder();
    new Words(objectsFile(folder)).set(field, value);
    expect(await new Program(folder).run(CREATE)).toBe(true);
    expect(new Words(objectsFile(folder)).get(field)).not.toBe(value);
  });

  test.each([0, 1, 63, 4096, FILE_BYTES - 1])('that has been cut to %i bytes begins afresh when nobody uses it', async bytes => {
    const folder = await usedFolder();
    truncateSync(objectsFile(folder), bytes);
    expect(await new Program(folder).run(CREATE)).toBe(true);
    expect(statSync(objectsFile(folder)).size).toBe(FILE_BYTES);
  });

  test('of nothing but garbage begins afresh when nobody uses it', async () => {
    const folder = await usedFolder();
    writeFileSync(objectsFile(folder), Buffer.alloc(1_000_000, 0xa5));
    const leftBehind = join(userFolder(folder), 'section-7-7');
    writeFileSync(leftBehind, 'left by somebody');
    expect(await new Program(folder).run(CREATE)).toBe(true);
    expect(existsSync(leftBehind)).toBe(false);
  });
});

describe('the name space', () => {
  test('is another one for each WAITABLE_DIR', async () => {
    const programs = [new Program(makeFolder()), new Program(makeFolder())];
    for (const program of programs) expect(await program.run(CREATE)).toBe(true);
  });

  test('is the same for processes with the same WAITABLE_DIR, and ends with the last of them', async () => {
    const folder = makeFolder();
    const [first, second] = [new Program(folder), new Program(folder)];
    expect(await first.run(CREATE)).toBe(true);
    expect(await second.run(CREATE)).toBe(false);
    await Promise.all([first.kill(), second.kill()]);
    expect(await new Program(folder).run("return Mutex.tryOpen('m') === undefined")).toBe(true);
  });

  test('is one, whichever of four processes begins it', async () => {
    const folders = Array.from({ length: 20 }, makeFolder);
    // Each kernel has settings of its own: so each round begins as in a new process.
    const script = "Object.assign(scope, await import('./dist/src/kernel/linux/linux-kernel.js'), await import('./dist/src/kernel/linux/file/settings.js'));";
    const programs = Array.from({ length: 4 }, () => new Program('', script));
    await Promise.all(programs.map(({ ready }) => ready));
    for (const folder of folders) {
      const answers = await Promise.all(programs.map(program => program.run(`
        const kernel = new LinuxKernel(new Settings({ base: ${JSON.stringify(folder)}, user: new SharedArrayBuffer(4) }));
        const created = kernel.createMutex('m', false, { access: 0x1f0001, inheritable: false, security: 'user' });
        return created?.createdNew ?? kernel.failure;
      `)));
      expect(answers.sort()).toEqual([false, false, false, true]);
    }
  });

  test('costs a process one mapping and one descriptor, however many threads use it, and threads that ended leave none', async () => {
    const program = new Program(makeFolder(), `
      const { readFileSync, readdirSync, readlinkSync } = await import('node:fs');
      const { Worker } = await import('node:worker_threads');
      const target = descriptor => { try { return readlinkSync('/proc/self/fd/' + descriptor); } catch { return ''; } };
      scope.count = () => ({
        mappings: readFileSync('/proc/self/maps', 'latin1').split('\\n').filter(line => line.endsWith('/objects')).length,
        descriptors: readdirSync('/proc/self/fd').filter(descriptor => target(descriptor).endsWith('/objects')).length,
      });
      scope.work = async () => {
        const worker = new Worker("import('waitable').then(({ Mutex }) => { const mutex = Mutex.create('m'); mutex.waitSync(); mutex.release(); process.exit(7); })", { eval: true });
        return new Promise(resolve => worker.once('exit', resolve));
      };
    `);
    await program.run(CREATE);
    for (let round = 0; round < 2; round++) {
      expect(await program.run('return Promise.all(Array.from({ length: 5 }, work))')).toEqual([7, 7, 7, 7, 7]);
      expect(await program.run('return count()')).toEqual({ mappings: 1, descriptors: 1 });
    }
  });

  test('outlives the thread that used it first', async () => {
    const folder = makeFolder();
    const program = new Program(folder, `
      const { Worker } = await import('node:worker_threads');
      scope.work = async () => {
        const worker = new Worker("import('waitable').then(({ Mutex }) => { Mutex.create('w').waitSync(); process.exit(7); })", { eval: true });
        return new Promise(resolve => worker.once('exit', resolve));
      };
    `);
    expect(await program.run('return work()')).toBe(7);
    expect(await program.run(CREATE)).toBe(true);
    expect(await new Program(folder).run(CREATE)).toBe(false);
  });
});
