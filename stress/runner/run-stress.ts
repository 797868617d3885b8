import { setImmediate } from 'node:timers/promises';
import { PeerPool } from './peer-pool.js';
import type { Rates } from '../report/fault-name.js';
import type { Fault } from './fault.js';
import { checkRates } from './fault-rates.js';
import { machineReport } from './machine-info.js';
import type { ContenderCounts } from '../peers/peer-kind.js';
import { MAXIMUM_CONTENDERS } from '../peers/board.js';
import { STUCK_AFTER } from '../peers/roles/role-context.js';
import { canStart, helperKind, type PeerKind } from '../peers/peer.js';
import { whyOutOfReach } from '../peers/transports/open.js';
import type { TransportName } from '../peers/transports/transport.js';
import { Random, randomSeed } from '../util/random.js';
import type { ResourceUsage } from '../report/figures.js';
import type { ScenarioReport } from '../report/scenario-report.js';
import { allPassed, REPORT_VERSION, type StressReport } from '../report/stress-report.js';
import type { TechniqueReport } from '../report/technique-report.js';
import type { NegativeControlReport } from '../report/negative-control-report.js';
import { runScenario } from './run-scenario.js';
import type { Scenario } from './scenario.js';
import { TECHNIQUE_SHARE } from './schedule.js';
import { runNegativeControl } from './negative-controls.js';
import { reportCount, runTechniques } from '../techniques/run-techniques.js';
import { usageAfter, usageOfThisProcess } from './resource-usage.js';

const LONGEST = 86_400;
/** In seconds, beyond the limit of a wait in a role: a contender that then has not reported will not do so any more. */
const REPORT_WITHIN = STUCK_AFTER / 1000 + 10;

/** What there is for a run to choose from. */
export interface Catalog {
  readonly scenarios: readonly Scenario[];
  readonly faults: readonly Fault[];
}

/** What a stress run is to do. */
export interface StressOptions {
  /** The built-in ones, or yours. Default: all built-in ones. */
  readonly scenarios?: readonly Scenario[];
  /** Whose broken twins are run after them, until each is caught: at the longest 5.3 times as long as a scenario lasts, and mostly for a small part of it. The run fails with one that is missed. Default: none. */
  readonly selfTest?: readonly Scenario[];
  /** Whether the techniques of sharing between the bitnesses are used too, after the scenarios and their twins: each for a fifth of the time of one, in each direction. Default: `false`. */
  readonly techniques?: boolean;
  /** How many there are of each kind. Default: {@link defaultContenders}. */
  readonly contenders?: ContenderCounts;
  /** How the C helpers are reached. RPC and COM are Windows' alone. Default: `'pipe'`. */
  readonly transport?: TransportName;
  /** How long each scenario lasts, up to a day. Default: 5. */
  readonly seconds?: number;
  /** How often faults strike, a second, where a scenario can stand them; those that are absent strike as each scenario has it, and not at the rate 0. */
  readonly faults?: Rates;
  /** How long a contender may take to report once the time is up, in seconds: then it counts as stuck, and the run ends. Default: 30, which is longer than a wait of a built-in role lasts. */
  readonly reportWithin?: number;
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
  /** One broken twin is through. `position` counts these alone. */
  readonly onNegativeControl?: (report: NegativeControlReport, position: Position) => void;
  /** Has been used in one direction. */
  readonly onTechnique?: (report: TechniqueReport, position: Position) => void;
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
export function defaultContenders(): ContenderCounts {
  return { thread: 2, ...(canStart('node32') ? { node32: 1 } : {}), [helperKind(32)]: 2 };
}

/** The function `runStress` of `waitable/stress`, with any catalog. */
export async function runStress(catalog: Catalog, options: StressOptions, hooks: StressHooks): Promise<StressReport> {
  const plan = planOf(catalog, options);
  const startedAt = new Date().toISOString();
  const { resourceUsage, reports, controls, isStuck } = await runScenarios(plan, hooks);
  const techniques = plan.techniques && !isStuck ? await runAllTechniques(plan, hooks) : [];
  const { seconds, seed, contenders, transport, faults } = plan;
  return {
    version: REPORT_VERSION,
    machine: machineReport(),
    options: { seconds, seed, contenders, transport, faults, scenarios: plan.scenarios.map(({ name }) => name), selfTest: plan.selfTest.map(({ name }) => name), techniques: plan.techniques },
    startedAt,
    ended: isStuck ? 'stuck' : wasInterrupted(reports, controls, techniques, plan) ? 'interrupted' : 'in time',
    passed: allPassed(reports, controls, techniques),
    resourceUsage,
    scenarios: reports,
    negativeControls: controls,
    techniques,
  };
}

interface ScenariosRun {
  /** Before the first one. */
  readonly resourceUsage: ResourceUsage;
  readonly reports: readonly ScenarioReport[];
  readonly controls: readonly NegativeControlReport[];
  readonly isStuck: boolean;
}

async function runScenarios(plan: Plan, hooks: StressHooks): Promise<ScenariosRun> {
  await using pool = await PeerPool.of(plan.contenders, plan.transport);
  const resourceUsage = await usageOfThisProcess();
  const reports: ScenarioReport[] = [];
  const controls: NegativeControlReport[] = [];
  let isStuck = false;
  for (const [index, scenario] of plan.scenarios.entries()) {
    await setImmediate(); // a signal is handled between two scenarios, however short they are
    if (isStuck || plan.signal.aborted) break;
    const position = { index, count: plan.scenarios.length };
    hooks.onStart?.(scenario, position);
    const result = await runScenario(scenario, plan, pool, (elapsed, operations) => hooks.onProgress?.({ scenario, position, elapsed, seconds: plan.seconds, operations }));
    const report = { ...result.report, ...await usageAfter(pool.peers) };
    isStuck = result.isStuck;
    reports.push(report);
    hooks.onEnd?.(report, position);
  }
  const pairs = plan.selfTest.flatMap(scenario => (scenario.negativeControls ?? []).map(control => ({ scenario, control })));
  for (const [index, { scenario, control }] of pairs.entries()) {
    await setImmediate();
    if (isStuck || plan.signal.aborted) break;
    const result = await runNegativeControl(scenario, control, plan, pool);
    isStuck = result.isStuck;
    controls.push(result.report);
    hooks.onNegativeControl?.(result.report, { index, count: pairs.length });
  }
  return { resourceUsage, reports, controls, isStuck };
}

function runAllTechniques({ seconds, signal }: Plan, { onTechnique }: StressHooks): Promise<readonly TechniqueReport[]> {
  let index = 0;
  return runTechniques({ seconds: seconds * TECHNIQUE_SHARE, signal, onReport: report => onTechnique?.(report, { index: index++, count: reportCount }) });
}

interface Plan {
  readonly scenarios: readonly Scenario[];
  readonly selfTest: readonly Scenario[];
  readonly techniques: boolean;
  readonly contenders: ContenderCounts;
  readonly transport: TransportName;
  readonly faults: Rates;
  readonly availableFaults: readonly Fault[];
  readonly seconds: number;
  readonly reportWithin: number;
  readonly seed: number;
  readonly signal: AbortSignal;
}

function wasInterrupted(reports: readonly ScenarioReport[], controls: readonly NegativeControlReport[], used: readonly TechniqueReport[], { scenarios, selfTest, techniques }: Plan): boolean {
  return reports.length < scenarios.length || controls.length < negativeControlCount(selfTest) || (techniques && used.length < reportCount) || [...reports, ...controls].some(({ interrupted }) => interrupted);
}

function negativeControlCount(scenarios: readonly Scenario[]): number {
  return scenarios.reduce((sum, { negativeControls = [] }) => sum + negativeControls.length, 0);
}

function planOf(catalog: Catalog, { scenarios = catalog.scenarios, selfTest = [], techniques = false, contenders = defaultContenders(), transport = 'pipe', faults = {}, seconds = 5, reportWithin = REPORT_WITHIN, seed = randomSeed(), signal = new AbortController().signal }: StressOptions): Plan {
  if (!(seconds > 0 && seconds <= LONGEST)) throw new RangeError(`seconds must be above 0, up to ${LONGEST}; given: ${seconds}`);
  if (!(reportWithin > 0 && reportWithin <= LONGEST)) throw new RangeError(`reportWithin must be above 0, up to ${LONGEST}; given: ${reportWithin}`);
  new Random(seed); // refuses what is no seed
  checkScenarios(scenarios, techniques || selfTest.length > 0);
  const withoutControl = selfTest.find(({ negativeControls }) => negativeControls === undefined);
  if (withoutControl !== undefined) throw new RangeError(`selfTest must be scenarios that have a broken twin; given: ${withoutControl.name}`);
  checkRates(faults, scenarios);
  checkContenders(contenders, [...scenarios, ...selfTest]);
  const refusal = whyOutOfReach('helper32', transport);
  if (refusal !== undefined) throw new RangeError(refusal);
  return { scenarios, selfTest, techniques, contenders: scenarios.length + selfTest.length === 0 ? {} : contenders, transport, faults, availableFaults: catalog.faults, seconds, reportWithin, seed, signal };
}

function checkScenarios(scenarios: readonly Scenario[], techniques: boolean): void {
  if (scenarios.length === 0 && !techniques) throw new RangeError('scenarios must not be empty, where the techniques are not run either');
  const names = scenarios.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new RangeError(`scenarios must have names of their own; given twice: ${twice}`);
}

function checkContenders(contenders: ContenderCounts, scenarios: readonly Scenario[]): void {
  for (const [kind, count] of Object.entries(contenders)) {
    if (!(KINDS as readonly string[]).includes(kind)) throw new RangeError(`contenders must be of the kinds ${KINDS.join(', ')}; given: ${kind}`);
    if (!Number.isInteger(count) || count < 0) throw new RangeError(`contenders.${kind} must be a whole number from 0; given: ${count}`);
    if (count > 0 && !canStart(kind as PeerKind)) throw new RangeError(`contenders.${kind} must be 0 on this machine, which has none; given: ${count}`);
  }
  const count = Object.values(contenders).reduce((sum, each) => sum + each, 0);
  const needed = Math.max(0, ...scenarios.map(({ minimumContenders }) => minimumContenders));
  const lacking = scenarios.find(({ kinds = KINDS, minimumContenders }) => kinds.reduce((sum, kind) => sum + (contenders[kind] ?? 0), 0) < minimumContenders);
  if (lacking?.kinds !== undefined) throw new RangeError(`contenders must be at least ${lacking.minimumContenders} of the kinds ${lacking.kinds.join(', ')} for ${lacking.name}; given: ${JSON.stringify(contenders)}`);
  if (count < needed || count > MAXIMUM_CONTENDERS) throw new RangeError(`contenders must be from ${needed} to ${MAXIMUM_CONTENDERS} in all for these scenarios; given: ${count}`);
}

const KINDS = ['thread', 'node', 'node32', 'helper32', 'helper64'] as const satisfies readonly PeerKind[];
