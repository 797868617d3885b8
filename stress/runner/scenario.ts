import type { ScenarioContext } from './scenario-context.js';
import type { FaultName, Rates } from '../report/fault-name.js';
import type { PeerKind } from '../peers/peer-kind.js';

/**
 * One way to contend, and the exact invariants it checks.
 *
 * A scenario makes objects in the context, which every contender then has open, lets the contenders play roles on them for as long as the run gives it, and checks afterwards what must
 * be so. Roles are those of `stress/peers/protocol/PROTOCOL.md`; what they count is on the board.
 *
 * ```ts
 * import { board, checkPermits, runStress, type Scenario } from 'waitable/stress';
 *
 * const narrowDoor: Scenario = {
 *   name: 'narrow-door',
 *   summary: 'a semaphore of one permit lets one in at a time',
 *   minimumContenders: 2,
 *   async run(context) {
 *     const door = await context.semaphore('door', 1);
 *     await context.contend(() => ({ role: 'permits', keys: { semaphore: door.slot, maximum: 1 } }));
 *     context.checkEqual('never are two inside', context.board.load(board.HIGH_WATER), 1);
 *     checkPermits(context, door.object, 1);
 *   },
 * };
 *
 * const { passed, scenarios: [report] } = await runStress({ scenarios: [narrowDoor], contenders: { thread: 2 }, seconds: 0.2 });
 * if (!passed) throw new Error(report?.broken.map(({ invariant }) => invariant).join());
 * ```
 */
export interface Scenario {
  /** Of its own among those of a run. The scenario's random choices follow from it and the run's seed. */
  readonly name: string;
  /** One line for `--list`. */
  readonly summary: string;
  /** The faults that may strike while it runs; without this, none. */
  readonly faults?: FaultTolerance;
  /** What `selfTest` runs to prove that the checks notice something. */
  readonly negativeControls?: readonly NegativeControl[];
  /** A negative control has to break an invariant: it proves that the checks would notice. */
  readonly control?: true;
  /** How many contenders it cannot do without. */
  readonly minimumContenders: number;
  /** Who takes part; the others of a run sit this one out. Default: all. For a role of a {@link ModuleRole | module} it is {@link NODES}. */
  readonly kinds?: readonly PeerKind[];
  /** Is through when everything has been checked. It makes its random choices by {@link ScenarioContext.random}, and leaves nothing running. */
  run(context: ScenarioContext): Promise<void>;
}

/** Who plays the roles of modules. */
export const NODES: readonly PeerKind[] = ['thread', 'node', 'node32'];

/** What a scenario can stand, and what a healthy run of it then shows. */
export interface FaultTolerance {
  /** Its invariants hold under these. */
  readonly tolerates: readonly FaultName[];
  /** Why they do not under others, for people. */
  readonly why?: Readonly<Partial<Record<FaultName, string>>>;
  /** Those that strike where the run does not say otherwise, a second. */
  readonly usual?: Rates;
  /** How often waits give up. */
  readonly timeouts: 'none' | 'any number';
  /** How often contenders, and the scenario, take over from a dead owner. It is checked in the end. */
  readonly abandonments: 'none' | 'one for each kill' | 'at most one for each kill';
}

/** The same scenario with a fault put in on purpose, by a contender or by what it is given, never in the library: a check has to notice it. */
export interface NegativeControl {
  /** What is wrong, in few words. */
  readonly defect: string;
  /** The invariant that it has to break, or what is seen instead of it, in these words: what else may break proves nothing of it. Default: any. */
  readonly shows?: RegExp;
  /** What strikes, where the scenario's own rates would take long to show it. */
  readonly faults?: Rates;
  /** Ends as soon as something is noticed, if it contends by {@link ScenarioContext.during} and {@link ScenarioContext.contend}. */
  run(context: ScenarioContext): Promise<void>;
}

/** How long a contender of a twin waits for what may be lost, in ms: only that it waits in vain shows that it is. */
export const NEGATIVE_CONTROL_PATIENCE = 1000;
