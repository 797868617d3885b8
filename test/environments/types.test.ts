import { cpSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { makeProject, outputOf, type Outcome, type Project } from './support/project.js';

// A compiler is slow on a machine that has much else to do.
vi.setConfig({ testTimeout: 240_000 });

/** Uses what is there, and what is not. `imports` is how a module of its kind imports the library as a whole. */
const main = (imports: string) => `
  ${imports}
  import { Mutex, TimeoutError, type WaitResult } from 'waitable';
  import { Layout, SharedMemory, type LaunchOptions } from 'waitable/bitness';
  import { scenarios, type Scenario } from 'waitable/stress';

  export const mutex: library.Mutex = Mutex.create();
  export const result: WaitResult = mutex.waitSync(0);
  export const memory: typeof SharedMemory = SharedMemory;
  export class Late extends TimeoutError {}
  export type First = (typeof scenarios)[0];
  export const options: LaunchOptions & { layout?: Layout<{}>; scenario?: Scenario } = {};

  // @ts-expect-error: a name is a text
  export const wrong = () => Mutex.create(5);
  // @ts-expect-error: an object is none
  export const text: string = mutex;

  mutex.release();
  export async function run(): Promise<void> {
    const lock = await mutex.acquire({ timeout: 1000 });
    lock.release();
    mutex.close();
    console.log(result.status, library.Mutex === Mutex, lock instanceof library.MutexLock);
  }
  void run();
`;

/** An ES module that gets an object through CommonJS. */
const MIXED = `
  import { Mutex } from 'waitable';
  import { mutex } from './main.cjs';
  export const same: Mutex = mutex;
  export const back: typeof mutex = Mutex.create();
  // @ts-expect-error: an ES module finds no default export
  import none from 'waitable';
`;

const AS_NAMESPACE = `import * as library from 'waitable';`;
const BY_REQUIRE = `import library = require('waitable');`;
const RAN = 'signaled true true\n';

/** With all entries of the library, and of each kind of module one that uses them and one that imports them all. */
function projectInTypeScript(): Project {
  const packages = ['typescript', '@types/node', 'undici-types'];
  const project = makeProject({ packageJson: { type: 'commonjs' }, packages });
  const declarations = { recursive: true, filter: (path: string) => !/\.(js|map)$/.test(path) };
  const stress = fileURLToPath(new URL('../../stress', import.meta.url));
  cpSync(stress, project.path('node_modules/waitable/dist/stress'), declarations);
  const { exports } = JSON.parse(project.read('node_modules/waitable/package.json')) as { exports: object };
  const all = Object.keys(exports).filter(entry => !entry.endsWith('.json')).map((entry, index) => `
    import * as all${index} from '${entry.replace('.', 'waitable')}';
    export type All${index} = typeof all${index};
  `);
  for (const kind of ['ts', 'cts', 'mts']) project.write(`entries.${kind}`, all.join('\n'));
  project.write('mixed.mts', MIXED);
  project.write('main.ts', main(AS_NAMESPACE));
  project.write('main.mts', main(AS_NAMESPACE));
  project.write('main.cts', main(BY_REQUIRE));
  return project;
}

/** Checks everything, the library's declarations too. */
async function compile(project: Project, files: readonly string[], compilerOptions: object): Promise<Outcome> {
  const options = { target: 'es2022', strict: true, skipLibCheck: false, types: ['node'], ...compilerOptions };
  project.write('tsconfig.json', JSON.stringify({ compilerOptions: options, files }));
  return await project.command('typescript', ['-p', '.'], { command: 'tsc' });
}

const IN_A_COMMONJS_PACKAGE = ['main.ts', 'entries.ts'];
const COMMONJS = ['main.cts', 'entries.cts'];
const ES_MODULES = ['main.mts', 'entries.mts', 'mixed.mts'];

test.each(['node16', 'nodenext'])(
  'module %s: all entries have types for ES modules and for CommonJS, the same ones, and programs of both run',
  async module => {
    await using project = projectInTypeScript();
    outputOf(await compile(project, [...ES_MODULES, ...COMMONJS, ...IN_A_COMMONJS_PACKAGE], { module }), 'tsc');
    for (const file of ['main.mjs', 'main.cjs', 'main.js']) {
      expect(outputOf(await project.node(file)), file).toBe(RAN);
    }
  },
);

test('moduleResolution node10: all entries have types for CommonJS, and a program runs', async () => {
  await using project = projectInTypeScript();
  const options = { module: 'commonjs', moduleResolution: 'node10', ignoreDeprecations: '6.0' };
  outputOf(await compile(project, IN_A_COMMONJS_PACKAGE, options), 'tsc');
  expect(outputOf(await project.node('main.js'))).toBe(RAN);
});

test('moduleResolution bundler: all entries have types', async () => {
  await using project = projectInTypeScript();
  const options = { module: 'esnext', moduleResolution: 'bundler', noEmit: true };
  outputOf(await compile(project, IN_A_COMMONJS_PACKAGE, options), 'tsc');
});

test('negative control: with declarations of ES modules alone, module node16 refuses CommonJS', async () => {
  await using project = projectInTypeScript();
  const manifest = 'node_modules/waitable/package.json';
  project.write(manifest, project.read(manifest).replaceAll(/"require": ".*",/g, ''));
  const { code, stdout } = await compile(project, COMMONJS, { module: 'node16', noEmit: true });
  expect(code).not.toBe(0);
  expect(stdout).toContain('TS1479');
});
