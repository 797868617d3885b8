import { ScenarioContext, StuckError } from './scenario-context.js';
import type { PeerPool } from './peer-pool.js';
import type { Rates } from '../report/fault-name.js';
import type { Fault } from './fault.js';
import { ratesFor } from './fault-rates.js';
import { injectFaults } from './inject-faults.js';
import { seedFor } from '../util/random.js';
import type { ScenarioReport } from '../report/scenario-report.js';
import type { Scenario, FaultTolerance } from './scenario.js';

/** What a scenario is given by its run. */
export interface Terms {
  readonly seconds: number;
  /** In seconds, after these. */
  readonly reportWithin: number;
  /** The run's. */
  readonly seed: number;
  readonly signal: AbortSignal;
  /** All that there are. */
  readonly availableFaults: readonly Fault[];
  /** What strikes, where it can; for the others each scenario has its own. */
  readonly faults: Rates;
}

export interface ScenarioOutcome {
  readonly report: Omit<ScenarioReport, 'resourceUsage' | 'processes'>;
  /** A contender did not report: it and what it has open are lost. */
  readonly isStuck: boolean;
}

/** Lets the peers of a pool play a scenario, once. */
export async function runScenario(scenario: Scenario, { seconds, reportWithin, seed, signal, faults, availableFaults }: Terms, pool: PeerPool, onProgress: (elapsed: number, operations: number) => void): Promise<ScenarioOutcome> {
  const { rates, leftOut } = ratesFor(availableFaults, scenario, faults);
  await using context = await ScenarioContext.open(pool.those(scenario.kinds), {
    scenario: scenario.name,
    control: scenario.control ?? false,
    seconds,
    reportWithin,
    seed: seedFor(scenario.name, seed),
    startPeer: kind => pool.start(kind),
    faults: rates,
    background: (context, over) => injectFaults(availableFaults, context, rates, over),
    signal,
    onProgress,
  });
  for (const line of leftOut) context.remark(line);
  let isStuck = false;
  try {
    await scenario.run(context);
    if (scenario.faults !== undefined) checkAbandonments(context, scenario.faults.abandonments);
  } catch (error) {
    if (!(error instanceof StuckError)) throw error;
    isStuck = true;
    context.check(error.invariant, false);
  }
  await pool.takeOver(context.contenders.map(({ peer }) => peer), scenario.kinds);
  return { report: context.report(), isStuck };
}

function checkAbandonments(context: ScenarioContext, expected: FaultTolerance['abandonments']): void {
  const { abandonments, kills } = context;
  if (expected === 'none') context.checkEqual('nobody takes over from a dead owner', abandonments, 0);
  else if (expected === 'one for each kill') context.checkEqual('each killed holder shows as exactly one abandonment', abandonments, kills);
  else context.check('no more abandonments than kills', abandonments <= kills, `${abandonments} after ${kills} kills`);
}
