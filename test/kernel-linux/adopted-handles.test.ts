import { describe, expect, test } from 'vitest';
import { OBJECT, objectPlace } from '../../src/kernel/linux/file/layout.js';
import { PATIENCE } from '../support/patience.js';
import { makeFolder, objectsFile, Program, Words } from './support.js';

/** `startWorker(code)` gives a worker that has run the code, in which `waitable` and `parentPort` are in scope, as far as its message. */
const WORKERS = `
  const { Worker } = await import('node:worker_threads');
  scope.next = worker => new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
  scope.startWorker = async code => {
    const begin = "Promise.all([import('waitable'), import('node:worker_threads')]).then(([waitable, { parentPort }]) => { " + code + " })";
    const worker = new Worker(begin, { eval: true });
    await scope.next(worker);
    return worker;
  };
`;

const GIVER = "const bitness = await import('waitable/bitness'); scope.give = (object, to) => bitness.duplicateTo(to, object);";

function idOf({ child: { pid = 0 } }: Program): number {
  return pid;
}

describe('an adopted handle', () => {
  test('is its thread\'s own: it is not closed with the thread to which it was given', async () => {
    const folder = makeFolder();
    const [giver, program] = [new Program(folder, GIVER), new Program(folder, WORKERS)];
    await giver.run("kept.event = Event.create('e', { manualReset: true }); kept.event.set();");
    // No other thread of the program takes part.
    await program.run("kept.worker = await startWorker(\"globalThis.kept = waitable.Event.create(); parentPort.postMessage('ready'); setInterval(() => {}, 1000);\")");
    const handle = await giver.run(`return give(kept.event, ${idOf(program)})`) as number;
    await program.run(`kept.event = fromHandle(Event, ${handle}, { adopt: true }); await kept.worker.terminate();`);
    // Who makes something closes the handles of threads that have ended; its own are closed before.
    await giver.run('kept.event.close(); Event.create();');
    expect(await program.run('return kept.event.waitSync(0).status')).toBe('signaled');
    expect(await giver.run("return Event.open('e').waitSync(0).status")).toBe('signaled');
  });

  test('that another thread closes during a wait makes it fail, and not take the object that has come in its place', async () => {
    const folder = makeFolder();
    const [giver, program] = [new Program(folder, GIVER), new Program(folder, WORKERS)];
    await giver.run('kept.event = Event.create();'); // the first object of the folder
    await program.run("kept.own = Event.create('own');");
    const handle = await giver.run(`return give(kept.event, ${idOf(program)})`) as number;
    await giver.run('kept.event.close();');
    const code = `
      const event = waitable.fromHandle(waitable.Event, ${handle}, { adopt: true });
      parentPort.postMessage('ready');
      try { parentPort.postMessage(event.waitSync(${PATIENCE}).status); } catch (error) { parentPort.postMessage(error.code); }
    `;
    await program.run(`
      kept.worker = await startWorker(${JSON.stringify(code)});
      kept.answer = next(kept.worker);
    `);
    const words = new Words(objectsFile(folder));
    while ((words.get(objectPlace(1) + OBJECT.WAITERS) & 1) === 0) await new Promise(setImmediate); // until it sleeps
    await program.run(`
      fromHandle(Event, ${handle}, { adopt: true }).close();
      kept.another = Event.create(undefined, { initialState: true });
    `);
    expect(await program.run('return kept.answer')).toBe('ERROR_INVALID_HANDLE');
    expect(await program.run('return kept.another.waitSync(0).status')).toBe('signaled');
  });
});
