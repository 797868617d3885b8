import { Arena, StuckError } from './arena.js';
import type { Crew } from './crew.js';
import { seedFor } from './random.js';
import type { ScenarioReport } from './report/scenario-report.js';
import type { Scenario } from './scenario.js';

/** What a scenario is given by its run. */
export interface Terms {
  readonly seconds: number;
  /** The run's. */
  readonly seed: number;
  readonly signal: AbortSignal;
}

export interface ScenarioOutcome {
  readonly report: Omit<ScenarioReport, 'vitals'>;
  /** A contender did not report: it and what it has open are lost. */
  readonly isStuck: boolean;
}

/** Lets a crew play a scenario, once. */
export async function runScenario(scenario: Scenario, { seconds, seed, signal }: Terms, crew: Crew, onProgress: (elapsed: number, operations: number) => void): Promise<ScenarioOutcome> {
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
  return { report: arena.report(), isStuck };
}
