import type { Muster } from '../crew.js';
import type { Cell } from '../techniques/cell.js';
import type { Vitals } from './figures.js';
import { passed, type ScenarioReport } from './scenario-report.js';

/** Raised when a reader of older reports would misread a newer one. */
export const REPORT_VERSION = 1;

/** What a stress run on one kernel showed. It is JSON: what `--json` writes is made of these. */
export interface StressReport {
  readonly version: typeof REPORT_VERSION;
  readonly machine: MachineReport;
  readonly options: OptionsReport;
  /** ISO 8601. */
  readonly startedAt: string;
  /** `interrupted`: it was asked to end early. `stuck`: a contender did not report, which is also among the broken invariants, and nothing could be run after that. */
  readonly ended: 'in time' | 'interrupted' | 'stuck';
  /** Whether all invariants held, and all negative controls that came to their end were caught; what could not be run counts for neither. */
  readonly passed: boolean;
  /** What this process used before the first scenario, with its worker threads. */
  readonly vitals: Vitals;
  /** Those that were run, in their order. */
  readonly scenarios: readonly ScenarioReport[];
  /** Of the techniques of sharing between the bitnesses, if they were asked for: each in each direction. */
  readonly techniques?: readonly Cell[];
}

/** What it ran on. */
export interface MachineReport {
  readonly kernel: 'linux' | 'win32';
  readonly system: string;
  readonly arch: string;
  readonly processors: number;
  readonly processor: string;
  readonly node: string;
  readonly waitable: string;
}

/** What it was asked for. */
export interface OptionsReport {
  /** For each scenario. */
  readonly seconds: number;
  readonly seed: number;
  readonly contenders: Muster;
  readonly scenarios: readonly string[];
}

export function allPassed(scenarios: readonly ScenarioReport[], techniques: readonly Cell[] = []): boolean {
  return scenarios.every(passed) && techniques.every(cell => cell.passed !== false);
}
