import { setImmediate } from 'node:timers/promises';
import { Arena, StuckError } from './arena.js';
import { Crew, type Muster } from './crew.js';
import { machineReport } from './machine-report.js';
import { MAXIMUM_CONTENDERS } from './peers/board.js';
import { canStart, helperKind, type PeerKind } from './peers/peer.js';
import { Random, randomSeed, seedFor } from './random.js';
import type { ScenarioReport } from './report/scenario-report.js';
import { allPassed, REPORT_VERSION, type StressReport } from './report/stress-report.js';
import type { Scenario } from './scenario.js';
import { scenarios as builtIn } from './scenarios/index.js';
import type { Cell } from './techniques/cell.js';
import { cellCount, runTechniques } from './techniques/run-techniques.js';
import { vitalsAfter, vitalsOfThisProcess } from './vitals.js';

const LONGEST = 86_400;

/** What a stress run is to do. */
export interface StressOptions {
  /** The built-in ones, or yours. Default: all built-in ones. */
  readonly scenarios?: readonly Scenario[];
  /** Whether, after them, each technique of sharing between the bitnesses is used in both directions, where this machine can. Default: `false`. */
  readonly techniques?: boolean;
  /** How many there are of each kind. Default: {@link defaultContenders}. */
  readonly contenders?: Muster;
  /** How long each scenario lasts, up to a day. Default: 5. */
  readonly seconds?: number;
  /** Brings the random choices of an earlier run again: who is killed, and after how long. Not what the system makes of them. From 1 to 2^31 - 1. Default: another one each time. */
  readonly seed?: number;
  /** Ends the run early, in order. What was measured until then is in the report. */
  readonly signal?: AbortSignal;
}

/** Who is told how a run goes on. */
export interface StressHooks {
  readonly onStart?: (scenario: Scenario, position: Position) => void;
  /** Some times a second. */
  readonly onProgress?: (progress: ScenarioProgress) => void;
  readonly onEnd?: (report: ScenarioReport, position: Position) => void;
  /** One technique in one direction is through. `position` counts these alone. */
  readonly onTechnique?: (cell: Cell, position: Position) => void;
}

/** Where in a run a scenario is. */
export interface Position {
  /** From 0. */
  readonly index: number;
  readonly count: number;
}

export interface ScenarioProgress {
  readonly scenario: Scenario;
  readonly position: Position;
  /** Of `seconds`. */
  readonly elapsed: number;
  readonly seconds: number;
  readonly operations: number;
}

/** Two worker threads and two C helpers of 32 bits, and a 32-bit Node where there is one. */
export function defaultContenders(): Muster {
  return { thread: 2, ...(canStart('node32') ? { node32: 1 } : {}), [helperKind(32)]: 2 };
}

/**
 * Lets threads and processes contend for the same named objects, and checks that nothing is lost. One scenario follows the other; all have the same contenders.
 *
 * ```ts
 * import { runStress, scenarios } from 'waitable/stress';
 *
 * const report = await runStress({
 *   scenarios: scenarios.filter(({ name }) => name === 'mutex'),
 *   contenders: { thread: 2 },
 *   seconds: 0.2,
 * });
 * if (!report.passed) throw new Error(JSON.stringify(report.scenarios));
 * ```
 *
 * @throws (rejects with) RangeError or TypeError where an option makes no sense, before anything is started.
 */
export async function runStress(options: StressOptions = {}, hooks: StressHooks = {}): Promise<StressReport> {
  const plan = planOf(options);
  const startedAt = new Date().toISOString();
  const vitals = await vitalsOfThisProcess();
  const { reports, isStuck } = await runScenarios(plan, hooks);
  const techniques = plan.techniques && !isStuck && !plan.signal.aborted ? await useTechniques(plan, hooks) : undefined;
  return {
    version: REPORT_VERSION,
    machine: machineReport(),
    options: { seconds: plan.seconds, seed: plan.seed, contenders: plan.contenders, scenarios: plan.scenarios.map(({ name }) => name) },
    startedAt,
    ended: isStuck ? 'stuck' : wasInterrupted(reports, plan) ? 'interrupted' : 'in time',
    passed: allPassed(reports, techniques),
    vitals,
    scenarios: reports,
    ...(techniques === undefined ? {} : { techniques }),
  };
}

async function runScenarios(plan: Plan, hooks: StressHooks): Promise<{ reports: readonly ScenarioReport[]; isStuck: boolean }> {
  const reports: ScenarioReport[] = [];
  let isStuck = false;
  if (plan.scenarios.length === 0) return { reports, isStuck };
  await using crew = await Crew.start(plan.contenders);
  for (const [index, scenario] of plan.scenarios.entries()) {
    await setImmediate(); // a signal is handled between two scenarios, however short they are
    if (isStuck || plan.signal.aborted) break;
    const position = { index, count: plan.scenarios.length };
    hooks.onStart?.(scenario, position);
    const result = await runScenario(scenario, plan, crew, (elapsed, operations) => hooks.onProgress?.({ scenario, position, elapsed, seconds: plan.seconds, operations }));
    isStuck = result.isStuck;
    reports.push(result.report);
    hooks.onEnd?.(result.report, position);
  }
  return { reports, isStuck };
}

/** Of the time of a scenario, for each technique in each direction: they are many, and each is a small matter. */
const TECHNIQUE_SHARE = 1 / 5;

function useTechniques({ seconds, signal }: Plan, hooks: StressHooks): Promise<readonly Cell[]> {
  let index = 0;
  return runTechniques(seconds * TECHNIQUE_SHARE, { signal, onCell: cell => hooks.onTechnique?.(cell, { index: index++, count: cellCount }) });
}

interface Plan {
  readonly scenarios: readonly Scenario[];
  readonly techniques: boolean;
  readonly contenders: Muster;
  readonly seconds: number;
  readonly seed: number;
  readonly signal: AbortSignal;
}

async function runScenario(scenario: Scenario, { seconds, seed, signal }: Plan, crew: Crew, onProgress: (elapsed: number, operations: number) => void): Promise<{ report: ScenarioReport; isStuck: boolean }> {
  await using arena = await Arena.open(crew.peers, {
    scenario: scenario.name,
    control: scenario.control ?? false,
    seconds,
    seed: seedFor(scenario.name, seed),
    signal,
    onProgress,
  });
  let isStuck = false;
  try {
    await scenario.run(arena);
  } catch (error) {
    if (!(error instanceof StuckError)) throw error;
    isStuck = true;
    arena.check(error.invariant, false);
  }
  crew.takeOver(arena.contenders);
  return { report: { ...arena.report(), ...await vitalsAfter(arena.contenders) }, isStuck };
}

function wasInterrupted(reports: readonly ScenarioReport[], { scenarios, signal, techniques }: Plan): boolean {
  return reports.length < scenarios.length || (techniques && signal.aborted) || reports.some(({ interrupted }) => interrupted);
}

function planOf({ scenarios = builtIn, techniques = false, contenders = defaultContenders(), seconds = 5, seed = randomSeed(), signal = new AbortController().signal }: StressOptions): Plan {
  if (!(seconds > 0 && seconds <= LONGEST)) throw new RangeError(`seconds must be above 0, up to ${LONGEST}; given: ${seconds}`);
  new Random(seed); // refuses what is no seed
  if (!techniques || scenarios.length > 0) checkScenarios(scenarios);
  checkContenders(contenders, scenarios);
  return { scenarios, techniques, contenders, seconds, seed, signal };
}

function checkScenarios(scenarios: readonly Scenario[]): void {
  if (scenarios.length === 0) throw new RangeError('scenarios must not be empty');
  const names = scenarios.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new RangeError(`scenarios must have names of their own; given twice: ${twice}`);
}

function checkContenders(contenders: Muster, scenarios: readonly Scenario[]): void {
  for (const [kind, count] of Object.entries(contenders)) {
    if (!(KINDS as readonly string[]).includes(kind)) throw new RangeError(`contenders must be of the kinds ${KINDS.join(', ')}; given: ${kind}`);
    if (!Number.isInteger(count) || count < 0) throw new RangeError(`contenders.${kind} must be a whole number from 0; given: ${count}`);
    if (count > 0 && !canStart(kind as PeerKind)) throw new RangeError(`contenders.${kind} must be 0 on this machine, which has none; given: ${count}`);
  }
  const count = Object.values(contenders).reduce((sum, each) => sum + each, 0);
  const needed = Math.max(0, ...scenarios.map(({ minimumContenders }) => minimumContenders));
  if (count < needed || count > MAXIMUM_CONTENDERS) throw new RangeError(`contenders must be from ${needed} to ${MAXIMUM_CONTENDERS} in all for these scenarios; given: ${count}`);
}

const KINDS = ['thread', 'node', 'node32', 'helper32', 'helper64'] as const satisfies readonly PeerKind[];
