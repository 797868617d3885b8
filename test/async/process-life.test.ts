import { pbkdf2 } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { Event, Mutex, waitAll } from 'waitable';
import { uniqueName } from '../support/names.js';
import { Belongings, dice, expectPending, PATIENT, startProcess, startWorker } from './support.js';

const OWNERS = [{ owner: 'own', by: 'its own thread' }, { owner: 'wait thread', by: 'a wait thread' }] as const;
const WAYS = ['wait', 'waitAny', 'waitAny of 100', 'waitAll', 'acquire in the queue'] as const;

const ENDINGS = [
  { ending: 'natural', code: 0, how: 'by itself' },
  { ending: 'exit', code: 7, how: 'by process.exit() with waits of every sort pending' },
  { ending: 'uncaught error', code: 1, how: 'by an uncaught error with waits of every sort pending' },
];

/** Who uses the library, how it may end, and how it is ended from outside. */
const USERS = [
  {
    user: 'a process', start: startProcess,
    endings: [...ENDINGS, { ending: 'unhandled rejection', code: 1, how: 'by an unhandled rejection with waits of every sort pending' }],
    fate: 'killed', byForce: 'is killed',
  },
  { user: 'a worker thread of the user', start: startWorker, endings: ENDINGS, fate: 'terminated', byForce: 'ends by worker.terminate()' },
];

describe.each(USERS)('rule 11: $user', ({ start, endings, fate, byForce }) => {
  test.each(WAYS)('is kept alive by a pending %s, and ends by itself once nothing waits', async way => {
    const name = uniqueName();
    using event = Event.create(name);
    const waiter = start('waiter', [name, way]);
    expect(await waiter.line()).toBe('waiting');
    event.set();
    expect(await waiter.line()).toBe('served');
    expect(await waiter.line()).toBe('idle');
    expect(await waiter.ended).toEqual({ code: 0, errors: '' });
  });

  test('is kept alive by an acquire that waits for a lock of its own until AbortSignal.timeout ends it, and ends then', async () => {
    const waiter = start('waiter', [uniqueName(), 'AbortSignal.timeout']);
    expect(await waiter.line()).toBe('waiting');
    expect(await waiter.line()).toBe('TimeoutError');
    expect(await waiter.line()).toBe('idle');
    expect(await waiter.ended).toEqual({ code: 0, errors: '' });
  });

  describe.each(OWNERS)('that holds a lock by $by', ({ owner }) => {
    test.each(endings)('ends $how, and the mutex is abandoned', async ({ ending, code }) => {
      const name = uniqueName();
      using mutex = Mutex.create(name);
      const companion = start('life', [name, owner, ending]);
      await companion.line();
      expect(mutex.tryAcquire()).toBeUndefined();
      const acquired = mutex.acquire(PATIENT);
      await expectPending(acquired);

      companion.tell('end');

      expect(await acquired).toMatchObject({ held: true, abandoned: true });
      expect((await companion.ended).code).toBe(code);
    });

    test(`${byForce} with waits of every sort pending, and the mutex is abandoned`, async () => {
      const name = uniqueName();
      using mutex = Mutex.create(name);
      const companion = start('life', [name, owner, fate]);
      await companion.line();
      const acquired = mutex.acquire(PATIENT);
      await expectPending(acquired);
      await companion.kill();
      expect(await acquired).toMatchObject({ held: true, abandoned: true });
    });
  });
});

test('a process that ends at once after an asynchronous wait lets its wait thread load first, in which it cannot be terminated', async () => {
  const exiting = startProcess('exiting');
  expect(await exiting.line()).toBe('loaded');
  expect(await exiting.ended).toEqual({ code: 7, errors: '' });
});

test('rule 11: the event loop and the libuv pool go on while 100 waits pend', async () => {
  using belongings = new Belongings();
  const events = Array.from({ length: 100 }, () => belongings.keep(Event.create(undefined, { manualReset: true })));
  const waits = [...events.map(event => event.wait(PATIENT)), ...Array.from({ length: 8 }, (_, index) => waitAll(events.slice(index, index + 2), PATIENT))];
  await expectPending(...waits);
  const file = fileURLToPath(import.meta.url);
  await Promise.all(Array.from({ length: 8 }, () => readFile(file)));
  await Promise.all(Array.from({ length: 8 }, () => promisify(pbkdf2)('secret', 'salt', 1, 16, 'sha256')));
  await expectPending(...waits);
  for (const event of events) event.set();
  await Promise.all(waits);
});

test('a lock whose mutex is closed by the function that returns it is not held, cannot be released, and a warning tells of it, once', async () => {
  const closing = startProcess('closing', [uniqueName()]);
  expect(await closing.line()).toBe('held: false, false');
  expect(await closing.line()).toBe('ClosedError, ClosedError');
  const { code, errors } = await closing.ended;
  expect(code).toBe(0);
  expect(errors.match(/WAITABLE_CLOSED_WHILE_HELD/g)).toHaveLength(1);
});

test('a process that exits at any instant after its first waits began, while wait threads start, ends with its own exit code', async () => {
  const roll = dice(60);
  for (let run = 0; run < 30; run++) {
    const time = roll(600) / 10;
    const code = 1 + roll(100);
    const { ended } = startProcess('early-exit', [String(time), String(code)]);
    expect(await ended, `after ${time} ms`).toEqual({ code, errors: '' });
  }
});
