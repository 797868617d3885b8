import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { HEADER } from '../../src/kernel/linux/file/layout.js';
import { makeFolder, objectsFile, Program, Words } from './support.js';

const MANY = 100_000;
const CREATE_MANY = `
  kept.objects = [];
  for (let index = 0; index < ${MANY}; index++) kept.objects.push(index % 2 === 0 ? Mutex.create('o' + index) : Event.create('o' + index, { initialState: true }));
  return kept.objects.filter(object => object.createdNew).length;
`;
const CLOSE_MANY = 'for (const object of kept.objects) object.close();';

describe('100,000 objects at once', () => {
  test('are found by their names among all the others, and their slots are used again', async () => {
    const folder = makeFolder();
    const program = new Program(folder);
    expect(await program.run(CREATE_MANY)).toBe(MANY);
    const used = new Words(objectsFile(folder)).get(HEADER.OBJECTS_USED);
    expect(used).toBeGreaterThanOrEqual(MANY);

    expect(await program.run(`
      const wrong = [];
      for (let index = 0; index < ${MANY}; index += 1009) {
        const again = index % 2 === 0 ? Mutex.open('o' + index) : Event.open('o' + index);
        if (again.waitSync(0).status !== 'signaled') wrong.push(index);
        if (index % 2 === 0) again.release();
        if (kept.objects[index].waitSync(0).status !== (index % 2 === 0 ? 'signaled' : 'timeout')) wrong.push(index);
        if (index % 2 === 0) kept.objects[index].release();
        again.close();
        kept.objects[index].close();
        if (Mutex.tryOpen('o' + index) !== undefined) wrong.push(index);
      }
      return wrong;
    `)).toEqual([]);
    await program.run(`for (let index = 0; index < ${MANY}; index += 1009) kept.objects[index] = Mutex.create('o' + index);`);
    await program.run(CLOSE_MANY);
    expect(await program.run(CREATE_MANY)).toBe(MANY);
    expect(new Words(objectsFile(folder)).get(HEADER.OBJECTS_USED)).toBe(used);
  });

  test('are gone with the process that is killed, and the next one makes as many', async () => {
    const folder = makeFolder();
    // It keeps the file in use, so that nobody begins afresh.
    const witness = new Program(folder);
    await witness.run("kept.mutex = Mutex.create('witness')");
    const killed = new Program(folder);
    expect(await killed.run(CREATE_MANY)).toBe(MANY);
    const words = new Words(objectsFile(folder));
    const used = words.get(HEADER.OBJECTS_USED);
    await killed.kill();
    const next = new Program(folder);
    expect(await next.run("return Mutex.tryOpen('o0') === undefined && Event.tryOpen('o99999') === undefined")).toBe(true);
    expect(await next.run(CREATE_MANY)).toBe(MANY);
    expect(words.get(HEADER.OBJECTS_USED)).toBe(used);
  });
});

/** Only root can mount a file system; in many containers not even root. */
const place = mkdtempSync(join(tmpdir(), 'waitable-test-'));
const mount = (bytes: number) => spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'waitable-test', place]).status === 0;
const unmount = () => spawnSync('umount', [place]).status === 0;
const mounts = process.geteuid?.() === 0 && mount(4096) && unmount();

afterAll(() => rmdirSync(place));

describe.runIf(mounts)('a full file system', () => {
  test('refuses the first object when there is no room for the file', async () => {
    mount(400 * 1024);
    const program = new Program(place);
    try {
      const failure = await program.failure("Mutex.create('m')");
      expect(failure).toMatchObject({ name: 'SyncError', code: 'ERROR_NOT_ENOUGH_MEMORY' });
      expect(failure.message).toContain(objectsFile(place));
    } finally {
      await program.kill();
      unmount();
    }
  });

  test('refuses a further object, and those that exist go on', async () => {
    mount(1200 * 1024);
    const program = new Program(place);
    try {
      const failure = await program.failure("kept.objects = []; for (;;) kept.objects.push(Event.create('e' + kept.objects.length, { initialState: true }));");
      expect(failure).toMatchObject({ name: 'SyncError', code: 'ERROR_NOT_ENOUGH_MEMORY' });
      expect(failure.message).toContain('no space is left');
      const count = await program.run('return kept.objects.length');
      expect(count).toBeGreaterThan(2000);
      expect(await program.run("return kept.objects.filter(object => object.waitSync(0).status === 'signaled').length")).toBe(count);
      expect(await program.failure("SharedMemory.create('s', 1 << 20)")).toMatchObject({ code: 'ERROR_NOT_ENOUGH_MEMORY' });
      expect(await program.run("kept.objects.pop().close(); return Mutex.create('again').createdNew")).toBe(true);
    } finally {
      await program.kill();
      unmount();
    }
  });
});
