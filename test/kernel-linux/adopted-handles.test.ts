import { describe, expect, test } from 'vitest';
import { OBJECT, objectPlace } from '../../src/kernel/linux/file/layout.js';
import { PATIENCE } from '../support/patience.js';
import { makeFolder, objectsFile, Program, Words } from './support.js';

/** `startWorker(code)` gives a worker that has run the code, in which `waitable` and `parentPort` are in scope, as far as its message. */
const WORKERS = `
  const { Worker } = await import('node:worker_threads');
  scope.next = worker => new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
  scope.startWorker = async (code, workerData) => {
    const begin = "Promise.all([import('waitable'), import('node:worker_threads')]).then(([waitable, { parentPort }]) => { " + code + " })";
    const worker = new Worker(begin, { eval: true, workerData });
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

  test('that another thread closes during a wait for all makes it fail, and not take the object that has come in its place', async () => {
    const folder = makeFolder();
    const [giver, program] = [new Program(folder, GIVER), new Program(folder, WORKERS)];
    await giver.run('kept.event = Event.create();'); // the first object of the folder
    await program.run("kept.missing = Event.create('missing');"); // the second
    const handle = await giver.run(`return give(kept.event, ${idOf(program)})`) as number;
    await giver.run('kept.event.set(); kept.event.close();');
    const code = `
      const event = waitable.fromHandle(waitable.Event, ${handle}, { adopt: true });
      const missing = waitable.Event.open('missing');
      parentPort.postMessage('ready');
      try { parentPort.postMessage(waitable.waitAllSync([event, missing], ${PATIENCE}).status); } catch (error) { parentPort.postMessage(error.code); }
    `;
    await program.run(`
      kept.worker = await startWorker(${JSON.stringify(code)});
      kept.answer = next(kept.worker);
    `);
    const words = new Words(objectsFile(folder));
    while ((words.get(objectPlace(2) + OBJECT.WAITERS) & 1) === 0) await new Promise(setImmediate); // until it sleeps
    await program.run(`
      fromHandle(Event, ${handle}, { adopt: true }).close();
      kept.another = Event.create(undefined, { initialState: true });
      kept.missing.set();
    `);
    expect(await program.run('return kept.answer')).toBe('ERROR_INVALID_HANDLE');
    expect(await program.run('return [kept.another, kept.missing].map(event => event.waitSync(0).status)')).toEqual(['signaled', 'signaled']);
  });

  test('that another thread closes during a wait ends the turn of another object that the wait has asked for', async () => {
    const folder = makeFolder();
    const [giver, program] = [new Program(folder, GIVER), new Program(folder, WORKERS)];
    await giver.run('kept.event = Event.create();'); // the first object of the folder
    await program.run("kept.mutex = Mutex.create('mutex', { initiallyOwned: true });"); // the second
    const handle = await giver.run(`return give(kept.event, ${idOf(program)})`) as number;
    await giver.run('kept.event.close();');
    const code = `
      const event = waitable.fromHandle(waitable.Event, ${handle}, { adopt: true });
      const mutex = waitable.Mutex.open('mutex');
      parentPort.postMessage('ready');
      try { parentPort.postMessage(waitable.waitAnySync([event, mutex], ${PATIENCE}).status); } catch (error) { parentPort.postMessage(error.code); }
    `;
    await program.run(`
      kept.worker = await startWorker(${JSON.stringify(code)});
      kept.answer = next(kept.worker);
    `);
    const words = new Words(objectsFile(folder));
    while (words.get(objectPlace(2) + OBJECT.RESERVED) === 0) await new Promise(setImmediate);
    await program.run(`fromHandle(Event, ${handle}, { adopt: true }).close();`);
    expect(await program.run('return kept.answer')).toBe('ERROR_INVALID_HANDLE');
    expect(words.get(objectPlace(2) + OBJECT.RESERVED)).toBe(0);
  });

  test.each([
    ['event', 'Event', 'set', "Event.create(undefined, { initialState: true })"],
    ['semaphore', 'Semaphore', 'release', "Semaphore.create(undefined, { initialCount: 1, maximumCount: 1 })"],
    ['mutex', 'Mutex', 'release', 'Mutex.create()'],
  ])('that another thread closes just before the wait takes it makes the wait fail, and give back what it took of the object in its place: %s', async (_, kind, signal, another) => {
    const folder = makeFolder();
    const [giver, program] = [new Program(folder, GIVER), new Program(folder, WORKERS)];
    await giver.run(`kept.object = ${another}; kept.object.waitSync(0);`); // the first object of the folder
    await program.run("kept.own = Event.create('own');");
    const handle = await giver.run(`return give(kept.object, ${idOf(program)})`) as number;
    // Its first take from a free object comes when the test says so.
    const code = `
      const object = waitable.fromHandle(waitable.${kind}, ${handle}, { adopt: true });
      const { workerData } = process.getBuiltinModule('node:worker_threads');
      const gate = new Int32Array(workerData);
      const { compareExchange } = Atomics;
      const isTake = kind => kind === 'Mutex' ? (place, from, to) => from === 0 && (to & 0x3fffffff) !== 0 : (place, from, to) => from === 1 && to === 0;
      const takes = isTake('${kind}');
      Atomics.compareExchange = (words, place, from, to) => {
        if (place === ${objectPlace(1)} && takes(place, from & 0x7fffffff, to) && Atomics.load(words, place) === from) {
          Atomics.store(gate, 0, 1);
          while (Atomics.load(gate, 0) !== 2) Atomics.wait(gate, 1, 0, 1);
        }
        return compareExchange(words, place, from, to);
      };
      parentPort.postMessage('ready');
      try { parentPort.postMessage(object.waitSync(${PATIENCE}).status); } catch (error) { parentPort.postMessage(error.code); }
    `;
    await program.run(`
      kept.gate = new Int32Array(new SharedArrayBuffer(8));
      kept.worker = await startWorker(${JSON.stringify(code)}, kept.gate.buffer);
      kept.answer = next(kept.worker);
    `);
    const words = new Words(objectsFile(folder));
    while ((words.get(objectPlace(1) + OBJECT.WAITERS) & 1) === 0 && words.get(objectPlace(1)) >= 0) await new Promise(setImmediate); // until it sleeps
    await giver.run(`kept.object.${signal}(); kept.object.close();`);
    await program.run(`
      while (Atomics.load(kept.gate, 0) !== 1) await new Promise(setImmediate);
      fromHandle(${kind}, ${handle}, { adopt: true }).close();
      kept.another = ${another};
      Atomics.store(kept.gate, 0, 2);
    `);
    expect(await program.run('return kept.answer')).toBe('ERROR_INVALID_HANDLE');
    expect(await program.run('return kept.another.waitSync(0).status')).toBe('signaled');
  });
});
