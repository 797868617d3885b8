import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { ClosedError, Event, Mutex, NotFoundError, Process, Semaphore, SyncError, UnsupportedPlatformError, waitAny } from 'waitable';
import { bitnessOf, launch, LaunchedProcess, type Command, type LaunchOptions } from 'waitable/bitness';
import { hasProgram, peerPrograms } from '../../../stress/peers/programs.js';
import { expectThrow, untyped } from '../../support/expect-throw.js';
import { sameObject } from '../../support/foreign.js';
import { uniqueName } from '../../support/names.js';
import { RUN_SCRIPT } from '../../support/runtime.js';
import { PATIENCE } from '../../support/patience.js';
import { CHILDREN_INHERIT, FOLDS_NAMES_OF_VARIABLES, HAS_SHELL_EXECUTE, SCRIPTS_SEE_PATH } from '../../support/rows.js';

const CHILD = fileURLToPath(new URL('fixtures/child.js', import.meta.url));
const OWN_BITNESS = process.arch === 'ia32' ? 32 : 64;

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'waitable-launch-')));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));

/** A program that anybody may start, but for what is in it. */
const text = join(folder, 'text.exe');
writeFileSync(text, 'just some text\n');
chmodSync(text, 0o755);

/** Programs of both bitnesses that this machine has. */
const HELPERS = ([['helper32', 32], ['helper64', 64]] as const).filter(([program]) => hasProgram(program)).map(([program, bitness]) => ({ program: peerPrograms[program], bitness }));

function launchNode(...args: string[]): (options?: LaunchOptions) => LaunchedProcess {
  return options => launch([...RUN_SCRIPT, CHILD, ...args], options);
}

function exitCode(child: LaunchedProcess): number | undefined {
  expect(child.waitSync(PATIENCE).status).toBe('signaled');
  return child.exitCode;
}

describe('a process that was launched', () => {
  test('is an object to wait for, and tells how it ended', async () => {
    using child = launchNode('exit', '7')();
    expect(child).toMatchObject({ kind: 'process', name: undefined, closed: false });
    expect((await waitAny([child], { timeout: PATIENCE })).object).toBe(child);
    expect(child.exitCode).toBe(7);
  });

  test('has no exit code while it runs', async () => {
    const name = uniqueName();
    using gate = Mutex.create(name, { initiallyOwned: true });
    using child = launch([helperOf(OWN_BITNESS), `open mutex 0 ${encodeURIComponent(name)}`, 'wait -1 0', 'die 5']);
    expect(child.exitCode).toBeUndefined();
    expect(child.processId).toBeGreaterThan(0);
    gate.release();
    await child.wait({ timeout: PATIENCE });
    expect(child.exitCode).toBe(5);
  });

  test.each(HELPERS)('has the bitness of its program: $bitness', ({ program, bitness }) => {
    using event = Event.create(uniqueName());
    using child = launch([program, `open event 0 ${encodeURIComponent(event.name ?? '')}`, 'wait -1 0'], { bitness });
    using same = Process.open(child.processId);
    expect([child.bitness, bitnessOf(same)]).toEqual([bitness, bitness]);
    event.set();
    expect(exitCode(child)).toBe(0);
  });

  test('runs on when its object is closed', async () => {
    using event = Event.create(uniqueName(), { manualReset: true });
    const child = launch([helperOf(OWN_BITNESS), `open event 0 ${encodeURIComponent(event.name ?? '')}`, 'wait -1 0', 'reset 0']);
    using other = Process.open(child.processId);
    child.close();
    expect(() => child.exitCode).toThrow(ClosedError);
    expect(other.waitSync(0).status).toBe('timeout');
    event.set();
    expect((await other.wait({ timeout: PATIENCE })).status).toBe('signaled');
    expect(event.waitSync(0).status).toBe('timeout');
  });

  test('gets its arguments as they were given', () => {
    const args = ['', ' ', 'plain', 'two words', 'quote"inside', '"', '\\', 'back\\slash', 'ends\\', 'ends with space\\ \\', '\\"', '\\\\"', 'a\tb', '%PATH%', '$HOME', '*', 'ä€𝄞', '^&|<>'];
    using child = launchNode('arguments', ...args)({ env: { ...process.env, EXPECTED_ARGUMENTS: JSON.stringify(args) } });
    expect(exitCode(child)).toBe(0);
  });

  test('gets the directory and the environment that it was given', () => {
    const directory = tmpdir();
    using there = launchNode('directory', directory)({ cwd: directory });
    using env = launchNode('environment', 'x=1;ü')({ env: { ...process.env, ADDED: 'x=1;ü', LEFT_OUT: undefined } });
    expect([exitCode(there), exitCode(env)]).toEqual([0, 0]);
  });

  test.runIf(SCRIPTS_SEE_PATH)('gets the PATH that it was given, however the system writes it', () => {
    const path = dirname(process.execPath);
    using child = launchNode('variable', 'PATH', path)({ env: { ...process.env, PATH: path } });
    expect(exitCode(child)).toBe(0);
  });

  test.runIf(FOLDS_NAMES_OF_VARIABLES)('gets what it cannot do without, also with no environment at all', () => {
    using child = launchNode('variable', 'SystemRoot')({ env: {} });
    expect(exitCode(child)).toBe(0);
  });

  test.each(HELPERS)('is found by a relative path from the directory that it gets, with its bitness named ($bitness) or not', ({ program, bitness }) => {
    const below = join(folder, `below${bitness}`);
    mkdirSync(below);
    copyFileSync(program, join(below, 'copy.exe'));
    for (const options of [{}, { bitness }]) {
      using beside = launch(['./copy.exe', 'die 4'], { cwd: below, ...options });
      using above = launch([`${basename(below)}/copy.exe`, 'die 5'], { cwd: folder, ...options });
      expect([exitCode(beside), exitCode(above)]).toEqual([4, 5]);
    }
    expect(() => launch(['./copy.exe'], { cwd: folder })).toThrow(NotFoundError);
    expect(() => launch(['./copy.exe'], { cwd: folder, bitness })).toThrow(NotFoundError);
  });
});

describe.runIf(CHILDREN_INHERIT)('what a child inherits', () => {
  test('is what it was left, by its label and under the same value', () => {
    using done = Event.create();
    using child = launchNode('set-inherited')({ inherit: { done } });
    expect(exitCode(child)).toBe(0);
    expect(done.waitSync(0).status).toBe('signaled');
  });

  test.each(HELPERS)('reaches a program of $bitness bits that takes it from its command line', ({ program, bitness }) => {
    using done = Event.create();
    using permits = Semaphore.create(undefined, { initialCount: 0, maximumCount: 9 });
    using child = launch(handles => [program, `adopt event 0 ${handles['done'] ?? 0}`, 'set 0', `adopt semaphore 1 ${handles['permits'] ?? 0}`, 'release 1 3'], { inherit: { done, permits }, bitness });
    expect(exitCode(child)).toBe(0);
    expect(done.waitSync(0).status).toBe('signaled');
    expect(permits.release()).toBe(3);
  });

  test('is not what merely could be inherited', () => {
    using done = Event.create();
    const name = uniqueName();
    using other = Event.create(name, { inheritable: true });
    using child = launchNode('lacks', String(other.handle), name)({ inherit: { done } });
    using none = launchNode('lacks', String(other.handle), name)();
    expect([exitCode(child), exitCode(none)]).toEqual([0, 0]);
  });

  test('is gone from this process after the launch, also after one that failed', () => {
    using done = Event.create();
    let handle = 0;
    const missing = (handles: Readonly<Record<string, number>>): Command => {
      handle = handles['done'] ?? 0;
      return ['no-such-program.exe'];
    };
    expect(() => launch(missing, { inherit: { done } })).toThrow(NotFoundError);
    expect(handle).not.toBe(0);
    expect(sameObject(done.handle, handle)).toBe(false);
  });
});

describe.runIf(HAS_SHELL_EXECUTE)('by the shell', () => {
  test.each(HELPERS)('a program of $bitness bits is launched too, and waited for', ({ program, bitness }) => {
    using event = Event.create(uniqueName());
    using child = launch([program, `open event 0 ${encodeURIComponent(event.name ?? '')}`, 'set 0', 'die 3'], { method: 'ShellExecute', bitness });
    expect(exitCode(child)).toBe(3);
    expect(event.waitSync(0).status).toBe('signaled');
  });

  test('nothing is inherited, no environment given and no stream', () => {
    using done = Event.create();
    for (const [argument, options] of [['inherit', { inherit: { done } }], ['env', { env: {} }], ['stdio', { stdio: 'inherit' }]] as const) {
      expectThrow(() => launch([process.execPath], { method: 'ShellExecute', ...options }), TypeError, { code: 'ERR_INVALID_ARG_TYPE', mentions: [argument, 'ShellExecute'] });
    }
  });

  test.each(['x.bat', 'x.CMD', 'x.cmd. .'])('no batch file is opened: %s', file => {
    expectThrow(() => launch([file], { method: 'ShellExecute' }), TypeError, { code: 'ERR_INVALID_ARG_VALUE', mentions: [file, 'cmd.exe'] });
  });

  test.each(['x.lnk', 'x.txt', 'x.js', 'https://example.org/x.html'])('what is opened by another program gets no arguments: %s', file => {
    expectThrow(() => launch([file, '"&calc'], { method: 'ShellExecute' }), TypeError, { code: 'ERR_INVALID_ARG_VALUE', mentions: [file, 'arguments'] });
  });

  test('a missing program is not found', () => {
    expectThrow(() => launch(['no-such-program.exe'], { method: 'ShellExecute' }), NotFoundError, { errno: 2, syscall: 'ShellExecuteExW' });
  });
});

describe.runIf(!HAS_SHELL_EXECUTE)('where there are no such things', () => {
  test('the shell and inheritance are refused, with the reason', () => {
    using done = Event.create();
    expectThrow(() => launch([process.execPath], { method: 'ShellExecute' }), UnsupportedPlatformError, { mentions: ['ShellExecute'] });
    expectThrow(() => launch([process.execPath], { inherit: { done } }), UnsupportedPlatformError, { mentions: ['name', 'duplicateTo'] });
  });
});

describe('a launch is refused', () => {
  test('of a program that does not exist', () => {
    expectThrow(() => launch(['no-such-program.exe']), NotFoundError, { errno: 2, syscall: 'CreateProcessW', objectName: 'no-such-program.exe' });
    expectThrow(() => launch(['no-such-program'], { bitness: OWN_BITNESS }), NotFoundError, { mentions: [`${OWN_BITNESS}-bit`] });
  });

  test('of what is no program', () => {
    expectThrow(() => launch([text]), SyncError, { code: 'ERROR_BAD_EXE_FORMAT', errno: 193, syscall: 'CreateProcessW', objectName: text });
    expectThrow(() => launch([CHILD], { bitness: 64 }), TypeError, { code: 'ERR_INVALID_ARG_VALUE', mentions: ['64-bit', 'no program'] });
  });

  test('of a path that goes on below a file', () => {
    expectThrow(() => launch([join(text, 'below.exe')]), NotFoundError, { syscall: 'CreateProcessW', mentions: ['there is no such program'] });
  });

  test.each([['that does not exist', join(folder, 'missing')], ['that is a file', text]])('in a directory %s, which is not for want of the program', (_, cwd) => {
    expectThrow(() => launch([process.execPath, CHILD], { cwd }), SyncError, { code: 'ERROR_DIRECTORY', errno: 267, mentions: ['cwd', cwd] });
  });

  test('with arguments that are too long for the system', () => {
    expectThrow(() => launch([process.execPath, 'x'.repeat(300_000)]), SyncError, { code: 'ERROR_FILENAME_EXCED_RANGE', errno: 206 });
  });

  test.each(HELPERS)('of a program of $bitness bits where the other bitness is wanted', ({ program, bitness }) => {
    const other = bitness === 32 ? 64 : 32;
    expectThrow(() => launch([program], { bitness: other }), TypeError, { code: 'ERR_INVALID_ARG_VALUE', mentions: [`${other}-bit`, `${bitness}-bit`] });
  });

  test.each(['x.bat', 'x.CMD', 'x.cmd. .'])('of a batch file: %s', file => {
    expectThrow(() => launch([file]), TypeError, { code: 'ERR_INVALID_ARG_VALUE', mentions: [file, 'cmd.exe'] });
  });

  test.each([
    ['command', [undefined], 'ERR_INVALID_ARG_TYPE'],
    ['command', ['node'], 'ERR_INVALID_ARG_TYPE'],
    ['command', [[]], 'ERR_INVALID_ARG_TYPE'],
    ['command[0]', [['']], 'ERR_INVALID_ARG_VALUE'],
    ['command[0]', [['a"b']], 'ERR_INVALID_ARG_VALUE'],
    ['command[1]', [['node', 1]], 'ERR_INVALID_ARG_TYPE'],
    ['command[1]', [['node', 'a\0b']], 'ERR_INVALID_ARG_VALUE'],
    ['bitness', [['node'], { bitness: 16 }], 'ERR_INVALID_ARG_VALUE'],
    ['method', [['node'], { method: 'spawn' }], 'ERR_INVALID_ARG_TYPE'],
    ['stdio', [['node'], { stdio: 'pipe' }], 'ERR_INVALID_ARG_TYPE'],
    ['hidden', [['node'], { hidden: 1 }], 'ERR_INVALID_ARG_TYPE'],
    ['cwd', [['node'], { cwd: 5 }], 'ERR_INVALID_ARG_TYPE'],
    ['env', [['node'], { env: 5 }], 'ERR_INVALID_ARG_TYPE'],
    ['env.A', [['node'], { env: { A: 1 } }], 'ERR_INVALID_ARG_TYPE'],
    ['env', [['node'], { env: { 'A=B': '1' } }], 'ERR_INVALID_ARG_VALUE'],
    ['inherit', [['node'], { inherit: 5 }], 'ERR_INVALID_ARG_TYPE'],
    ['inherit.a', [['node'], { inherit: { a: 5 } }], 'ERR_INVALID_ARG_TYPE'],
    ['inherit', [['node'], { inherit: { 'a=b': 5 } }], 'ERR_INVALID_ARG_VALUE'],
  ])('with a wrong %s: %j', (argument, [command, options], code) => {
    expectThrow(() => launch(untyped(command), untyped(options)), TypeError, { code, mentions: [argument] });
  });

  test('with an object that is closed', () => {
    const event = Event.create();
    event.close();
    expectThrow(() => launch(['node'], { inherit: { event } }), ClosedError);
    const child = launchNode('exit', '0')();
    child.close();
    expect(() => child.bitness).toThrow(ClosedError);
  });
});

/** The C helper, or in its place a Node that does nothing. */
function helperOf(bitness: 32 | 64): string {
  return HELPERS.find(helper => helper.bitness === bitness)?.program ?? process.execPath;
}
