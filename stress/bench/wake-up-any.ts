import { setTimeout as delay } from 'node:timers/promises';
import { Event } from 'waitable';
import type { Figures } from '../report/benchmark-run.js';
import { endCs, openIn, startCs } from './c-program.js';
import { oneIn, type HotPath, type Runner } from './hot-path.js';
import { measureAll } from './measure.js';
import { pin, processors } from './processors.js';
import { BenchWorker } from './worker.js';
import type { Scale } from './scale.js';
import { MOST_OF_C, SIZES } from './wait-any-paths.js';

const SLOW = 100;
const MOST = Math.max(...SIZES);
const STUCK_AFTER = 20_000;
/** Until the other process has read what it is to do, in ms. The first question would wait for it, and be measured with the others. */
const HEAD_START = 5;

/** This process sets the last of many events, for any of which another one waits, on another processor if they are placed, and blocks until that one has answered. */
export async function measureWakeUps(scale: Scale): Promise<Figures[]> {
  await using worker = BenchWorker.start();
  const name = `waitable-bench ${process.pid} wake-up`;
  using reply = Event.create(`${name} reply`);
  const events = Array.from({ length: MOST }, (_, index) => Event.create(`${name} ${index}`));
  const names = events.map(event => event.name ?? '');
  const cs = await startCs(1);
  const [c] = cs;
  const replySlot = MOST_OF_C;
  const slots = c === undefined ? [] : await openIn(c, 0, events.slice(0, MOST_OF_C));
  if (c !== undefined) await openIn(c, replySlot, [reply]);

  const ask = (size: number, answer: (iterations: number) => Promise<unknown>): Runner => oneIn(SLOW, async iterations => {
    const answered = answer(iterations);
    await delay(HEAD_START);
    const began = process.hrtime.bigint();
    for (let i = 0; i < iterations; i++) {
      events[size - 1]?.set();
      if (reply.waitSync(STUCK_AFTER).status !== 'signaled') throw new Error('nobody answered');
    }
    const taken = Number(process.hrtime.bigint() - began);
    await answered;
    return taken;
  });
  const wakeUp = (size: number): HotPath => {
    const mine = names.slice(0, size);
    const theirs = reply.name ?? '';
    return {
      name: `asking another process, which waits for any of ${size}`,
      subject: 'waitAnySync()',
      against: 'C',
      runners: {
        'waitAnySync()': ask(size, iterations => worker.answer({ iterations, mine, theirs })),
        ...(c === undefined || size > MOST_OF_C ? {} : { C: ask(size, iterations => c.send('bench', 'answer', iterations, replySlot, ...slots.slice(0, size))) }),
        'await waitAny()': ask(size, iterations => worker.answerAwaiting({ iterations, mine, theirs })),
      },
    };
  };
  const all = processors();
  const [ours = 0, theirs = ours] = all;
  try {
    if (scale.pinned) {
      pin(process.pid, [ours]);
      for (const answerer of [worker, ...cs]) pin(answerer.processId, [theirs]);
    }
    return await measureAll(SIZES.map(wakeUp), scale);
  } finally {
    if (scale.pinned) pin(process.pid, all);
    for (const event of events) event.close();
    await endCs(cs);
  }
}
