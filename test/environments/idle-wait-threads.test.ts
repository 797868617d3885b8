import { expect, test } from 'vitest';
import { makeProject, outputOf } from './support/project.js';

const KEPT = 3;
const COPIES = Array.from({ length: 8 }, (_, number) => `waitable-${number}`);

/** Counts the worker threads of a program, and has idle ones never end by the time. */
const PRELOADED = `
const { syncBuiltinESMExports } = require('node:module');
const timers = require('node:timers');
const { Worker } = require('node:worker_threads');
const { setTimeout } = timers;
timers.setTimeout = (action, time, ...rest) => setTimeout(action, time === 5000 ? 2 ** 31 - 1 : time, ...rest);
syncBuiltinESMExports();
const { unref } = Worker.prototype;
const running = Worker.running = new Set();
Worker.started = 0;
Worker.prototype.unref = function () {
  running.add(this);
  Worker.started++;
  this.once('exit', () => running.delete(this));
  return unref.call(this);
};
`;

/** Waits once with a wait thread; and until so many wait threads at most are left. */
const SUPPORT = `
import { Worker } from 'node:worker_threads';
export const { running } = Worker;
export const started = () => Worker.started;
export async function wait({ Event }) {
  const event = Event.create();
  const pending = event.wait();
  event.set();
  await pending;
  event.close();
}
export async function untilLeft(count) {
  const alive = setInterval(() => undefined, 1000);
  while (running.size > count) await Promise.race([...running].map(worker => new Promise(resolve => worker.once('exit', resolve))));
  clearInterval(alive);
}
`;

test('of many copies of the library in one thread, few keep wait threads that have nothing to do, and all wait again', async () => {
  await using project = makeProject({
    library: false,
    files: {
      'preloaded.cjs': PRELOADED,
      'support.js': SUPPORT,
      'main.js': `
        import { running, started, untilLeft, wait } from './support.js';
        const copies = await Promise.all(${JSON.stringify(COPIES)}.map(name => import(name)));
        for (const copy of copies) await wait(copy);
        await untilLeft(${KEPT});
        const once = started();
        for (const copy of copies.slice(-${KEPT})) await wait(copy);
        const again = started();
        // One whose wait pends meanwhile is not ended.
        const [{ Event, Mutex }] = copies;
        const event = Event.create();
        const pending = event.wait();
        const mutex = Mutex.create();
        const first = await mutex.acquire();
        const second = mutex.acquire();
        first.release();
        const lock = await second;
        for (const copy of copies.slice(1)) await wait(copy);
        await untilLeft(${KEPT} + 1);
        event.set();
        await pending;
        await untilLeft(${KEPT});
        console.log(JSON.stringify({ once, again, left: running.size, held: lock.held }));
        lock.release();
        process.exit();
      `,
    },
  });
  for (const name of COPIES) project.installLibrary('.', { name });
  const output = await project.output(process.execPath, ['--require', './preloaded.cjs', 'main.js']);
  expect(JSON.parse(output)).toEqual({ once: COPIES.length, again: COPIES.length, left: KEPT, held: true });
});

test('jest: the test files of one thread leave few wait threads behind', async () => {
  const text = `
    import * as library from 'waitable';
    import { started, untilLeft, wait } from '../support.js';
    test('waits', async () => {
      const before = started();
      await wait(library);
      expect(started()).toBe(before + 1);
      await untilLeft(${KEPT});
    }, 60_000);
  `;
  await using project = makeProject({
    packages: ['jest', '@jest/globals'],
    files: {
      'preloaded.cjs': PRELOADED,
      'support.js': SUPPORT,
      ...Object.fromEntries(COPIES.map(name => [`tests/${name}.test.js`, text])),
      'jest.config.js': 'export default { transform: {}, testEnvironment: "node" };',
    },
  });
  const nodeArgs = ['--require', './preloaded.cjs', '--experimental-vm-modules'];
  outputOf(await project.command('jest', ['--runInBand', '--forceExit', '--testTimeout=20000'], { nodeArgs }));
});
