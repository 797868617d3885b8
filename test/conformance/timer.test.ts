import { describe, expect, test } from 'vitest';
import { Event, Timer, waitAllSync, waitAnySync } from 'waitable';
import { expectResult } from '../support/expect-result.js';
import { uniqueName } from '../support/names.js';
import { PATIENCE } from '../support/patience.js';

/** In ms; far beyond the end of any test. */
const NEVER = 900_000_000_000;

describe('a timer', () => {
  test('is not set when it is created', () => {
    using timer = Timer.create();
    expectResult(timer.waitSync(0), { status: 'timeout', index: -1, object: undefined });
  });

  test.each([
    ['at once', 0],
    ['after a delay', 20],
    ['at a moment', () => new Date(Date.now() + 20)],
    ['at a moment that is past', new Date(0)],
    ['at a moment before its calendar begins', new Date(-8.64e15)],
  ])('is signalled %s', (_when, due) => {
    using timer = Timer.create();
    timer.set(typeof due === 'function' ? due() : due);
    expectResult(timer.waitSync(PATIENCE), { status: 'signaled', index: 0, object: timer });
  });

  test.each([
    ['delay', NEVER],
    ['moment', new Date(Date.now() + NEVER)],
    ['moment, the last one there is', new Date(8.64e15)],
  ])('is not signalled before its %s', (_what, due) => {
    using timer = Timer.create();
    timer.set(due);
    expect(timer.waitSync(0).status).toBe('timeout');
  });

  test('releases one wait each time it is due', () => {
    using timer = Timer.create();
    timer.set(0);
    expect(timer.waitSync(PATIENCE).status).toBe('signaled');
    expect(timer.waitSync(0).status).toBe('timeout');
    timer.set(1);
    expect(timer.waitSync(PATIENCE).status).toBe('signaled');
  });

  test('with manual reset releases every wait until it is set anew', () => {
    using timer = Timer.create(undefined, { manualReset: true });
    timer.set(0);
    expect(timer.waitSync(PATIENCE).status).toBe('signaled');
    expect(timer.waitSync(0).status).toBe('signaled');
    timer.set(NEVER);
    expect(timer.waitSync(0).status).toBe('timeout');
  });

  test('with a period is due again and again, until it is cancelled', () => {
    using timer = Timer.create();
    timer.set(0, { period: 5 });
    for (let tick = 0; tick < 5; tick++) expect(timer.waitSync(PATIENCE).status).toBe('signaled');
    timer.cancel();
    timer.waitSync(0); // it may have been due once more before
    expect(timer.waitSync(100).status).toBe('timeout');
  });

  test('that is cancelled is not due any more', () => {
    using timer = Timer.create();
    timer.set(50);
    timer.cancel();
    timer.cancel();
    expect(timer.waitSync(200).status).toBe('timeout');
  });

  test('stays as signalled as it is when it is cancelled', () => {
    using timer = Timer.create(undefined, { manualReset: true });
    timer.set(0);
    timer.waitSync(PATIENCE);
    timer.cancel();
    expect(timer.waitSync(0).status).toBe('signaled');
  });

  test('is one timer for all who open its name', () => {
    const name = uniqueName();
    using first = Timer.create(name);
    using second = Timer.open(name);
    first.set(0);
    expect(second.waitSync(PATIENCE).status).toBe('signaled');
    expect(first.waitSync(0).status).toBe('timeout');
    first.set(NEVER);
    second.set(1);
    expect(first.waitSync(PATIENCE).status).toBe('signaled');
  });

  test('can be waited for among others, and together with them', () => {
    using event = Event.create();
    using timer = Timer.create();
    timer.set(1);
    expectResult(waitAnySync([event, timer], PATIENCE), { status: 'signaled', index: 1, object: timer });
    timer.set(1);
    event.set();
    expect(waitAllSync([event, timer], PATIENCE).status).toBe('signaled');
    expect(waitAnySync([event, timer], 0).status).toBe('timeout');
  });
});
