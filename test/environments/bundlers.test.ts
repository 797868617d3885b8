import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeProject, outputOf, type Project } from './support/project.js';

/** What people do with it, in one file of theirs: waits of each sort that cannot succeed at once, so that they need a wait thread. */
const PROGRAM = `
import { Event, Mutex, waitAll, waitAny } from 'waitable';

async function main() {
  const event = Event.create(undefined, { manualReset: true }), other = Event.create(undefined, { manualReset: true }), mutex = Mutex.create();
  const first = await mutex.acquire();
  const waits = [event.wait(), waitAny([event, other]), waitAll([event, other]), mutex.acquire()];
  first.release();
  event.set();
  other.set();
  const [, , , second] = await Promise.all(waits);
  second.release();
  return 'served';
}
main().then(result => console.log(result), error => { console.log(String(error)); process.exitCode = 1; });
`;

interface Bundler {
  readonly bundler: string;
  /** The file that is to be run. */
  readonly result: string;
  readonly packages: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly bundle: (project: Project) => Promise<string>;
}

const ESBUILD = { 'build.mjs': `
import { build } from 'esbuild';
const [, , file, format] = process.argv;
await build({ entryPoints: ['main.js'], outfile: 'out/' + file, format, bundle: true, minify: true, platform: 'node', external: ['koffi'], logLevel: 'error' });
` };

const ROLLUP = { 'rollup.mjs': `
import { rollup } from 'rollup';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
// The least of a resolver: packages by Node's own rules.
const resolver = { name: 'resolve', resolveId: (id, from) => id === 'waitable' ? createRequire(import.meta.url).resolve(id) : undefined };
const bundle = await rollup({ input: 'main.js', plugins: [resolver], external: id => id === 'koffi' || id.startsWith('node:') });
await bundle.write({ file: 'out/' + process.argv[2], format: process.argv[3] });
` };

const WEBPACK = { 'webpack.config.cjs': `
module.exports = {
  entry: './main.js', target: 'node', mode: 'production', output: { path: __dirname + '/out', filename: 'webpack.cjs' },
  externals: { koffi: 'commonjs koffi' },
};` };

const BUNDLERS: readonly Bundler[] = [
  { bundler: 'esbuild, as a module', result: 'out/esbuild.mjs', packages: ['esbuild'], files: ESBUILD, bundle: project => project.node('build.mjs', ['esbuild.mjs', 'esm']).then(outputOf) },
  { bundler: 'esbuild, as CommonJS', result: 'out/esbuild.cjs', packages: ['esbuild'], files: ESBUILD, bundle: project => project.node('build.mjs', ['esbuild.cjs', 'cjs']).then(outputOf) },
  { bundler: 'rollup, as a module', result: 'out/rollup.mjs', packages: ['rollup'], files: ROLLUP, bundle: project => project.node('rollup.mjs', ['rollup.mjs', 'es']).then(outputOf) },
  { bundler: 'rollup, as CommonJS', result: 'out/rollup.cjs', packages: ['rollup'], files: ROLLUP, bundle: project => project.node('rollup.mjs', ['rollup.cjs', 'cjs']).then(outputOf) },
  {
    bundler: 'vite, for a server', result: 'out/main.js', packages: ['vite'],
    files: { 'vite.config.js': "export default { ssr: { noExternal: ['waitable'], external: ['koffi'] }, build: { ssr: 'main.js', outDir: 'out', minify: true } };" },
    bundle: project => project.command('vite', ['build', '--logLevel', 'warn']).then(outputOf),
  },
  {
    bundler: 'webpack', result: 'out/webpack.cjs', packages: ['webpack'],
    files: { ...WEBPACK, 'build.cjs': "require('webpack')(require('./webpack.config.cjs'), (error, stats) => { if (error || stats.hasErrors()) { console.error(error ?? stats.toString()); process.exit(1); } });" },
    bundle: project => project.node('build.cjs').then(outputOf),
  },
  {
    bundler: 'webpack, which leaves import.meta.url and new Worker() alone as Next.js does for servers', result: 'out/webpack.mjs', packages: ['webpack'],
    files: {
      ...WEBPACK,
      'build.cjs': `
        const config = require('./webpack.config.cjs');
        config.module = { parser: { javascript: { url: false, worker: false, importMeta: false } } };
        config.output = { ...config.output, filename: 'webpack.mjs', module: true, chunkFormat: 'module' };
        config.experiments = { outputModule: true };
        config.externalsType = 'module';
        config.externals = { koffi: 'koffi' };
        require('webpack')(config, (error, stats) => { if (error || stats.hasErrors()) { console.error(error ?? stats.toString()); process.exit(1); } });
      `,
    },
    bundle: project => project.node('build.cjs').then(outputOf),
  },
  { bundler: 'ncc', result: 'out/index.js', packages: ['@vercel/ncc'], bundle: project => project.command('@vercel/ncc', ['build', 'main.js', '-e', 'koffi', '-o', 'out'], { command: 'ncc' }).then(outputOf) },
];

describe.each(BUNDLERS)('a program that is bundled by $bundler', ({ result, packages, files = {}, bundle }) => {
  let project: Project;
  beforeAll(async () => {
    project = makeProject({ files: { 'main.js': PROGRAM, ...files }, packages });
    await bundle(project);
  });
  afterAll(() => project[Symbol.asyncDispose]());

  test('waits without being told where the wait thread is', async () => {
    expect(await project.node(result)).toEqual({ code: 0, signal: null, stdout: 'served\n', stderr: '' });
  });
});
