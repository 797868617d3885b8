import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startProcess } from './support.js';

/** Beside the tests, so that `koffi` is found from there. */
const folder = mkdtempSync(fileURLToPath(new URL('bundle-', import.meta.url)));
const WAIT_THREAD = join(folder, 'wait-thread.mjs');

async function bundle(entry: string, outfile: string, format: 'esm' | 'cjs'): Promise<void> {
  await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    outfile, format, bundle: true, platform: 'node', target: 'node20', external: ['koffi'], logLevel: 'silent',
  });
}

afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(() => bundle('../../workers/wait-thread.js', WAIT_THREAD, 'esm'));

describe.each([
  { format: 'esm', file: 'program.mjs' },
  { format: 'cjs', file: 'program.cjs' },
] as const)('a program bundled into one file of format $format', ({ format, file }) => {
  const program = join(folder, file);
  beforeAll(() => bundle('fixtures/bundled.js', program, format));

  async function run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
    const companion = startProcess(program, args, env);
    const line = await companion.line();
    expect(await companion.ended).toEqual({ code: 0, errors: '' });
    return line;
  }

  test('works by itself', async () => {
    expect(await run([])).toBe('served');
  });

  test('says what is wrong when WAITABLE_WAIT_THREAD names what is not there', async () => {
    expect(await run([], { WAITABLE_WAIT_THREAD: join(folder, 'nothing.js') })).toMatch(/NotFoundError: .*'waitable\/wait-thread'.*setWaitThread\(\).*WAITABLE_WAIT_THREAD/);
  });

  test('works with setWaitThread and the wait thread as an entry point of its own', async () => {
    expect(await run([WAIT_THREAD])).toBe('served');
  });

  test('works with WAITABLE_WAIT_THREAD', async () => {
    expect(await run([], { WAITABLE_WAIT_THREAD: WAIT_THREAD })).toBe('served');
  });
});
