import { figuresOf } from '../../stress/bench/measure.js';
import type { BenchmarkRun, Budget, Figures } from '../../stress/report/benchmark-run.js';

/** What three rounds gave, of a way and of others that take so many times as long. */
function figures(name: string, subject: string, against: string, others: Readonly<Record<string, number>>, budget?: Budget): Figures {
  const own = [1234.5, 1180.25, 1310.75];
  const taken = new Map([[subject, own], ...Object.entries(others).map(([other, times]): [string, number[]] => [other, own.map((value, round) => value * times * (1 + round / 50))])]);
  return figuresOf({ name, subject, against, budget, extent: '3 rounds of 100 operations' }, taken);
}

const begun = {
  arch: 'x64', node: 'v20.0.0', rounds: 3, iterations: 100,
  'hot-paths': [
    figures('lock + unlock, uncontended', 'tryAcquire()', 'C', { C: 1.4, 'flock (koffi)': 9.4, 'proper-lockfile': 5300 }, { nanoseconds: 60 }),
    figures('await lock + unlock, uncontended', 'acquire()', 'tryAcquire()', { 'tryAcquire()': 0.3 }, { nanoseconds: 2000 }),
  ],
};

/** Of every part something, as long names as there are, and ratios from thousandths to dozens. */
export const benchmarkRun: BenchmarkRun = {
  kernel: 'linux', exitCode: 0, pinned: true, ...begun,
  'wait-any': [figures('waitAny of 127, the last signalled', 'waitAnySync(…, 0)', 'C', {})],
  'ping-pong': [figures('event ping-pong of two processes that are not pinned', 'waitSync()', 'C', { C: 0.88, 'await wait()': 11 }, { times: 1.15 })],
  'wake-up': [figures('asking another process, which waits for any of 127', 'waitAnySync()', 'C', { C: 0.9 })],
  contention: [{
    ...figures('one mutex that 2 processes want all the time', 'waitable', 'C', { C: 1.3 }), processes: 2,
    shares: { waitable: [0.481, 0.519], C: [0.25, 0.75] }, longestWait: { waitable: 7_100_000, C: 28_400_000 },
  }],
  'hand-over': [figures('hand-over of a mutex that two processes want all the time', 'waitSync()', 'C', { C: 0.02, 'await acquire()': 3.4 })],
  names: [figures('open + close of a name', 'among 100,000', 'among 10', { 'among 10': 0.8, 'among 1,000': 0.9 }, { times: 2 })],
  pending: {
    wakeUp: figures('wake-up of a wait for an event', 'with 10,000 pending', 'with 1 pending', { 'with 1 pending': 0.7 }),
    bytes: { event: 812.4, mutex: 1949.6 }, threadMegabytes: 14.93, loopDelay: { idle: 1_170_000, pending: 1_230_000 },
  },
};

/** One whose process died. */
export const endedEarly: BenchmarkRun = { kernel: 'win32', exitCode: 1, pinned: false, ...begun };
