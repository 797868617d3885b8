import { describe, expect, test } from 'vitest';
import { makeFolder, Program } from './support.js';

/** `setClock(behind)` sets the system's clock, as this program sees it, to so many seconds before the time. */
const CLOCK = `
  const { default: koffi } = await import('koffi');
  const load = koffi.load;
  const CLOCK_REALTIME = 0;
  let behind = 0;
  koffi.load = (...path) => {
    const library = load(...path);
    return {
      func: (name, ...signature) => {
        const call = library.func(name, ...signature);
        if (name !== 'clock_gettime') return call;
        return (clock, time) => {
          const status = call(clock, time);
          if (clock === CLOCK_REALTIME) time[0] -= behind;
          return status;
        };
      },
    };
  };
  scope.setClock = seconds => { behind = seconds; };
`;

const MANUAL = "kept.timer = Timer.create('t', { manualReset: true }); kept.event = Event.create('e', { initialState: true, manualReset: true });";
const POLL = 'return kept.timer.waitSync(0).status';

describe('a timer that is set to a moment, when the clock is set back', () => {
  test('is not due any more, if nobody has seen that it was', async () => {
    const program = new Program(makeFolder(), CLOCK);
    await program.run(`${MANUAL} kept.timer.set(new Date(Date.now() - 10)); setClock(3600);`);
    expect(await program.run(POLL)).toBe('timeout');
    await program.run('setClock(0)');
    expect(await program.run(POLL)).toBe('signaled');
  });

  test.each([
    ['a wait', 'kept.timer.waitSync()'],
    ['a poll', 'kept.timer.waitSync(0)'],
    ['an asynchronous wait', 'await kept.timer.wait()'],
    ['a wait for any', 'waitAnySync([kept.timer, kept.event])'],
    ['a wait for all', 'waitAllSync([kept.timer, kept.event])'],
  ])('stays signalled with manual reset, once %s has seen it so, for all programs, until it is set anew', async (_, wait) => {
    const folder = makeFolder();
    const [program, other] = [new Program(folder, CLOCK), new Program(folder, CLOCK)];
    await program.run(`${MANUAL} kept.timer.set(new Date(Date.now() - 10)); ${wait}; setClock(3600);`);
    await other.run(`${MANUAL} setClock(3600);`);
    for (const each of [program, other]) expect(await each.run(POLL)).toBe('signaled');
    await program.run('kept.timer.cancel()');
    for (const each of [program, other]) expect(await each.run(POLL)).toBe('signaled');
    await program.run('kept.timer.set(new Date(Date.now() - 10))');
    for (const each of [program, other]) expect(await each.run(POLL)).toBe('timeout');
  });

  test.each([
    ['a wait for all that lacks something', 'waitAllSync([kept.timer, kept.unset], 0)'],
    ['an asynchronous one', 'await waitAll([kept.timer, kept.unset], { timeout: 1 })'],
  ])('keeps the signal that %s has seen with auto reset, until one wait takes it', async (_, wait) => {
    const program = new Program(makeFolder(), CLOCK);
    await program.run(`kept.unset = Event.create(); kept.timer = Timer.create(); kept.timer.set(new Date(Date.now() - 10)); ${wait};`);
    await program.run('setClock(3600)');
    expect(await program.run(POLL)).toBe('signaled');
    expect(await program.run(POLL)).toBe('timeout');
    await program.run('setClock(0)');
    expect(await program.run(POLL)).toBe('timeout');
  });

  test('with a period, and auto reset, gives each signal once, and goes on when the clock is there again', async () => {
    const program = new Program(makeFolder(), CLOCK);
    await program.run('kept.unset = Event.create(); kept.timer = Timer.create(); kept.timer.set(new Date(Date.now() - 10), { period: 1_000_000 });');
    await program.run('waitAllSync([kept.timer, kept.unset], 0); setClock(3600);');
    expect(await program.run(POLL)).toBe('signaled');
    expect(await program.run(POLL)).toBe('timeout');
    await program.run('setClock(0)');
    expect(await program.run(POLL)).toBe('timeout');
    await program.run('setClock(-1001)');
    expect(await program.run(POLL)).toBe('signaled');
    expect(await program.run(POLL)).toBe('timeout');
    await program.run('setClock(-2001)');
    expect(await program.run(POLL)).toBe('signaled');
  });

  test('with auto reset releases no wait twice', async () => {
    const program = new Program(makeFolder(), CLOCK);
    await program.run("kept.timer = Timer.create(); kept.timer.set(new Date(Date.now() - 10));");
    expect(await program.run(POLL)).toBe('signaled');
    await program.run('setClock(3600)');
    expect(await program.run(POLL)).toBe('timeout');
    await program.run('setClock(0)');
    expect(await program.run(POLL)).toBe('timeout');
  });
});
