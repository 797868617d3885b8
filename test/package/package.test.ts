import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StressDocument } from 'waitable/stress';

/*
 * The package as others get it: packed, installed into an empty project, and used there without a compiler. It is packed from a copy of the project, since these tests run in `dist`.
 */

const SLOW = 600_000;
const WITHIN_REACH = ['node', 'npx', 'sh'];

const root = fileURLToPath(new URL('../../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'waitable-package-'));
const project = join(folder, 'project');
const path = join(folder, 'bin');

afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(() => {
  const copy = join(folder, 'copy');
  for (const name of ['package.json', 'README.md', 'LICENSE', 'dist', 'stress']) {
    cpSync(join(root, name), join(copy, name), { recursive: true, filter: source => !source.startsWith(join(root, 'dist', 'test')) });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  // In a continuous integration it is a failure if those for Windows cannot be built, which are none of this test's.
  run(copy, process.execPath, ['dist/stress/package/prepack.js'], { ...process.env, CI: '', WAITABLE_REQUIRE_WINE: '' });
  run(copy, 'npm', ['pack', '--ignore-scripts', '--pack-destination', folder]);

  mkdirSync(project);
  const [archive = ''] = readdirSync(folder).filter(name => name.endsWith('.tgz'));
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'project', version: '1.0.0', type: 'module', dependencies: { waitable: `file:../${archive}` } }));
  writeFileSync(join(project, 'package-lock.json'), JSON.stringify(lockOfDependencies()));
  run(project, 'npm', ['install', '--prefer-offline', '--no-audit', '--no-fund']);

  mkdirSync(path);
  for (const command of WITHIN_REACH) symlinkSync(whereIs(command), join(path, command));
}, SLOW);

/** What the package needs is locked to what this project has of it, which npm has in its cache. */
function lockOfDependencies(): object {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, { dev?: true }> };
  const needed = Object.entries(packages).filter(([name, { dev }]) => name !== '' && dev !== true);
  return { name: 'project', version: '1.0.0', lockfileVersion: 3, requires: true, packages: Object.fromEntries(needed) };
}

function whereIs(command: string): string {
  const found = (process.env['PATH'] ?? '').split(delimiter).map(each => join(each, command)).find(file => existsSync(file));
  if (found === undefined) throw new Error(`there is no ${command} on the PATH`);
  return found;
}

function run(cwd: string, command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? `exit code ${status}`}\n${stdout}${stderr}`);
  return stdout;
}

/** In the project, where nothing tells where the programs of the stress run are. */
function runInstalled(command: string, ...args: string[]): string {
  return run(project, command, args, { PATH: path, HOME: process.env['HOME'] });
}

describe('the package, installed into an empty project', () => {
  test('runs the stress run by npx, with its own C programs and without a compiler', () => {
    const { runs: [report], notRun } = JSON.parse(runInstalled('npx', 'waitable-stress', '--seconds', '1', '--scenario', 'mutex', 'semaphore', '--helpers64', '1', '--json')) as StressDocument;
    expect(notRun).toEqual([]);
    expect(report).toMatchObject({ kernel: 'linux', exitCode: 0, passed: true, options: { contenders: { thread: 2, helper32: 2, helper64: 1 } } });
    expect(report?.scenarios.map(({ verdict }) => verdict)).toEqual(['held', 'held']);
    expect(existsSync(join(project, 'node_modules', '.cache'))).toBe(false);
  }, SLOW);

  test('lists and explains, under its own name', () => {
    expect(runInstalled('npx', 'waitable-stress', '--list')).toContain('mutex');
    expect(runInstalled('npx', 'waitable-stress', '--help')).toContain('Usage: waitable-stress [options]');
  });

  test('gives the run as a function, and needs nothing for it but what the locks need', () => {
    writeFileSync(join(project, 'run.js'), `
      import { runStress, scenarios } from 'waitable/stress';
      const { passed, options } = await runStress({ scenarios: scenarios.filter(({ name }) => name === 'semaphore'), seconds: 0.3 });
      console.log(JSON.stringify({ passed, ...options.contenders }));
    `);
    expect(JSON.parse(runInstalled('node', 'run.js'))).toEqual({ passed: true, thread: 2, helper32: 2 });
    expect(Object.keys((JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies: object }).dependencies)).toEqual(['koffi']);
  }, SLOW);

  test('runs scenarios and roles of the project, and tells what has changed since the run before', () => {
    for (const name of ['own.scenarios.js', 'counting.role.js']) cpSync(join(root, 'dist/test/stress/fixtures', name), join(project, name));
    runInstalled('npx', 'waitable-stress', '--load', 'own.scenarios.js', '--seconds', '1', '--node32', '0', '--json', 'first.json');
    expect(JSON.parse(readFileSync(join(project, 'first.json'), 'utf8'))).toMatchObject({ runs: [{ exitCode: 0, scenarios: [{ scenario: 'own-lock', verdict: 'held', contenders: [{ kind: 'thread' }, { kind: 'thread' }] }] }] });
    const told = runInstalled('npx', 'waitable-stress', '--load', 'own.scenarios.js', '--seconds', '1', '--node32', '0', '--workers', '1', '--compare', 'first.json');
    expect(told).toContain('linux: contenders thread=2 helper32=2 then, thread=1 helper32=2 now');
    expect(runInstalled('npx', 'waitable-stress-report', 'first.json', '--compare', 'first.json')).toContain('nothing has changed');
  }, SLOW);

  test('draws the page of a run with nothing installed but the package', () => {
    runInstalled('npx', 'waitable-stress', '--seconds', '1', '--scenario', 'mutex', '--json', 'run.json', '--html', 'run.html');
    expect(readFileSync(join(project, 'run.html'), 'utf8')).toMatch(/<figure.*<svg .*<\/svg>/s);
    runInstalled('npx', 'waitable-stress-report', 'run.json', '--html', 'report.html');
    expect(readFileSync(join(project, 'report.html'), 'utf8')).toMatch(/<figure.*<svg .*<\/svg>/s);
  }, SLOW);

  test('has no peers, for which a package manager would install it once more', () => {
    const manifest = JSON.parse(readFileSync(join(project, 'node_modules/waitable/package.json'), 'utf8')) as object;
    expect(Object.keys(manifest).filter(field => field.startsWith('peer') || field === 'optionalDependencies')).toEqual([]);
  });

  test('has types that a strict project compiles with', () => {
    writeFileSync(join(project, 'types.ts'), `
      import { Mutex } from 'waitable';
      import { SharedMemory } from 'waitable/bitness';
      import { runStress, type Scenario, type StressReport } from 'waitable/stress';
      export const run = (scenario: Scenario): Promise<StressReport> => runStress({ scenarios: [scenario] });
      export const made = [Mutex.create(), SharedMemory];
    `);
    run(project, process.execPath, [
      join(root, 'node_modules/typescript/bin/tsc'), '--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', '--lib', 'es2023,esnext.disposable',
      '--typeRoots', join(root, 'node_modules/@types'), '--types', 'node', 'types.ts',
    ]);
  }, SLOW);

  test('says so where a program is not the one that was packed', () => {
    const helper = join(project, 'node_modules/waitable/dist/helpers/linux/helper32');
    const whole = readFileSync(helper);
    writeFileSync(helper, whole.subarray(0, 1000));
    try {
      expect(() => runInstalled('npx', 'waitable-stress', '--seconds', '1', '--scenario', 'mutex')).toThrow('helper32 is not the program that this package was packed with: install it again');
    } finally {
      writeFileSync(helper, whole);
    }
  });
});
