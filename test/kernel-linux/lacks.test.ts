import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeFolder, Program, userFolder } from './support.js';

const ROOT = process.geteuid?.() === 0;
const SOMEBODY_ELSE = 65_534;
const AS_SOMEBODY_ELSE = `process.setgid(${SOMEBODY_ELSE}); process.setuid(${SOMEBODY_ELSE});`;

/** What the code says under what the shell has done before; `SyncError` and its code for an error. */
function sayUnder(shell: string, folder: string, code: string): string {
  const script = `
    const { Event, Mutex, SyncError } = await import('waitable');
    const { SharedMemory } = await import('waitable/bitness');
    try { ${code} } catch (error) { console.log(error instanceof SyncError ? 'SyncError' : error.name, error.code, error.message); }
    process.exit();
  `;
  const { stdout, stderr } = spawnSync('bash', ['-c', `${shell} && exec "$0" "$@"`, process.execPath, '--input-type=module', '-e', script], { env: { ...process.env, WAITABLE_DIR: folder }, encoding: 'utf8' });
  return stdout + stderr;
}

/** Whether this user may mount file systems that nobody else sees. */
const MAY_MOUNT = ROOT && spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;
const UNSHARED = (commands: string) => `exec unshare --mount --propagation private bash -c '${commands} && exec "$0" "$@"' "$0" "$@"`;

const MAKE = "console.log('made', Mutex.create('m').createdNew)";

describe('what the system lacks is told by a SyncError, and nothing half-made stays', () => {
  test('a limit of file size', () => {
    const folder = makeFolder();
    expect(sayUnder('ulimit -f 1024', folder, MAKE)).toMatch(/^SyncError ERROR_FILE_TOO_LARGE .*ulimit -f/);
    expect(readdirSync(userFolder(folder))).toEqual([]);
    expect(sayUnder('ulimit -f 60000', folder, "SharedMemory.create('s', 100 << 20)")).toMatch(/^SyncError ERROR_FILE_TOO_LARGE .*ulimit -f/);
    expect(readdirSync(userFolder(folder))).toEqual(['objects']);
    expect(sayUnder('true', folder, MAKE)).toContain('made true');
  });

  test('a WAITABLE_DIR that is a file', () => {
    const path = join(makeFolder(), 'file');
    writeFileSync(path, '');
    expect(sayUnder('true', path, MAKE)).toMatch(/^SyncError .*WAITABLE_DIR|^SyncError .*not a folder/);
  });

  test('descriptors for a launch, which starts nothing then', () => {
    const said = sayUnder('ulimit -n 100', makeFolder(), `
      const { launch } = await import('waitable/bitness');
      const { closeSync, openSync, readFileSync } = await import('node:fs');
      Event.create('e');
      const children = () => readFileSync('/proc/self/task/' + process.pid + '/children', 'utf8').split(' ').length - 1;
      const full = [];
      try { for (;;) full.push(openSync('/dev/null')); } catch {}
      for (let free = 0; free < 4; free++) {
        let outcome = 'launched';
        try { launch(['/bin/true']).waitSync(); } catch (error) { outcome = error.code ?? error.message; }
        const spare = full.splice(-10);
        for (const each of spare) closeSync(each);
        const started = children();
        console.log(free, outcome, started);
        if (started > 0) break;
        while (full.length < 1000) try { full.push(openSync('/dev/null')); } catch { break; }
        for (const each of full.splice(-free - 1)) closeSync(each);
      }
    `);
    expect(said.trim().split('\n')).toEqual([
      '0 ERROR_TOO_MANY_OPEN_FILES 0', '1 ERROR_TOO_MANY_OPEN_FILES 0', '2 launched 1',
    ]);
  });

  test.runIf(MAY_MOUNT)('space', () => {
    const folder = makeFolder();
    expect(sayUnder(UNSHARED(`mount -t tmpfs -o size=128k none ${folder}`), folder, MAKE)).toMatch(/^SyncError ERROR_NOT_ENOUGH_MEMORY .*no space/);
  });

  test.runIf(MAY_MOUNT)('a file system that can be written to', () => {
    const folder = makeFolder();
    expect(sayUnder(UNSHARED(`mount -t tmpfs -o ro none ${folder}`), folder, MAKE)).toMatch(/^SyncError ERROR_WRITE_PROTECT .*WAITABLE_DIR/);
  });

  test.runIf(MAY_MOUNT)('/proc', () => {
    const folder = makeFolder();
    expect(sayUnder(UNSHARED('mount -t tmpfs none /proc'), folder, MAKE)).toMatch(/^SyncError ERROR_NOT_SUPPORTED .*mount \/proc/);
    expect(readdirSync(folder)).toEqual([]);
  });

  test.runIf(ROOT)('the right to write to WAITABLE_DIR', async () => {
    const folder = makeFolder();
    chmodSync(folder, 0o755);
    const program = new Program(folder, AS_SOMEBODY_ELSE);
    const failure = await program.failure("Mutex.create('m')");
    expect(failure).toMatchObject({ name: 'AccessDeniedError', code: 'ERROR_ACCESS_DENIED' });
    expect(failure.message).toContain('WAITABLE_DIR');
  });
});

describe.runIf(ROOT)('files are what they are to be', () => {
  test.each([0o177, 0o277, 0o777, 0o077, 0])('whatever the umask is: %o', async umask => {
    const folder = makeFolder();
    chmodSync(folder, 0o1777);
    const program = new Program(folder, AS_SOMEBODY_ELSE);
    expect(await program.run(`process.umask(${umask}); kept.event = Event.create('e', { initialState: true }); return (await kept.event.wait()).status;`)).toBe('signaled');
    expect(await program.run("Mutex.create('Global\\\\m', { security: 'everyone' }); return SharedMemory.create('s', 64).buffer.byteLength;")).toBe(64);
    expect(statSync(join(folder, `waitable-${SOMEBODY_ELSE}`)).mode & 0o7777).toBe(0o700);
    expect(statSync(join(folder, 'waitable-everyone')).mode & 0o7777).toBe(0o1777);
    expect(statSync(join(folder, 'waitable-everyone', 'objects')).mode & 0o7777).toBe(0o666);
  });

  test('also where the process that made the folder was killed before it gave it its mode', async () => {
    const folder = makeFolder();
    chmodSync(folder, 0o1777);
    const program = new Program(folder, AS_SOMEBODY_ELSE);
    await program.run(`const { mkdirSync } = await import('node:fs'); mkdirSync(${JSON.stringify(join(folder, `waitable-${SOMEBODY_ELSE}`))}, { mode: 0o200 });`);
    expect(await program.run("return Mutex.create('m').createdNew")).toBe(true);
  });

  test('and a section for everyone is made beside what another user has left behind', async () => {
    const folder = makeFolder();
    chmodSync(folder, 0o1777);
    const maker = new Program(folder);
    await maker.run("kept.event = Event.create('Global\\\\e', { security: 'everyone' })");
    for (let index = 1; index < 8; index++) writeFileSync(join(folder, 'waitable-everyone', `section-${index}-1`), '');
    const other = new Program(folder, AS_SOMEBODY_ELSE);
    expect(await other.run("kept.memory = SharedMemory.create('Global\\\\s', 4096, { security: 'everyone' }); kept.memory.buffer.byteLength; return kept.memory.createdNew;")).toBe(true);
    expect(await maker.run("return SharedMemory.open('Global\\\\s', 4096).buffer.byteLength")).toBe(4096);
  });
});

test.runIf(MAY_MOUNT)('on overlayfs, where a stat tells another device than maps, threads that come and go leave no mapping and no descriptor', () => {
  const folder = makeFolder();
  for (const part of ['lower', 'upper', 'work', 'merged']) mkdirSync(join(folder, part));
  const mount = `mount -t overlay overlay -o lowerdir=${folder}/lower,upperdir=${folder}/upper,workdir=${folder}/work ${folder}/merged`;
  const said = sayUnder(UNSHARED(mount), join(folder, 'merged'), `
    const { Worker } = await import('node:worker_threads');
    const { readFileSync, readdirSync, readlinkSync } = await import('node:fs');
    const event = Event.create('x');
    for (let round = 0; round < 3; round++) await new Promise(resolve => new Worker("import('waitable').then(({ Event }) => Event.create('x'))", { eval: true }).once('exit', resolve));
    const target = descriptor => { try { return readlinkSync('/proc/self/fd/' + descriptor); } catch { return ''; } };
    console.log(readFileSync('/proc/self/maps', 'latin1').split('\\n').filter(line => line.endsWith('/objects')).length, readdirSync('/proc/self/fd').filter(each => target(each).endsWith('/objects')).length);
  `);
  expect(said.trim()).toMatch(/^1 1$|wrong fs type|unknown filesystem|permission denied/);
});
