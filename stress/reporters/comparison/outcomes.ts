import { isDeadly } from '../../report/fault-name.js';
import type { ScenarioReport } from '../../report/scenario-report.js';
import type { KernelRun, StressDocument } from '../../report/stress-document.js';
import { scenarioTitle, techniqueTitle, negativeControlTitle } from './figures.js';

/** What came of something else than it had: a verdict, or how often a kill showed. */
export interface OutcomeChange {
  readonly where: string;
  readonly old: string;
  readonly current: string;
}

/** In standard deviations: one in a thousand is further off by chance. */
const BY_CHANCE = 3.3;

/** The verdicts by what they are of: scenarios, broken twins, techniques. */
export function verdictsOf({ runs }: StressDocument): ReadonlyMap<string, string> {
  return new Map(runs.flatMap(run => [
    ...run.scenarios.map(scenario => [scenarioTitle(run, scenario), scenario.verdict] as const),
    ...('machine' in run ? [...run.negativeControls.map(control => [negativeControlTitle(run, control), control.verdict] as const), ...run.techniques.map(technique => [techniqueTitle(run, technique), technique.verdict] as const)] : []),
  ]));
}

/** Those that none of the older reports has. */
export function changedVerdicts(old: readonly StressDocument[], current: StressDocument): OutcomeChange[] {
  const before = old.map(verdictsOf);
  return [...verdictsOf(current)].flatMap(([where, verdict]) => {
    const had = [...new Set(before.flatMap(verdicts => verdicts.get(where) ?? []))];
    return had.length === 0 || had.includes(verdict) ? [] : [{ where, old: had.join(' or '), current: verdict }];
  });
}

interface Kills {
  readonly kills: number;
  readonly abandonments: number;
}

/** Where, among as many kills, they came to be more or fewer than chance explains. */
export function changedAbandonments(old: readonly StressDocument[], current: StressDocument): OutcomeChange[] {
  return current.runs.flatMap(run => run.scenarios.flatMap(scenario => {
    const where = scenarioTitle(run, scenario);
    const before = sumOf(old.flatMap(({ runs }) => runs.flatMap(each => sameKernel(each, run).filter(other => other.scenario === scenario.scenario).map(killsOf))));
    const now = killsOf(scenario);
    return isByChance(before, now) ? [] : [{ where, old: toText(before), current: toText(now) }];
  }));
}

function sameKernel(each: KernelRun, run: KernelRun): readonly ScenarioReport[] {
  return each.kernel === run.kernel ? each.scenarios : [];
}

function killsOf({ faults, abandonments }: ScenarioReport): Kills {
  return { kills: faults.filter(({ fault }) => isDeadly(fault)).length, abandonments };
}

function sumOf(all: readonly Kills[]): Kills {
  return all.reduce((sum, { kills, abandonments }) => ({ kills: sum.kills + kills, abandonments: sum.abandonments + abandonments }), { kills: 0, abandonments: 0 });
}

/** Whether two proportions may be one. */
function isByChance(one: Kills, other: Kills): boolean {
  const { kills, abandonments } = sumOf([one, other]);
  const together = abandonments / kills;
  if (one.kills === 0 || other.kills === 0 || together <= 0 || together >= 1) return true;
  const deviation = Math.sqrt(together * (1 - together) * (1 / one.kills + 1 / other.kills));
  return Math.abs(one.abandonments / one.kills - other.abandonments / other.kills) <= BY_CHANCE * deviation;
}

function toText({ kills, abandonments }: Kills): string {
  return `${abandonments} abandonments of ${kills} kills`;
}
