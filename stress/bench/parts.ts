import type { KernelName } from '../machine/machine.js';
import { measureContention } from './contention.js';
import { measureHandOver } from './hand-over.js';
import { measureLinuxPaths } from './linux-paths.js';
import type { Figures, Scale } from './measure.js';
import { measureNames } from './names.js';
import type { PartName } from './options.js';
import { measurePending } from './pending-waits.js';
import { measurePingPong } from './ping-pong.js';
import { contentionTable, handOverTable, hotPathTable, namesTable, pendingTable } from './tables.js';
import { measureWaitAny } from './wait-any-paths.js';
import { measureWakeUps } from './wake-up-any.js';
import { measureWin32Paths } from './win32-paths.js';

/** Figures for machines and for people. */
export interface Results {
  readonly figures: unknown;
  readonly text: string;
}

type Part = (scale: Scale) => Promise<Results>;

interface Benchmark {
  /** In a round, unless the command line says otherwise. */
  readonly iterations: number;
  readonly parts: Readonly<Partial<Record<PartName, Part>>>;
}

const pending = part(measurePending, pendingTable);
const handOver = part(measureHandOver, handOverTable);

/** What is measured on each kernel, in this order. A call of Win32 under Wine takes as long as hundreds on Linux. */
export const benchmarks: Readonly<Record<KernelName, Benchmark>> = {
  win32: {
    iterations: 2000,
    parts: { 'hot-paths': part(measureWin32Paths, hotPathTables), pending, 'hand-over': handOver },
  },
  linux: {
    iterations: 50_000,
    parts: {
      'hot-paths': part(measureLinuxPaths, hotPathTables),
      'wait-any': part(measureWaitAny, hotPathTables),
      'ping-pong': part(measurePingPong, hotPathTables),
      'wake-up': part(measureWakeUps, hotPathTables),
      contention: part(measureContention, figures => figures.map(contentionTable).join('\n')),
      names: part(measureNames, namesTable),
      pending,
      'hand-over': handOver,
    },
  },
};

function part<Measured>(measure: (scale: Scale) => Measured | Promise<Measured>, toText: (figures: Measured) => string): Part {
  return async scale => {
    const figures = await measure(scale);
    return { figures, text: toText(figures) };
  };
}

function hotPathTables(figures: readonly Figures[]): string {
  return figures.map(hotPathTable).join('\n');
}
