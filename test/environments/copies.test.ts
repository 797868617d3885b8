import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { uniqueName } from '../support/names.js';
import { CONTEND, excluding, HOLDER } from './support/contend.js';
import { makeProject, outputOf, type Project } from './support/project.js';

const ACQUIRES = 10_000;

const FILES = { 'contend.js': CONTEND, 'holder.mjs': HOLDER } as const;

/** A dependency that has a version of its own of the library. */
const NESTED = {
  'main.js': `
    import * as own from 'waitable';
    import { contend } from './contend.js';
    import * as nested from 'dependency';
    if (own.Mutex === nested.Mutex) throw new Error('there is one copy alone');
    console.log(JSON.stringify(await contend([own, nested, nested, own], process.argv[2], Number(process.argv[3]))));
  `,
  'node_modules/dependency/package.json': '{ "name": "dependency", "version": "1.0.0", "type": "module", "exports": "./index.js" }',
  'node_modules/dependency/index.js': `export * from 'waitable';`,
} as const;

function nested(): Project {
  const project = makeProject({ files: { ...FILES, ...NESTED } });
  project.installLibrary('node_modules/dependency', { version: '0.1.1' });
  return project;
}

/** What copies in one thread have come to. */
async function outcome(project: Project, acquires = ACQUIRES): Promise<unknown> {
  return JSON.parse(outputOf(await project.node('main.js', [uniqueName(), String(acquires)])));
}

test('a dependency with a version of its own contends with the program, and each acquire is alone', async () => {
  await using project = nested();
  expect(await outcome(project)).toEqual(excluding(ACQUIRES));
});

test('a package under another name is a copy like any other', async () => {
  await using project = makeProject({ files: { ...FILES, ...NESTED, 'node_modules/dependency/index.js': `export * from 'alias';` } });
  project.installLibrary('.', { name: 'alias' });
  expect(await outcome(project)).toEqual(excluding(ACQUIRES));
});

test('copies exclude each other where all of Node\'s modules are frozen', async () => {
  await using project = nested();
  project.write('freeze.mjs', `
    import diagnosticsChannel from 'node:diagnostics_channel';
    import events from 'node:events';
    import workerThreads from 'node:worker_threads';
    for (const frozen of [diagnosticsChannel, events, workerThreads]) Object.freeze(frozen);
  `);
  const output = await project.output(process.execPath, ['--import', './freeze.mjs', 'main.js', uniqueName(), '100']);
  expect(JSON.parse(output)).toEqual(excluding(100));
});

test('server chunks that each bring the library contend, and each acquire is alone', async () => {
  await using project = makeProject({
    files: {
      ...FILES,
      'page.js': `export * as library from 'waitable';`,
      'main.js': `
        import { contend } from './contend.js';
        const chunks = await Promise.all(['page', 'api'].map(name => import('./chunks/' + name + '.mjs')));
        const libraries = chunks.map(({ library }) => library);
        libraries.forEach(({ setWaitThread }) => setWaitThread(new URL(import.meta.resolve('waitable/wait-thread'))));
        if (new Set(libraries.map(({ Mutex }) => Mutex)).size < 2) throw new Error('there is one copy alone');
        console.log(JSON.stringify(await contend(libraries, process.argv[2], Number(process.argv[3]))));
      `,
    },
  });
  for (const name of ['page', 'api']) {
    await build({ entryPoints: [project.path('page.js')], outfile: project.path(`chunks/${name}.mjs`), format: 'esm', bundle: true, platform: 'node', target: 'node20', external: ['koffi'], logLevel: 'silent' });
  }
  expect(await outcome(project)).toEqual(excluding(ACQUIRES));
});

test('a context of node:vm, without Symbol.dispose, has a copy that works and contends with the one outside', async () => {
  await using project = makeProject({
    files: {
      ...FILES,
      'context.cjs': `
        const { readFileSync } = require('node:fs');
        const vm = require('node:vm');
        /** Has the library in a realm of its own, with the globals of Node but its Symbol. */
        exports.load = file => {
          const context = vm.createContext({ require, process, setTimeout, clearTimeout, setImmediate, queueMicrotask, performance, AbortController, AbortSignal, Buffer, URL });
          vm.runInContext('delete Symbol.dispose; delete Symbol.asyncDispose;', context);
          const module = { exports: {} };
          vm.runInContext('(function (module, exports, require) {' + readFileSync(file, 'utf8') + '})', context)(module, module.exports, require);
          return module.exports;
        };
      `,
      'main.js': `
        import { fileURLToPath } from 'node:url';
        import * as outside from 'waitable';
        import { load } from './context.cjs';
        import { contend } from './contend.js';
        const inside = load('inside.cjs');
        inside.setWaitThread(fileURLToPath(import.meta.resolve('waitable/wait-thread')));
        const mutex = inside.Mutex.create();
        const ran = await mutex.runExclusive(() => 'ran');
        let thrown;
        await mutex.runExclusive(() => { throw 'thrown'; }).catch(error => thrown = error);
        const lock = mutex.tryAcquire();
        (lock[Symbol.for('nodejs.dispose')] ?? lock[Symbol.dispose]).call(lock);
        const outcome = await contend([outside, inside], process.argv[2], Number(process.argv[3]));
        console.log(JSON.stringify({ ran, thrown, held: lock.held, ...outcome }));
      `,
    },
  });
  await build({ entryPoints: [project.path('node_modules/waitable/dist/src/index.js')], outfile: project.path('inside.cjs'), format: 'cjs', bundle: true, platform: 'node', target: 'node20', external: ['koffi'], logLevel: 'silent' });
  expect(await outcome(project, 1000)).toEqual({ ran: 'ran', thrown: 'thrown', held: false, ...excluding(1000) });
});

describe('test runners that give each test file its own modules', () => {
  /** Of two files in one thread, each takes the mutex for good if it can; and within each, two copies contend. */
  const testFile = (reset: string, again = 'waitable') => `
    import { appendFileSync } from 'node:fs';
    import { contend } from '../contend.js';
    test('copies of this file contend', async () => {
      const one = await import('waitable');
      ${reset}
      const other = await import('${again}');
      expect(other.Mutex).not.toBe(one.Mutex);
      expect(await contend([one, other], process.env.MUTEX_NAME + ' ' + Math.random(), ${ACQUIRES / 2})).toEqual(${JSON.stringify(excluding(ACQUIRES / 2))});
    }, 60_000);
    test('the mutex is taken for good', async () => {
      const { Mutex } = await import('waitable');
      const mutex = Mutex.create(process.env.MUTEX_NAME);
      const lock = mutex.tryAcquire();
      appendFileSync('taken.txt', process.pid + ' ' + (lock !== undefined) + '\\n');
      process.once('exit', () => mutex.close());
    });
  `;

  /** One file has it, the other does not, though both ran in one process. */
  function expectOneToHaveIt(project: Project): void {
    const taken = project.read('taken.txt').trim().split('\n').map(line => line.split(' '));
    expect(taken.map(([, took]) => took).toSorted()).toEqual(['false', 'true']);
    expect(new Set(taken.map(([pid]) => pid)).size).toBe(1);
  }

  test('jest: copies exclude each other, within a file and from one file to the next', async () => {
    const text = `import { jest } from '@jest/globals';${testFile('jest.resetModules();')}`;
    await using project = makeProject({
      packages: ['jest', '@jest/globals'],
      files: { ...FILES, 'tests/one.test.js': text, 'tests/other.test.js': text, 'jest.config.js': 'export default { transform: {}, testEnvironment: "node" };' },
    });
    outputOf(await project.command('jest', ['--runInBand', '--forceExit'], { nodeArgs: ['--experimental-vm-modules'], env: { MUTEX_NAME: uniqueName() } }));
    expectOneToHaveIt(project);
  });

  test.each(['vmThreads', 'vmForks'])('vitest with pool %s: copies exclude each other, within a file and from one file to the next', async pool => {
    const text = `import { expect, test } from 'vitest';${testFile('', 'alias')}`;
    await using project = makeProject({
      packages: ['vitest'],
      files: {
        ...FILES, 'tests/one.test.js': text, 'tests/other.test.js': text,
        'vitest.config.js': `export default { test: { pool: '${pool}', maxWorkers: 1, fileParallelism: false } };`,
      },
    });
    // Vitest resets no module of a package.
    project.installLibrary('.', { name: 'alias' });
    outputOf(await project.command('vitest', ['run'], { env: { MUTEX_NAME: uniqueName() } }));
    expectOneToHaveIt(project);
  });
});

test('negative control: two copies that share nothing are both inside', async () => {
  await using project = nested();
  const edit = (path: string, original: string, change: string) => {
    const file = `node_modules/dependency/node_modules/waitable/dist/src/${path}`;
    const text = project.read(file);
    expect(text).toContain(original);
    project.write(file, text.replaceAll(original, change));
  };
  edit('registry.js', `Symbol.for('waitable.thread@1')`, `Symbol('of this copy alone')`);
  // The kernel refuses a token's mutex to its own thread, and tells a copy what the thread owned before.
  edit('kernel/linux/objects/mutex.js', 'value === OF_TOKEN || this.#belongsToToken', 'false');
  edit('async/object-state.js', 'kernel.ownedDepth(value) ?? 0', '0');
  expect(await outcome(project, 100)).toMatchObject({ most: 2 });
});
