import { describe, expect, test, vi } from 'vitest';
import { Turns } from '../../src/async/turns.js';

interface Script {
  readonly begun: string[];
  readonly turn: (name: string) => () => Promise<void>;
  readonly end: (name: string) => Promise<void>;
  readonly fail: (name: string) => Promise<void>;
}

/** Turns that note their begin, and end when they are told to. */
function makeTurns(): Script {
  const begun: string[] = [];
  const ends = new Map<string, PromiseWithResolvers>();
  return {
    begun,
    turn: name => () => {
      begun.push(name);
      return new Promise((resolve, reject) => ends.set(name, { resolve, reject }));
    },
    end: async name => {
      ends.get(name)?.resolve();
      await settled();
    },
    fail: async name => {
      ends.get(name)?.reject(new Error('on purpose'));
      await settled();
    },
  };
}

interface PromiseWithResolvers {
  resolve(): void;
  reject(error: Error): void;
}

function settled(): Promise<unknown> {
  return new Promise(resolve => setImmediate(resolve));
}

describe('turns', () => {
  test('begin at once when nobody has the turn, and else one after the other', async () => {
    const turns = new Turns();
    const { begun, turn, end, fail } = makeTurns();
    for (const name of ['a', 'b', 'c']) turns.add(turn(name), undefined);
    expect(begun).toEqual(['a']);
    await end('a');
    expect(begun).toEqual(['a', 'b']);
    await fail('b');
    expect(begun).toEqual(['a', 'b', 'c']);
    await end('c');
    turns.add(turn('d'), undefined);
    expect(begun).toEqual(['a', 'b', 'c', 'd']);
  });

  test.each([['b'], ['c'], ['d'], ['b', 'c'], ['d', 'c'], ['b', 'd'], ['c', 'b', 'd']])('go on without those that have left: %s %s %s', async (...leaving) => {
    const turns = new Turns();
    const { begun, turn, end } = makeTurns();
    const controllers = new Map(['a', 'b', 'c', 'd'].map(name => [name, new AbortController()]));
    for (const [name, { signal }] of controllers) turns.add(turn(name), signal);
    for (const name of leaving) controllers.get(name)?.abort();
    turns.add(turn('e'), undefined);
    for (const name of ['a', 'b', 'c', 'd', 'e']) await end(name);
    expect(begun).toEqual(['a', 'b', 'c', 'd', 'e'].filter(name => !leaving.includes(name)));
  });

  test('are not lost when one leaves that has the turn, or had it, or had left before it came', async () => {
    const turns = new Turns();
    const { begun, turn, end } = makeTurns();
    const [first, second] = [new AbortController(), new AbortController()];
    turns.add(turn('a'), first.signal);
    turns.add(turn('b'), second.signal);
    turns.add(turn('c'), AbortSignal.abort());
    turns.add(turn('d'), undefined);
    first.abort();
    expect(begun).toEqual(['a']);
    await end('a');
    first.abort();
    second.abort();
    await end('b');
    expect(begun).toEqual(['a', 'b', 'd']);
  });

  test('are in the order of the calls, whoever comes and goes', async () => {
    const turns = new Turns();
    const expected: number[] = [];
    const begun: number[] = [];
    let holder: (() => void) | undefined;
    for (let number = 0; number < 2000; number++) {
      const controller = new AbortController();
      turns.add(() => {
        begun.push(number);
        return new Promise(resolve => holder = resolve);
      }, controller.signal);
      if (number > 0 && number % 3 === 0) controller.abort();
      else expected.push(number);
      if (number % 2 === 0) holder?.();
      if (number % 7 === 0) await settled();
    }
    while (begun.length < expected.length) {
      holder?.();
      await Promise.resolve();
    }
    expect(begun).toEqual(expected);
  });

  test('need nothing of the runtime that a framework may replace', async () => {
    const turns = new Turns();
    const { begun, turn, end } = makeTurns();
    vi.useFakeTimers({ toFake: ['queueMicrotask', 'setTimeout', 'Date', 'performance'] });
    try {
      for (const name of ['a', 'b']) turns.add(turn(name), undefined);
      await end('a');
    } finally {
      vi.useRealTimers();
    }
    expect(begun).toEqual(['a', 'b']);
  });
});
