/** `waitable/stress`: the stress run as a function, and what scenarios of your own are made of. */
import { builtIn } from './built-in.js';
import type { StressReport } from './report/stress-report.js';
import { runStress as runStressWith, type StressHooks, type StressOptions } from './runner/run-stress.js';

export { type ScenarioContext, type Contender, type ModuleRoleAssignment, type ObjectOpening, type RoleAssignment, type ProtocolRoleAssignment, type Shared } from './runner/scenario-context.js';
export { type ContenderCounts } from './peers/peer-kind.js';
export { FAULT_NAMES, type FaultName, type Rates } from './report/fault-name.js';
export * as board from './peers/board.js';
export { type RoleContext } from './peers/roles/role-context.js';
export { type ModuleRole, type ModuleRoleContext } from './peers/roles/module-role.js';
export { type Peer, type PeerKind } from './peers/peer.js';
export { LARGEST_SEED, Random } from './util/random.js';
export { type DurationsReport, type FairnessReport, type HandOverReport, type LoopReport, type ProcessReport, type ResourceUsage } from './report/figures.js';
export { describeBroken, passed, type BrokenInvariant, type ContenderReport, type FaultReport, type ScenarioReport, type TimelineReport, type Verdict } from './report/scenario-report.js';
export { type KernelRun, type StressDocument } from './report/stress-document.js';
export { type NegativeControlReport } from './report/negative-control-report.js';
export { REPORT_VERSION, type MachineReport, type OptionsReport, type StressReport } from './report/stress-report.js';
export { techniquePassed, type Direction, type TechniqueReport } from './report/technique-report.js';
export { defaultContenders, type Position, type ScenarioProgress, type StressHooks, type StressOptions } from './runner/run-stress.js';
export { NODES, type Scenario, type FaultTolerance, type NegativeControl } from './runner/scenario.js';
export { checkCount, checkFree } from './scenarios/mutex.js';
export { checkPermits } from './scenarios/semaphore.js';
export { scenarios } from './scenarios/index.js';

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
export function runStress(options: StressOptions = {}, hooks: StressHooks = {}): Promise<StressReport> {
  return runStressWith(builtIn, options, hooks);
}
