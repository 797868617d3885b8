import { describe, expect, test } from 'vitest';
import { KIND_PROCESS, OBJECT, objectPlace, OBJECT_BYTES } from '../../src/kernel/linux/file/layout.js';
import { makeFolder, objectsFile, Program, Words } from './support.js';

const COUNT = `
  const { openSync, fstatSync, readdirSync, readlinkSync } = await import('node:fs');
  const { Worker } = await import('node:worker_threads');
  const target = descriptor => { try { return readlinkSync('/proc/self/fd/' + descriptor); } catch { return ''; } };
  scope.pidfds = () => readdirSync('/proc/self/fd').filter(descriptor => target(descriptor).includes('pidfd')).length;
  scope.openSync = openSync;
  scope.isOpen = descriptor => { try { return fstatSync(descriptor).isFile(); } catch { return false; } };
  scope.startWorker = async () => {
    const code = "Promise.all([import('waitable'), import('node:worker_threads')]).then(([{ Process }, { parentPort }]) => { globalThis.kept = Process.open(process.ppid); parentPort.postMessage('ready'); setInterval(() => {}, 1000); })";
    const worker = new Worker(code, { eval: true });
    await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
    return worker;
  };
`;

describe('descriptors of processes', () => {
  test('are closed with the last handle, and stay open for those that are left', async () => {
    const program = new Program(makeFolder(), COUNT);
    expect(await program.run('kept.both = [Process.open(process.ppid), Process.open(process.pid)]; return pidfds();')).toBe(2);
    expect(await program.run('kept.both[0].close(); return [pidfds(), kept.both[1].waitSync(0).status];')).toEqual([1, 'timeout']);
    expect(await program.run('kept.both[1].close(); return pidfds();')).toBe(0);
  });

  test('do not add up when threads are terminated, also if another process closes their handles for them', async () => {
    const folder = makeFolder();
    const [program, other] = [new Program(folder, COUNT), new Program(folder)];
    await program.run("kept.event = Event.create('e')");
    for (let round = 0; round < 5; round++) {
      await program.run('await (await startWorker()).terminate();');
      await other.run('Event.create().close();');
    }
    expect(await program.run('kept.process = Process.open(process.pid); return pidfds();')).toBe(1);
    expect(await program.run('await (await startWorker()).terminate(); Event.create().close(); return pidfds();')).toBe(1);
    expect(await program.run('return kept.process.waitSync(0).status')).toBe('timeout');
  });

  test('are open in all threads of the process, and a thread waits for what another one has opened', async () => {
    const program = new Program(makeFolder(), COUNT);
    expect(await program.run("kept.process = Process.open(process.pid); return (await kept.process.wait({ timeout: 1 })).status;")).toBe('timeout');
  });

  test.each(['user', 'everyone'])('are not what the shared memory says: it may name any file of the program, and nothing is closed (%s)', async security => {
    const folder = makeFolder();
    const program = new Program(folder, COUNT);
    await program.run(`kept.event = Event.create('Global\\\\e', { security: '${security}' }); kept.descriptor = openSync('/etc/passwd');`);
    const words = new Words(security === 'user' ? objectsFile(folder) : `${folder}/waitable-everyone/objects`);
    const [pid, descriptor] = [await program.run('return process.pid') as number, await program.run('return kept.descriptor') as number];
    // Every field of every object that may be in use gets the number, but those that keep it in the tables.
    const kept: number[] = [OBJECT.REFERENCES, OBJECT.CHAIN, OBJECT.FLAGS, OBJECT.GENERATION];
    for (let index = 1; index < 8; index++) {
      const at = objectPlace(index);
      for (let field = 0; field < OBJECT_BYTES / 4; field++) if (!kept.includes(field)) words.set(at + field, descriptor);
      words.set(at + OBJECT.KIND, KIND_PROCESS);
      words.set(at + OBJECT.VALUE, pid);
    }
    await program.attempt('kept.event.close();');
    await program.attempt("Event.create('another').close();");
    expect(await program.run('return isOpen(kept.descriptor)')).toBe(true);
  });
});
