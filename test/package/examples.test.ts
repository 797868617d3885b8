import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, describe, expect, it } from 'vitest';
import { pages, root } from './pages.js';
import * as waitable from 'waitable';
import * as bitness from 'waitable/bitness';
import * as stress from 'waitable/stress';

/*
 * The examples in the README, the guides and the TSDoc comments are programs: each is run in a Node of its own. All that
 * the package exports is there without imports; what else they take from their surroundings is in the prelude.
 */

const ENTRY_POINTS = { waitable, 'waitable/bitness': bitness, 'waitable/stress': stress };

const SURROUNDINGS = `
import fs from 'node:fs';
import os from 'node:os';
import { createEvent, duplicate } from '../support/foreign.js';
const set = Event.create('my-app ready', { manualReset: true, initialState: true });
const ready = set, event = Event.create(), mutex = Mutex.create('example'), slots = Semaphore.create(undefined, { initialCount: 1, maximumCount: 1 });
process.env.WAITABLE_INHERITED = 'lock=' + duplicate(mutex.handle);
const pid = process.pid, worker = Process.open(pid), channel = { send() {} }, message = { done: toHandle32(ready.handle) }, key = 'HKCU\\\\Software';
const file = os.devNull, text = '', url = '';
const library = { createCompletionEvent: createEvent };
const nothing = async () => {};
const migrate = nothing, repair = nothing, write = nothing, download = nothing, rebuild = () => {};
`;

/** A program that an example launches. */
const CHILD = `
import { Event, fromHandle } from 'waitable';
fromHandle(Event, Number(process.argv[2]), { adopt: true }).set();
`;

/** What they show is Windows' alone: elsewhere they are to say so. */
const OF_WINDOWS = ['dist/src/bitness/launch.d.ts', 'dist/src/bitness/system-directory.d.ts'];

const folder = mkdtempSync(fileURLToPath(new URL('dist/test/examples-', root)));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
writeFileSync(`${folder}/child.mjs`, CHILD);

const sources = [
  ...pages,
  ...['dist/src/', 'dist/stress/'].flatMap(folder => readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.d.ts'))
    .map(name => `${folder}${name.replaceAll('\\', '/')}`)),
];

/** An example that begins so is a module of that name, which others beside it import. */
const MODULE = /^\/\/ ([\w.-]+\.js)\n/;

const examples = sources.flatMap(source => examplesIn(readFileSync(new URL(source, root), 'utf8')).map((code, index) => ({ source, number: index + 1, code })));
const programs = examples.filter(({ code }) => !MODULE.test(code));
for (const { code } of examples) {
  const [, name] = MODULE.exec(code) ?? [];
  if (name !== undefined) writeFileSync(`${folder}/${name}`, transpile(code));
}

describe('the examples of the documentation', () => {
  it('are found, in the README and the guides as well as in the comments', () => {
    const inPages = programs.filter(({ source }) => source.endsWith('.md')).length;
    expect(programs.filter(({ source }) => source === 'README.md').length).toBeGreaterThan(2);
    expect(inPages).toBeGreaterThan(8);
    expect(programs.length - inPages).toBeGreaterThan(10);
  });

  it.for(programs)('run: $source, number $number', async ({ source, number, code }) => {
    const program = `${folder}/${source.replaceAll(/\W/g, '-')}-${number}.mjs`;
    writeFileSync(program, compile(code));
    const result = await run(program);
    if (process.platform !== 'win32' && OF_WINDOWS.includes(source)) expect(result.errors).toContain('UnsupportedPlatformError');
    else expect(result).toEqual({ exitCode: 0, errors: '' });
  });
});

function examplesIn(text: string): string[] {
  const uncommented = text.replaceAll(/^ *\* ?/gm, '');
  return [...uncommented.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code);
}

/** In a block, where it may declare what the prelude declares too. Its own imports are what the prelude imports already. */
function compile(code: string): string {
  const block = `{\n${code.replaceAll(/^import .* from 'waitable.*$/gm, '')}\n}\nprocess.exit();`;
  return transpile(`${imports()}${SURROUNDINGS}${block}`);
}

function transpile(code: string): string {
  const { outputText } = ts.transpileModule(code, { compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext } });
  return outputText;
}

function imports(): string {
  return Object.entries(ENTRY_POINTS).map(([name, exported]) => `import { ${Object.keys(exported).join(', ')} } from '${name}';`).join('\n');
}

function run(program: string): Promise<{ exitCode: number | null; errors: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => errors += chunk);
    child.once('error', reject);
    child.once('close', exitCode => resolve({ exitCode, errors }));
  });
}
