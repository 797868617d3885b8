import { createContext, runInContext } from 'node:vm';
import { afterEach, describe, expect, test } from 'vitest';
import { NotFoundError, Semaphore, setWaitThread, snapshot, SyncError, waitAll } from 'waitable';
import { fileURLToPath } from 'node:url';
import { WaitThread } from '../../src/async/wait-thread/client.js';
import { HAS_NODE_OPTIONS } from '../support/rows.js';
import { PATIENT, reasonOf, roundTrip, startProcess } from './support.js';

const real = new URL('../../workers/wait-thread.js', import.meta.url);

/** In this order: no wait thread runs yet. */
describe("when the wait thread's file", () => {
  afterEach(() => expect(snapshot().waits).toEqual([]));

  test('fails, everything that waits rejects with its reason', async () => {
    setWaitThread(new URL('fixtures/broken-wait-thread.js', import.meta.url));
    using permits = Semaphore.create(undefined, { initialCount: 0, maximumCount: 1 });
    const waits = [permits.acquire(), permits.wait(PATIENT), waitAll([permits])];
    for (const reason of await Promise.all(waits.map(reasonOf))) {
      expect(reason).toMatchObject({ constructor: SyncError, message: expect.stringContaining('broken on purpose') as string });
    }
  });

  test.each([
    { what: 'a URL', location: () => real },
    { what: 'the text of a URL', location: () => real.href },
    { what: 'a path', location: () => fileURLToPath(real) },
    { what: 'a URL of another realm', location: () => runInContext('({ href, protocol: "file:", toString() { return href; } })', createContext({ href: real.href })) as URL },
  ])('is named by $what, waits work again', async ({ location }) => {
    WaitThread.endIdle();
    setWaitThread(location());
    await roundTrip();
    using permits = Semaphore.create(undefined, { initialCount: 0, maximumCount: 1 });
    const acquired = permits.acquire(PATIENT);
    permits.release();
    (await acquired).release();
  });
});

describe('setWaitThread refuses at once', () => {
  test.each([
    { what: 'a URL where nothing is', location: new URL('no-such-file.js', import.meta.url) },
    { what: 'a path where nothing is', location: fileURLToPath(new URL('no-such-file.js', import.meta.url)) },
    { what: 'a path below a file', location: `${fileURLToPath(real)}/wait-thread.js` },
  ])('$what', async ({ location }) => {
    expect(() => setWaitThread(location)).toThrow(expect.objectContaining({
      constructor: NotFoundError, code: 'ERROR_FILE_NOT_FOUND', message: expect.stringMatching(/setWaitThread.*WAITABLE_WAIT_THREAD/) as string,
    }) as Error);
    await roundTrip(); // as it was before
  });

  test.each([
    { what: 'a folder', location: new URL('.', import.meta.url) },
    { what: 'a file that is no script', location: new URL('../../../package.json', import.meta.url) },
    { what: 'a relative path', location: 'dist/workers/wait-thread.js' },
    { what: 'the URL of a website', location: new URL('https://example.org/wait-thread.js') },
    { what: 'the URL of a file on another host', location: 'file://%2Fhost/wait-thread.js' },
    { what: 'nothing', location: undefined },
    { what: 'a number', location: 5 },
    { what: 'an object', location: {} },
    { what: 'an empty text', location: '' },
  ])('$what', ({ location }) => {
    expect(() => setWaitThread(location as string)).toThrow(expect.objectContaining({ name: 'TypeError', message: expect.stringContaining('location must be a file: URL or the absolute path of a script') as string }) as Error);
  });
});

test('a file that WAITABLE_WAIT_THREAD names and that is not there makes every wait that pends reject, and one that need not wait succeeds', async () => {
  const program = startProcess('waits', [], { WAITABLE_WAIT_THREAD: fileURLToPath(new URL('no-such-file.js', import.meta.url)) });
  const seen = JSON.parse(await program.line()) as { reasons: unknown[]; signaled: unknown; held: unknown };
  expect(seen.reasons).toHaveLength(5);
  const [first, second, queued, any, all] = seen.reasons;
  expect(queued).toBe('none'); // it came to its turn when the mutex was free
  for (const reason of [first, second, any, all]) expect(reason).toMatch(/^NotFoundError ERROR_FILE_NOT_FOUND .*no-such-file.*setWaitThread.*WAITABLE_WAIT_THREAD/);
  expect(seen).toMatchObject({ signaled: 'signaled', held: true });
  expect(await program.ended).toEqual({ code: 0, errors: '' });
});

describe('a wait thread', () => {
  test.runIf(HAS_NODE_OPTIONS)('runs nothing that is preloaded into the program', async () => {
    const program = startProcess('waits', [], { NODE_OPTIONS: `--import=${new URL('fixtures/preload.js', import.meta.url).href}` });
    expect(await program.line()).toBe('preloaded into thread 0');
    expect(JSON.parse(await program.line())).toMatchObject({ reasons: ['none', 'none', 'none', 'none', 'none'], signaled: 'signaled', held: true });
    expect(await program.ended).toEqual({ code: 0, errors: '' });
  });
});

