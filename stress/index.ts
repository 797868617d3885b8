/** `waitable/stress`: the stress run as a function, and what scenarios of your own are made of. */
export { type Arena, type Contender, type Opening, type Order, type Shared } from './arena.js';
export { type Muster } from './crew.js';
export { FAULT_NAMES, type FaultName, type Rates } from './faults/fault.js';
export * as board from './peers/board.js';
export { type Peer, type PeerKind } from './peers/peer.js';
export { LARGEST_SEED, Random } from './random.js';
export { type DurationsReport, type FairnessReport, type HandOverReport, type LoopReport, type ProcessReport, type Vitals } from './report/figures.js';
export { describeBroken, passed, type BrokenInvariant, type ContenderReport, type FaultReport, type ScenarioReport, type TimelineReport, type Verdict } from './report/scenario-report.js';
export { type KernelRun, type StressDocument } from './report/stress-document.js';
export { type TwinReport } from './report/twin-report.js';
export { REPORT_VERSION, type MachineReport, type OptionsReport, type StressReport } from './report/stress-report.js';
export { techniquePassed, type Direction, type TechniqueReport } from './report/technique-report.js';
export { defaultContenders, runStress, type Position, type ScenarioProgress, type StressHooks, type StressOptions } from './run-stress.js';
export { type Scenario, type Standing, type Twin } from './scenario.js';
export { checkCount, checkFree } from './scenarios/mutex.js';
export { checkPermits } from './scenarios/semaphore.js';
export { scenarios } from './scenarios/index.js';
