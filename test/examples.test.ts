import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, describe, expect, it } from 'vitest';

/*
 * The examples in the README and in the TSDoc comments are programs: each is run in a Node of its own. What they take from their surroundings is in the prelude.
 */

const PRELUDE = `
import * as waitable from 'waitable';
import { SharedMemory } from 'waitable/bitness';
import fs from 'node:fs';
import os from 'node:os';
import { createEvent } from '../support/foreign.js';
const { Event, fromHandle, Mutex, Process, Semaphore, setWaitThread, snapshot, Timer, waitAnySync, safeName } = waitable;
const set = Event.create('my-app ready', { manualReset: true, initialState: true });
const ready = set, mutex = Mutex.create('example'), slots = Semaphore.create(undefined, { initialCount: 1, maximumCount: 1 });
const pid = process.pid, file = os.devNull, text = '', url = '';
const library = { createCompletionEvent: createEvent };
const nothing = async () => {};
const migrate = nothing, repair = nothing, write = nothing, download = nothing, rebuild = () => {};
`;

const root = new URL('../../', import.meta.url);
const folder = mkdtempSync(fileURLToPath(new URL('dist/test/examples-', root)));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sources = [
  'README.md',
  ...readdirSync(new URL('dist/src/', root), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.d.ts'))
    .map(name => `dist/src/${name.replaceAll('\\', '/')}`),
];

const programs = sources.flatMap(source => examplesIn(readFileSync(new URL(source, root), 'utf8')).map((code, index) => ({ source, number: index + 1, code })));

describe('the examples of the documentation', () => {
  it('are found', () => expect(programs.length).toBeGreaterThan(15));

  it.for(programs)('run: $source, number $number', async ({ source, number, code }) => {
    const program = `${folder}/${source.replaceAll(/\W/g, '-')}-${number}.mjs`;
    writeFileSync(program, compile(code));
    expect(await run(program)).toEqual({ exitCode: 0, errors: '' });
  });
});

function examplesIn(text: string): string[] {
  const uncommented = text.replaceAll(/^ *\* ?/gm, '');
  return [...uncommented.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code);
}

/** Imports first; the rest in a block, where it may declare what the prelude declares too. */
function compile(code: string): string {
  const imports = code.match(/^import .*$/gm) ?? [];
  const body = code.replaceAll(/^import .*$/gm, '');
  const names = imports.flatMap(line => /\{ (.*) \}/.exec(line)?.[1]?.split(', ') ?? []);
  const block = `{\nconst { ${names.filter(name => name !== 'SharedMemory').join(', ')} } = waitable;\n${body}\n}\nprocess.exit();`;
  const { outputText } = ts.transpileModule(PRELUDE + block, { compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext } });
  return outputText;
}

function run(program: string): Promise<{ exitCode: number | null; errors: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program], { stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => errors += chunk);
    child.once('error', reject);
    child.once('close', exitCode => resolve({ exitCode, errors }));
  });
}
