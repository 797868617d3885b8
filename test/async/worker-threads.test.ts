import { describe, expect, test } from 'vitest';
import { Mutex, Semaphore } from 'waitable';
import { uniqueName } from '../support/names.js';
import { drain, PATIENT, roundTrip, startWorker, turnOfLoop } from './support.js';

const THREADS = 3;

describe('rule 12: several worker threads, each with several flows', () => {
  test('exclude each other and the main thread by one mutex: the count is exact', async () => {
    const name = uniqueName();
    using mutex = Mutex.create(name);
    const board = new Int32Array(new SharedArrayBuffer(4));
    const contenders = Array.from({ length: THREADS }, () => startWorker('contender', ['count', name, '4'], board));
    for (let turn = 0; turn < 100; turn++) {
      using lock = await mutex.acquire(PATIENT);
      const before = board[0] ?? 0;
      await turnOfLoop();
      if (lock.held) board[0] = before + 1;
    }
    for (const contender of contenders) {
      expect(await contender.line()).toBe('done');
      expect(await contender.ended).toEqual({ code: 0, errors: '' });
    }
    expect(board[0]).toBe(100 + THREADS * 4 * 50);
  });

  test('each win a permit once, and lose none when they stop waiting', async () => {
    const name = uniqueName();
    using permits = Semaphore.create(name, { initialCount: 0, maximumCount: 10_000 });
    const consumers = Array.from({ length: THREADS }, () => startWorker('contender', ['consume', name, '300']));
    for (const consumer of consumers) expect(await consumer.line()).toBe('waiting');
    const GIVEN = 500;
    for (let given = 0; given < GIVEN; given++) {
      permits.release();
      if (given % 50 === 0) await roundTrip();
      if (given === GIVEN / 2) consumers[0]?.tell('stop');
    }
    for (const consumer of consumers.slice(1)) consumer.tell('stop');
    let wins = 0;
    for (const consumer of consumers) wins += Number(await consumer.line());
    expect(wins + drain(permits)).toBe(GIVEN);
  });
});
