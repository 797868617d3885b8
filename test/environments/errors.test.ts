import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { makeProject } from './support/project.js';

test('a minifier leaves the names and codes of errors alone', async () => {
  await using project = makeProject({
    files: {
      'main.js': `
        import { inspect } from 'node:util';
        import * as waitable from 'waitable';
        import * as bitness from 'waitable/bitness';
        const classes = Object.entries({ ...waitable, ...bitness }).filter(([name]) => name.endsWith('Error'));
        const mutex = waitable.Mutex.create('minified ' + process.pid, { initiallyOwned: true });
        const caught = [];
        for (const act of [
          () => waitable.Event.open('Local\\\\minified ' + process.pid), () => waitable.Mutex.open('no such'), () => waitable.Mutex.create(''), () => { mutex.release(); mutex.release(); },
          () => { mutex.close(); mutex.waitSync(0); }, () => Reflect.construct(waitable.Mutex, []),
        ]) try { act(); } catch (error) { caught.push([error.name, error.code ?? 'no code', inspect(error).split(':')[0].split(' ')[0]]); }
        console.log(JSON.stringify({ classes: classes.map(([name, Class]) => [name, Class.name, Class.prototype.name]), caught }));
      `,
    },
  });
  await build({
    entryPoints: [project.path('main.js')], outfile: project.path('bundle.mjs'), bundle: true, minify: true, platform: 'node', format: 'esm', external: ['koffi'], logLevel: 'silent',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  expect(project.read('bundle.mjs')).not.toMatch(/class \w*Error\b/);
  const { code, stdout, stderr } = await project.node('bundle.mjs');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { classes, caught } = JSON.parse(stdout) as { classes: string[][]; caught: string[][] };
  expect(classes.length).toBeGreaterThan(10);
  for (const [name, ...names] of classes) expect(names).toEqual([name, name]);
  expect(caught).toEqual([
    ['KindMismatchError', 'ERR_KIND_MISMATCH', 'KindMismatchError'], ['NotFoundError', 'ERROR_FILE_NOT_FOUND', 'NotFoundError'], ['InvalidNameError', 'ERROR_INVALID_NAME', 'InvalidNameError'],
    ['NotOwnerError', 'ERROR_NOT_OWNER', 'NotOwnerError'], ['ClosedError', 'ERR_CLOSED', 'ClosedError'], ['TypeError', 'ERR_ILLEGAL_CONSTRUCTOR', 'TypeError'],
  ]);
});

test('errors are known across nested versions and realms of node:vm by instanceof, and by their name', async () => {
  await using project = makeProject({
    files: {
      'node_modules/tool/package.json': JSON.stringify({ name: 'tool', version: '1.0.0', type: 'module', exports: './index.js' }),
      'node_modules/tool/index.js': "export * as library from 'waitable';",
      'main.js': `
        import { readFileSync } from 'node:fs';
        import { createRequire } from 'node:module';
        import { createContext, Script } from 'node:vm';
        import * as own from 'waitable';
        import { library as nested } from 'tool';
        const require = createRequire(import.meta.url);
        const { AbortController, AbortSignal, clearTimeout, performance, setTimeout, TextDecoder, TextEncoder, URL } = globalThis;
        const context = createContext({ AbortController, AbortSignal, clearTimeout, performance, process, setTimeout, TextDecoder, TextEncoder, URL });
        const realm = new Script('(require, module) => {' + readFileSync('realm-library.cjs', 'utf8') + '\\n}').runInContext(context);
        const module = { exports: {} };
        realm(require, module);
        const copies = { own, nested, realm: module.exports };
        const results = {};
        for (const [from, copy] of Object.entries(copies)) {
          let error;
          try { copy.Mutex.open('no such mutex'); } catch (thrown) { error = thrown; }
          for (const [to, { NotFoundError, SyncError, ClosedError }] of Object.entries(copies)) {
            results[from + ' ' + to] = [error.name, error instanceof NotFoundError, error instanceof SyncError, error instanceof ClosedError].join();
          }
        }
        console.log(JSON.stringify({ distinct: new Set(Object.values(copies).map(copy => copy.SyncError)).size, results }));
      `,
    },
  });
  project.installLibrary('node_modules/tool', { version: '9.9.9' });
  await build({ entryPoints: [project.path('node_modules/waitable/dist/src/index.js')], outfile: project.path('realm-library.cjs'), bundle: true, platform: 'node', format: 'cjs', external: ['koffi'], logLevel: 'silent' });
  const { code, stdout, stderr } = await project.node('main.js');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { distinct, results } = JSON.parse(stdout) as { distinct: number; results: Record<string, string> };
  expect(distinct).toBe(3);
  expect(Object.keys(results)).toHaveLength(9);
  for (const result of Object.values(results)) expect(result).toBe('NotFoundError,true,true,false');
});
