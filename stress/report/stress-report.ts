import type { ContenderCounts } from '../peers/peer-kind.js';
import type { Rates } from './fault-name.js';
import type { TransportName } from '../peers/transports/transport.js';
import type { ResourceUsage } from './figures.js';
import { passed, type ScenarioReport } from './scenario-report.js';
import { techniquePassed, type TechniqueReport } from './technique-report.js';
import type { NegativeControlReport } from './negative-control-report.js';

/** Raised when a reader of older reports would misread a newer one. */
export const REPORT_VERSION = 3;

/** What a stress run on one kernel showed. It is JSON: what `--json` writes is made of these. */
export interface StressReport {
  readonly version: typeof REPORT_VERSION;
  readonly machine: MachineReport;
  readonly options: OptionsReport;
  /** ISO 8601. */
  readonly startedAt: string;
  /** `interrupted`: it was asked to end early. `stuck`: a contender did not report, which is also among the broken invariants, and nothing could be run after that. */
  readonly ended: 'in time' | 'interrupted' | 'stuck';
  /** Whether all invariants held, and all negative controls and broken twins that came to their end were caught. What was not run does not count. */
  readonly passed: boolean;
  /** What this process used before the first scenario, with its worker threads. */
  readonly resourceUsage: ResourceUsage;
  /** Those that were run, in their order. */
  readonly scenarios: readonly ScenarioReport[];
  /** Of the broken twins. Empty where they were not asked for. */
  readonly negativeControls: readonly NegativeControlReport[];
  /** Each that was come to, in either direction. Empty where they were not asked for. */
  readonly techniques: readonly TechniqueReport[];
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
  readonly contenders: ContenderCounts;
  /** How the C helpers were reached. */
  readonly transport: TransportName;
  /** How often each was to strike, a second; for those that are absent, as each scenario has it. */
  readonly faults: Rates;
  readonly scenarios: readonly string[];
  /** Whose broken twins. */
  readonly selfTest: readonly string[];
  readonly techniques: boolean;
}

export function allPassed(scenarios: readonly ScenarioReport[], controls: readonly NegativeControlReport[], techniques: readonly TechniqueReport[]): boolean {
  return scenarios.every(passed) && controls.every(({ verdict }) => verdict !== 'missed') && techniques.every(techniquePassed);
}
