import type { KernelName } from '../machine/machine.js';
import type { Measured } from '../report/benchmark-run.js';
import { measureContention } from './contention.js';
import { measureHandOver } from './hand-over.js';
import { measureLinuxPaths } from './linux-paths.js';
import { measureNames } from './names.js';
import { measurePending } from './pending-waits.js';
import { measurePingPong } from './ping-pong.js';
import type { Scale } from './scale.js';
import { measureWaitAny } from './wait-any-paths.js';
import { measureWakeUps } from './wake-up-any.js';
import { measureWin32Paths } from './win32-paths.js';

/** Measures what it is named after. */
type Parts = { readonly [Part in keyof Measured]?: (scale: Scale) => Measured[Part] | Promise<Measured[Part]> };

interface Benchmark {
  /** In a round, unless the command line says otherwise. */
  readonly iterations: number;
  readonly parts: Parts;
}

/** What is measured on each kernel, in this order. A call of Win32 under Wine takes as long as hundreds on Linux. */
export const benchmarks: Readonly<Record<KernelName, Benchmark>> = {
  win32: {
    iterations: 2000,
    parts: { 'hot-paths': measureWin32Paths, pending: measurePending, 'hand-over': measureHandOver },
  },
  linux: {
    iterations: 50_000,
    parts: {
      'hot-paths': measureLinuxPaths,
      'wait-any': measureWaitAny,
      'ping-pong': measurePingPong,
      'wake-up': measureWakeUps,
      contention: measureContention,
      names: measureNames,
      pending: measurePending,
      'hand-over': measureHandOver,
    },
  },
};
